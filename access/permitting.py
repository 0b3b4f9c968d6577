"""Whether a known vehicle may pass here and now: its permits, where it is, and what the condominium allows. Pure.

Whoever is inside may always leave: a permit that ended must not lock its vehicle in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from access import hours
from access.hours import OnHolidays, Window
from access.reasons import Reason

Facts = dict[str, Any]


class PermitKind(TextChoices):
    RESIDENT = "resident", _("resident")
    VISITOR = "visitor", _("visitor")
    SERVICE = "service", _("service provider")


class Passback(TextChoices):
    """What happens when a vehicle that is inside comes in once more."""

    OFF = "off", _("off: it is let in")
    SOFT = "soft", _("soft: it is let in, and noted")
    HARD = "hard", _("hard: it is not let in")


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """No `lanes`: all of them. No `windows`: every hour. Times are aware; None is without limit.

    `used_at`: when the one entry of a `single` permit was made.
    """

    id: int
    lanes: frozenset[int] = frozenset()
    lane_names: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    windows: tuple[Window, ...] = ()
    on_holidays: str = OnHolidays.SAME
    kind: str = PermitKind.RESIDENT
    host: str = ""
    holder: str = ""
    single: bool = False
    used_at: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        return not self.begins_after(now) and not self.ended_by(now)

    def begins_after(self, now: datetime) -> bool:
        return self.valid_from is not None and now < self.valid_from

    def ended_by(self, now: datetime) -> bool:
        return self.valid_until is not None and now >= self.valid_until

    def covers(self, lane_id: int) -> bool:
        return not self.lanes or lane_id in self.lanes

    @property
    def is_used(self) -> bool:
        return self.single and self.used_at is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a vehicle is, as far as it was seen, and its unit's places.

    `inside_since`: when it was let in, where it was not seen to leave since. `occupied`: the plates of the unit's
    other vehicles that are inside; `places` None is without limit.
    """

    inside_since: datetime | None = None
    places: int | None = None
    occupied: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.inside_since is None and len(self.occupied) >= self.places


UNSEEN = Standing()


@dataclass(frozen=True, slots=True)
class Here:
    """The lane, the time, and what holds for everybody. `local` is `now` on the condominium's clock."""

    lane_id: int
    now: datetime
    local: datetime
    leaves: bool = False
    passback: str = Passback.OFF
    locked_down: bool = False
    holidays: Mapping[date, str] | None = None

    def in_hours(self, permit: PermitFacts) -> bool:
        return hours.holds(permit.windows, permit.on_holidays, self.local, self.holidays)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`facts` is plain JSON. The permit is that by which the vehicle may pass."""

    reason: Reason
    facts: Facts
    permit: PermitFacts | None = None

    @property
    def opens(self) -> bool:
        return self.reason in OPENING


OPENING = frozenset({Reason.PERMITTED, Reason.LEAVING})


def judge(permits: tuple[PermitFacts, ...], standing: Standing, here: Here) -> Judgement:
    """May a vehicle with these permits pass?"""
    granting = next((permit for permit in permits if _grants(permit, here)), None)
    if here.leaves:
        return Judgement(Reason.PERMITTED if granting else Reason.LEAVING, {}, granting)
    if here.locked_down:
        return Judgement(Reason.LOCKED_DOWN, {})
    if granting is None:
        return _why_not(permits, here)
    return _inside(granting, standing, here)


def _grants(permit: PermitFacts, here: Here) -> bool:
    in_time = permit.holds_at(here.now) and here.in_hours(permit)
    return in_time and permit.covers(here.lane_id) and not permit.is_used


def _inside(permit: PermitFacts, standing: Standing, here: Here) -> Judgement:
    """What a vehicle that may come in still meets: itself inside, or its unit's places taken."""
    since = {"inside_since": standing.inside_since.isoformat()} if standing.inside_since else {}
    if since and here.passback == Passback.HARD:
        return Judgement(Reason.ALREADY_INSIDE, since)
    if permit.kind == PermitKind.RESIDENT and standing.is_full:
        return Judgement(Reason.UNIT_FULL, {"places": standing.places, "occupied": list(standing.occupied)})
    return Judgement(Reason.PERMITTED, since if here.passback == Passback.SOFT else {}, permit)


def _why_not(permits: tuple[PermitFacts, ...], here: Here) -> Judgement:
    """The obstacle that lies nearest: of permits that hold today the hour or the lane, else that they hold no more."""
    in_time = [permit for permit in permits if permit.holds_at(here.now)]
    here_too = [permit for permit in in_time if permit.covers(here.lane_id)]
    if used := [permit.used_at for permit in here_too if permit.is_used and permit.used_at]:
        return Judgement(Reason.USED, {"used": max(used).isoformat()})
    if here_too:
        return _out_of_hours(here_too, here)
    if in_time:
        names = {name for permit in in_time for name in permit.lane_names}
        return Judgement(Reason.OTHER_LANE, {"lanes": sorted(names)})
    return _out_of_time(permits, here)


def _out_of_hours(permits: list[PermitFacts], here: Here) -> Judgement:
    today = (here.holidays or {}).get(here.local.date())
    if today is not None and any(permit.on_holidays == OnHolidays.NEVER for permit in permits):
        return Judgement(Reason.HOLIDAY, {"holiday": today})
    windows = [window for permit in permits for window in permit.windows]
    return Judgement(Reason.OUT_OF_HOURS, {"hours": [window.told() for window in windows]})


def _out_of_time(permits: tuple[PermitFacts, ...], here: Here) -> Judgement:
    if coming := [each.valid_from for each in permits if each.valid_from and each.begins_after(here.now)]:
        return Judgement(Reason.NOT_YET, {"since": min(coming).isoformat()})
    if ended := [each.valid_until for each in permits if each.valid_until and each.ended_by(here.now)]:
        return Judgement(Reason.EXPIRED, {"until": max(ended).isoformat()})
    return Judgement(Reason.NO_PERMIT, {})
