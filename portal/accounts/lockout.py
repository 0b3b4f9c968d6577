"""Whose password is being guessed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from premises.models import User

# Where sign-in, admin and API put what somebody calls themselves.
FIELDS = ("username", "email", "login")


def account_meant(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """One name for one account, for counting: its user name, also where its e-mail or other capitals were typed."""
    said = next((str(value) for value in _said(request, credentials) if value), "").strip()
    found = User.objects.filter(username__iexact=said) | User.objects.filter(email__iexact=said)
    usernames = found.order_by("pk").values_list("username", flat=True)[:1] if said else ()
    return next(iter(usernames), said.lower())[:255]


def _said(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> list[Any]:
    source: Mapping[str, Any] = credentials or (request.POST if request is not None else {})
    return [source.get(name) for name in FIELDS]
