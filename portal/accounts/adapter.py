"""How allauth is to behave here."""

import time
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from encrypted_fields.fields import EncryptedTextField

from portal.accounts import journalled
from portal.accounts.mail import sent
from portal.accounts.refusals import OF_ACCOUNTS, OF_SECOND_FACTORS
from portal.front import address_of
from premises.models import User

WAITED_FOR = frozenset(
    f"account/email/{name}" for name in ("login_code", "password_reset_key", "email_confirmation", "unknown_account")
)


def display_name(user: User) -> str:
    return user.get_full_name() or user.get_username()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {**DefaultAccountAdapter.error_messages, **OF_ACCOUNTS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from invitations and from managers only."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failed passwords are counted by axes, by account and address together: so nobody else's guesses lock
        a guard out."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in is not asked again for the same."""
        return not _signed_in_lately(self.request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Where nothing can be sent, whoever waits for it is told. A notice that gets lost holds up nobody."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        if not sent(message) and template_prefix in WAITED_FOR:
            messages.error(self.request, _("The e-mail could not be sent. Tell whoever runs this installation."))
            raise ImmediateHttpResponse(HttpResponseRedirect(self.request.get_full_path()))


def _signed_in_lately(request: HttpRequest) -> bool:
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    return bool(times) and time.time() - max(times) < app_settings.REAUTHENTICATION_TIMEOUT


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, encrypted at rest like all other secrets."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        **OF_SECOND_FACTORS,
    }

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Cancela"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("My passkey")


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Sessions that their owner ends are ended with a word in the journal."""

    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        super().end_sessions(sessions)
        if sessions:
            journalled.note(sessions[0].user, "account.sessions_ended", sessions=len(sessions))


@cache
def _keys() -> Fernet | MultiFernet:
    keys: Fernet | MultiFernet = EncryptedTextField().f
    return keys
