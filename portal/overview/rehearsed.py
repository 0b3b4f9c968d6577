"""What the last rehearsal of each lane found: a link that is broken, or that all of them hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from access.rehearsal_words import broken_of
from access.rehearsals import was_missed
from portal.overview.concerns import Concern
from portal.overview.shortened import Shortened
from premises.templatetags.cancela import moment

# The most that are shown.
MOST = 30


@dataclass(frozen=True)
class Rehearsed:
    """A lane's last rehearsal. `broken` says the first link that does not hold; empty where all do."""

    lane: str
    at: datetime
    broken: str
    address: str


def rehearsed(lanes: Iterable[Any]) -> Shortened[Rehearsed]:
    """Of the lanes of `rehearsals.with_latest` those that were rehearsed, the broken ones first."""
    found = [
        Rehearsed(lane.name, lane.rehearsed_at, broken_of(lane.rehearsed_links), _address(lane))
        for lane in lanes
        if lane.is_active and lane.rehearsed_at
    ]
    return Shortened(sorted(found, key=lambda each: (not each.broken, each.lane)), MOST)


def concerns(lanes: Iterable[Any], now: datetime) -> list[Concern]:
    """Broken links; and lanes of which nobody knows any more, because their rehearsals stopped coming."""
    return [*map(_broken, filter(_is_broken, lanes)), *(_missed(lane) for lane in lanes if _is_missed(lane, now))]


def _is_broken(lane: Any) -> bool:
    return bool(lane.is_active and lane.rehearsal_broken)


def _is_missed(lane: Any, now: datetime) -> bool:
    held = lane.gate and (lane.gate.on_hold or lane.condominium.gates_on_hold)
    return bool(lane.is_active and not held and was_missed(lane.rehearsed_at, now))


def _broken(lane: Any) -> Concern:
    known = {"lane": lane, "at": moment(lane.rehearsed_at), "broken": broken_of(lane.rehearsed_links)}
    return Concern(_("%(lane)s did not pass its rehearsal of %(at)s. %(broken)s") % known, _address(lane))


def _missed(lane: Any) -> Concern:
    text = _("%(lane)s was not rehearsed since %(at)s: does the timetable run?")
    return Concern(text % {"lane": lane, "at": moment(lane.rehearsed_at)}, _address(lane))


def _address(lane: Any) -> str:
    return reverse("admin:access_lane_change", args=[lane.pk])
