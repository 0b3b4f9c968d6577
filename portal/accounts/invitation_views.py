"""The pages behind an invitation's link."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from portal.accounts import invitations
from portal.accounts.forms import NewAccount, OwnPassword
from portal.models import Invitation
from premises.models import User

KEY = "invitation"


def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail. The token goes into the session, and so out of addresses and of what they are sent to."""
    request.session[KEY] = token
    return HttpResponseRedirect(reverse("account_invitation"))


@method_decorator(
    [sensitive_post_parameters("password1", "password2"), rate_limit(action="invitation")], name="dispatch"
)
class InvitationView(View):
    """Accept: by a new account, or as the one that there is."""

    invitation: Invitation
    account: User | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = invitations.find(request.session.get(KEY, ""))
        if found is None:
            return render(request, "portal/accounts/invitation_gone.html", status=410)
        self.invitation, self.account = found, invitations.account_of(found)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if self._step() in ("sign_in", "another") or (form is not None and not form.is_valid()):
            return self._page(form)
        try:
            return self._accept(form)
        except invitations.InvitationError as problem:
            return self._page(form, problem=problem.message)

    def _accept(self, form: NewAccount | OwnPassword | None) -> HttpResponse:
        if isinstance(form, NewAccount):
            user = invitations.accept_as_new(self.invitation, **form.account())
        else:
            user = self.request.user  # type: ignore[assignment]
            invitations.accept(self.invitation, user, password=form.cleaned_data["password1"] if form else "")
        self.request.session.pop(KEY, None)
        login = Login(user=user, email=self.invitation.email, redirect_url=reverse("account_home"))
        response: HttpResponse = perform_login(self.request, login)
        return response

    def _step(self) -> str:
        """What the invited is to do next: new, sign_in, another (sign out first), password, or accept."""
        user = self.request.user
        if user.is_authenticated and user != self.account:
            return "another"
        if self.account is None:
            return "new"
        if not user.is_authenticated:
            return "sign_in"
        return "accept" if invitations.is_confirmed(self.account, self.invitation) else "password"

    def _form(self, data: Any) -> NewAccount | OwnPassword | None:
        step = self._step()
        if step == "new":
            return NewAccount(data, email=self.invitation.email)
        return OwnPassword(data, user=self.account) if step == "password" else None

    def _page(self, form: Any, problem: Any = "") -> HttpResponse:
        context = {"invitation": self.invitation, "step": self._step(), "form": form, "problem": problem}
        return render(self.request, "portal/accounts/invitation.html", context, status=400 if problem else 200)
