"""What somebody changes of the own account, written into the journal of each condominium they belong to."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.dispatch import Signal

from premises import journal
from premises.models import Membership, User

ADDED = {
    Authenticator.Type.TOTP: "account.app_added",
    Authenticator.Type.WEBAUTHN: "account.passkey_added",
    Authenticator.Type.RECOVERY_CODES: "account.recovery_codes_made",
}
REMOVED = {
    Authenticator.Type.TOTP: "account.app_removed",
    Authenticator.Type.WEBAUTHN: "account.passkey_removed",
    Authenticator.Type.RECOVERY_CODES: "account.recovery_codes_removed",
}


def note(user: User, action: str, **data: object) -> None:
    """Into each condominium's journal that it was done, never what: no password, no secret, no address."""
    mine = Membership.objects.filter(user=user).order_by("condominium").values_list("condominium", flat=True)
    for condominium_id in mine.distinct():
        journal.record(condominium_id, action, actor=user, subject=user.get_username(), data=data)


def listen() -> None:
    """Hear of what the library of the sign-in does."""
    for signal, action in (
        (account.password_changed, "account.password_changed"),
        (account.password_set, "account.password_changed"),
        (account.password_reset, "account.password_reset"),
        (account.email_changed, "account.email_changed"),
    ):
        _hear(signal, action)
    factors.authenticator_added.connect(_added, dispatch_uid="account.added")
    factors.authenticator_removed.connect(_removed, dispatch_uid="account.removed")
    factors.authenticator_reset.connect(_added, dispatch_uid="account.reset")


def _hear(signal: Signal, action: str) -> None:
    def heard(user: User, **_signal: Any) -> None:
        note(user, action)

    signal.connect(heard, weak=False, dispatch_uid=f"{action} {id(signal)}")


def _added(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    note(user, ADDED[authenticator.type])


def _removed(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    note(user, REMOVED[authenticator.type])
