"""The account's own pages, beside those of allauth."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.usersessions.internal.flows import sessions as session_flow
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import second_factor
from portal.accounts.browsers import described
from premises.models import Membership


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Who one is here: roles in words, and the ways to the other pages."""
    user: Any = request.user
    memberships = Membership.objects.filter(user=user).select_related("condominium", "person__unit")
    context = {
        "memberships": memberships.order_by("condominium__name", "role"),
        "has_second_factor": second_factor.has_one(request.user.pk),
        "must_have_second_factor": second_factor.is_required(request),
        "sessions": UserSession.objects.filter(user_id=request.user.pk).count(),
    }
    return render(request, "portal/accounts/home.html", context)


class SecondFactorView(IndexView):  # type: ignore[misc]
    """The second factors, and whether one is missing that the role needs."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        return context | {"second_factor_missing": second_factor.is_missing(self.request)}


# Only what ends sessions asks who it is again.
@method_decorator(
    [login_required, reauthentication_required(allow_get=True, app="allauth.usersessions")],
    name="dispatch",
)
class SessionsView(ListUserSessionsView):  # type: ignore[misc]
    """Where the account is signed in; a POST ends all the others."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        rows: list[UserSession] = sorted(context["sessions"], key=lambda row: row.last_seen_at, reverse=True)  # type: ignore[call-overload]
        context["sessions"] = [(row, described(row.user_agent)) for row in rows]
        return context


@require_POST
@login_required
@reauthentication_required(app="allauth.usersessions")  # type: ignore[untyped-decorator]
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of the own account."""
    row = get_object_or_404(UserSession, pk=pk, user_id=request.user.pk)
    session_flow.end_sessions(request, [row])
    messages.success(request, _("That session is ended."))
    return HttpResponseRedirect(reverse("usersessions_list"))


@require_POST
@login_required
@reauthentication_required(app="allauth.usersessions")  # type: ignore[untyped-decorator]
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    session_flow.end_sessions(request, list(UserSession.objects.filter(user_id=request.user.pk)))
    messages.success(request, _("You are signed out everywhere."))
    return HttpResponseRedirect(reverse("account_login"))
