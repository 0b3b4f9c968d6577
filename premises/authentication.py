"""Who is asking: API clients by token, people by session; what they may ask; how often."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from premises.clients import find_client
from premises.models import ApiClient, User
from premises.tenancy import allows

KEYWORDS = (b"token", b"bearer")
KINDS: dict[type, str] = {ApiClient: "client", User: "user"}


class ClientTokenAuthentication(BaseAuthentication):
    """`Authorization: Token <token>`; `Bearer` is understood too."""

    def authenticate(self, request: Request) -> tuple[ApiClient, str] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in KEYWORDS:
            return None
        token = words[1].decode("latin-1") if len(words) == 2 else ""
        client = find_client(token)
        if client is None:
            raise AuthenticationFailed(_("This token is not known or no longer valid."))
        return client, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class HasTenantPermission(BasePermission):
    """The view's `permission` (a word of `premises.roles.Permission`), held in some condominium.

    A view that names none is refused: whoever forgets to say who may pass lets nobody pass.
    Which rows are seen is the view's `restrict`.
    """

    def has_permission(self, request: Request, view: object) -> bool:
        wanted: Any = getattr(view, "permission", None)
        permission = wanted(request.method) if callable(wanted) else wanted
        return isinstance(permission, str) and allows(request.user, permission)


class ClientThrottle(SimpleRateThrottle):
    """A rate for each client or user; who is neither is counted by address."""

    scope = "client"

    def get_cache_key(self, request: Request, view: object) -> str:
        who: Any = request.user
        # By class, not by type: a session's user is wrapped in a lazy object.
        kind = next((name for known, name in KINDS.items() if isinstance(who, known)), None)
        ident = f"{kind}-{who.pk}" if kind else f"address-{self.get_ident(request)}"
        return str(self.cache_format % {"scope": self.scope, "ident": ident})
