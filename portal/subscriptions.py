"""Browsers that asked for notifications: taken in after a look at their address, dropped when they are gone."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.models import PushSubscription
from premises.models import User

LONGEST = 500
MOST = 10  # of one user: the oldest goes
KEY_BYTES = {"p256dh": 65, "auth": 16}


def subscribe(user: User, told: Any) -> PushSubscription:
    """Take in what `PushManager.subscribe` gave a browser. Raises `ValidationError`.

    The server will send to this address, so that only known push services are taken: anybody could name an address of
    our own network otherwise.
    """
    endpoint = told.get("endpoint") if isinstance(told, Mapping) else None
    keys = told.get("keys") if isinstance(told, Mapping) else None
    if not isinstance(endpoint, str) or not is_push_service(endpoint) or not isinstance(keys, Mapping):
        raise ValidationError(_("This browser's notifications cannot be reached from here."))
    values = {name: _key(keys.get(name), size) for name, size in KEY_BYTES.items()}
    row, _is_new = PushSubscription.objects.update_or_create(
        endpoint_digest=digest_of(endpoint), defaults={"user": user, "endpoint": endpoint, **values}
    )
    old = PushSubscription.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[MOST:]
    PushSubscription.objects.filter(pk__in=list(old)).delete()
    return row


def unsubscribe(user: User, endpoint: str) -> None:
    PushSubscription.objects.filter(user=user, endpoint_digest=digest_of(endpoint)).delete()


def is_push_service(endpoint: str) -> bool:
    """Whether an address is one of a push service that we know, spoken to over TLS."""
    if len(endpoint) > LONGEST:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = any(host == each or (each.startswith(".") and host.endswith(each)) for each in settings.PUSH_SERVICES)
    return parts.scheme == "https" and known and port in (None, 443) and parts.username is None


def digest_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _key(value: Any, size: int) -> str:
    """A key in base64 for addresses, of that many bytes."""
    try:
        data = base64.urlsafe_b64decode(f"{value}{'=' * (-len(str(value)) % 4)}")
    except (binascii.Error, ValueError):
        data = b""
    if not isinstance(value, str) or len(data) != size:
        raise ValidationError(_("This browser's notifications cannot be reached from here."))
    return value
