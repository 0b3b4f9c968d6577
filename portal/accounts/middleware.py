"""What every request of somebody signed in goes through."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from portal.accounts import activity, second_factor

# What a manager without a second factor can reach: what is needed to set one up, to read it, and to leave.
REACHABLE = frozenset(
    {
        "account_home",
        "account_logout",
        "account_login",
        "account_reauthenticate",
        "account_inactive",
        "account_invitation",
        "account_invitation_link",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "set_language",
        "health",
        "admin:logout",
        "admin:jsi18n",
    }
)
PROGRAMS = "/api/"
ACCOUNTS = "/accounts/"


class SecondFactorRequired:
    """Leads who must have a second factor and has none to where it is set up. A page that is not named is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and match.view_name in REACHABLE:
            return None
        return _stopped(request) if second_factor.is_missing(request) else None


def _stopped(request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith(PROGRAMS):
        message = _("Set up a second factor first.")
        return JsonResponse({"message": message, "code": "second_factor_missing"}, status=403)
    return HttpResponseRedirect(reverse("mfa_index"))


class NotKept:
    """No browser keeps a page of the account: secrets stand there, and the gatehouse's computer is everybody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(ACCOUNTS):
            add_never_cache_headers(response)
        return response


class SessionSeen:
    """Notes for the list of sessions where each was seen last, at most so often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            activity.note(request)
        return self.get_response(request)
