"""What the faces keep for themselves: nothing that decides."""

from portal.models.alarms import Alarm
from portal.models.duty import Note, Shift, TurnedAway
from portal.models.invitation import Invitation
from portal.models.notices import AnswerNotice, Notice
from portal.models.preferences import Preferences
from portal.models.subscriptions import PushSubscription

__all__ = [
    "Alarm",
    "AnswerNotice",
    "Invitation",
    "Note",
    "Notice",
    "Preferences",
    "PushSubscription",
    "Shift",
    "TurnedAway",
]
