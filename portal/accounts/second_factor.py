"""Who must sign in with two factors, and who does."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from premises.grants import grants
from premises.roles import Permission

# Recovery codes alone are no second factor: they stand in for one that was lost.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing(request: HttpRequest) -> bool:
    """Whether the request's user may go no further before a second factor is set up."""
    return is_required(request) and not has_one(request.user.pk)


def is_required(request: HttpRequest) -> bool:
    """Of superusers, and of whoever may let others in: managers."""
    if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    return request.user.is_superuser or grants(request).allow(Permission.CHANGE_ACCOUNTS)


def has_one(user_id: int | None) -> bool:
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=KINDS).exists())
