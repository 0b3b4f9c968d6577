"""What the faces keep for themselves."""

from portal.models.notices import Notice
from portal.models.preferences import Preferences
from portal.models.subscriptions import PushSubscription

__all__ = ["Notice", "Preferences", "PushSubscription"]
