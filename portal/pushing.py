"""Notifications to browsers (web push, RFC 8030, 8291 and 8292), where the installation has keys for it."""

import json
import logging
from typing import Any

from django.conf import settings
from pywebpush import WebPushException, webpush
from requests import RequestException

from portal.models import PushSubscription
from premises.models import User

logger = logging.getLogger("portal")

GONE = frozenset({404, 410})
SECONDS = 5
# News of an arrival is no news after this.
KEPT_SECONDS = 600


def is_configured() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY and settings.VAPID_PUBLIC_KEY)


def push(user: User, message: dict[str, Any]) -> int:
    """Tell all of a user's browsers; returns how many took it. Those that are gone are dropped."""
    if not is_configured():
        return 0
    return sum(_sent(each, json.dumps(message)) for each in PushSubscription.objects.filter(user=user))


def _sent(subscription: PushSubscription, text: str) -> bool:
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    try:
        webpush(
            {"endpoint": subscription.endpoint, "keys": keys},
            text,
            vapid_private_key=settings.VAPID_PRIVATE_KEY,
            vapid_claims={"sub": settings.VAPID_CONTACT},
            timeout=SECONDS,
            ttl=KEPT_SECONDS,
            headers={"urgency": "high"},
        )
    except WebPushException as error:
        _failed(subscription, error.status_code)
        return False
    except RequestException as error:
        logger.warning("A push service cannot be reached: %s", type(error).__name__)
        return False
    return True


def _failed(subscription: PushSubscription, status: int | None) -> None:
    """A browser that took its word back is forgotten; anything else may work next time."""
    if status in GONE:
        subscription.delete()
        return
    logger.warning("A push service answered %s", status)
