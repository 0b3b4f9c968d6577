"""When lanes are rehearsed: once a day, at an hour at which hardly anybody comes, one after another."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from access.models import Lane, Rehearsal
from access.rehearsing import STALLED, is_on_hold

# From two to five at night, on the condominium's own clock: begun in the first hour and a half, and made up for
# in the rest by a server that was away.
QUIET = (2, 5)
SPREAD_MINUTES = 90
STEP_MINUTES = 7


def due(now: datetime) -> Iterator[tuple[Lane, date]]:
    """The lanes whose turn has come and that were not rehearsed on this day of theirs, with that day."""
    lanes = Lane.objects.filter(is_active=True).select_related("condominium", "gate").order_by("pk")
    for lane in lanes:
        local = now.astimezone(ZoneInfo(lane.condominium.time_zone))
        if _is_its_turn(lane, local) and not is_on_hold(lane) and not _was_begun(lane, local.date(), now):
            yield lane, local.date()


def _is_its_turn(lane: Lane, local: datetime) -> bool:
    begins, ends = QUIET
    minutes = (local.hour - begins) * 60 + local.minute
    return begins <= local.hour < ends and minutes >= lane.pk * STEP_MINUTES % SPREAD_MINUTES


def _was_begun(lane: Lane, day: date, now: datetime) -> bool:
    mine = Rehearsal.objects.filter(lane=lane, day=day)
    return mine.exclude(ended_at=None, begun_at__lt=now - STALLED).exists()
