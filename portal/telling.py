"""Telling a person something: by e-mail and by notification, each as they want it, in their own language and time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.accounts.mail import sent
from portal.models import Preferences
from premises.models import Condominium, User


@contextmanager
def as_read_by(wanted: Preferences, condominium: Condominium) -> Iterator[None]:
    """Words in their language, times by their condominium's clock."""
    language = wanted.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(str(condominium.time_zone)):
        yield


def address_of(path: str) -> str:
    """A page's whole address; empty where the site does not know its own."""
    return f"{settings.SITE_ADDRESS}{path}" if settings.SITE_ADDRESS else ""


def mail(user: User, subject: str, template: str, said: dict[str, Any]) -> bool:
    """Send; False where there is no address, or where it failed, which the log says."""
    if not user.email:
        return False
    body = render_to_string(template, said)
    return sent(EmailMessage(" ".join(subject.split()), body, to=[user.email]))
