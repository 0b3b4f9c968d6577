"""For how long a passage is kept. Pure: no clock, no database.

A passage is of one class, and by the condominium's policy a class has so many days.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from access.permitting import PermitKind
from access.reasons import Reason


class Kept(TextChoices):
    """The classes, those kept shortest first."""

    STRANGERS = "strangers", _("strangers")
    VISITORS = "visitors", _("visitors")
    REGISTERED = "registered", _("registered")
    INCIDENTS = "incidents", _("incidents")


# A permit that lasts no longer is a visitor's.
VISIT = timedelta(days=31)
# Decisions that somebody will want to look into.
INCIDENTS = frozenset({Reason.WATCHLISTED, Reason.CLONE_TIME, Reason.CLONE_COLOUR})


@dataclass(frozen=True, slots=True)
class PassageFacts:
    """`watched`: on the watch-list by now. `visitor`: let in by a short permit, or having no longer one."""

    reason: str = ""
    watched: bool = False
    registered: bool = False
    visitor: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    strangers: int
    visitors: int
    registered: int
    incidents: int

    def of(self, kept: Kept) -> timedelta:
        return timedelta(days=getattr(self, kept))

    @property
    def shortest(self) -> timedelta:
        return min(map(self.of, Kept))


def class_of(facts: PassageFacts) -> Kept:
    if facts.watched or facts.reason in INCIDENTS:
        return Kept.INCIDENTS
    if not facts.registered:
        return Kept.STRANGERS
    return Kept.VISITORS if facts.visitor else Kept.REGISTERED


def is_visit(kind: str | None, begins: datetime | None, ends: datetime | None) -> bool:
    """Whether a permit is a visitor's, by its kind or by how long it lasts."""
    if kind == PermitKind.VISITOR:
        return True
    return begins is not None and ends is not None and ends - begins <= VISIT


def ends_at(kept: Kept, last_seen_at: datetime, days: Days) -> datetime:
    """From when on a passage is kept no longer."""
    return last_seen_at + days.of(kept)
