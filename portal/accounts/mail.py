"""Mail that cannot be sent: said, never swallowed."""

import logging
import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger("portal.accounts")

# What a mail server that is not there, not ours or not willing raises.
FAILURES = (OSError, smtplib.SMTPException)


class NotConfiguredError(OSError):
    """No mail server is named."""


class NoMail(BaseEmailBackend):
    """Stands in where EMAIL_URL is missing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise NotConfiguredError("EMAIL_URL is missing")


def sent(message: EmailMessage) -> bool:
    """Send; False where it failed, which the log says without what was in it."""
    try:
        message.send()
    except FAILURES as problem:
        log.error("a mail could not be sent: %s", type(problem).__name__)
        return False
    return True
