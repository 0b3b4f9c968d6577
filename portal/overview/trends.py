"""Four weeks at a glance: how surely each lane reads, and how soon its gate pulses. Counted beforehand, by a task."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.lane_days import SPAN
from access.models import LaneDay
from access.reading_shares import Shares
from portal.columns import Column, columns

QUALITY = ("sure", "doubtful", "corrected")
WORDS = (gettext_lazy("read surely"), gettext_lazy("in doubt"), gettext_lazy("corrected by a person"))
# Charts on the page; the lanes that read worst come first.
MOST_LANES = 4
HALF = 520


@dataclass(frozen=True)
class Chart:
    id: str
    title: str
    note: str
    columns: list[Column]


@dataclass(frozen=True)
class Trends:
    """`left_out` lanes have no chart of their own; `p95` is None where nothing was measured today."""

    quality: list[Chart]
    left_out: int
    pulse: Chart | None
    p95: int | None
    pulses: int


def trends(ids: Iterable[int]) -> Trends:
    """One query for all of it, as many rows as lanes have days."""
    today = timezone.localdate()
    span = [today - timedelta(days=number) for number in reversed(range(SPAN))]
    rows = list(LaneDay.objects.filter(condominium_id__in=ids, day__gte=span[0]).select_related("lane"))
    lanes = sorted(_lanes(rows, span), key=lambda each: (each[0], each[1].title))
    now = [row for row in rows if row.day == today]
    return Trends(
        [chart for _part, chart in lanes[:MOST_LANES]],
        max(0, len(lanes) - MOST_LANES),
        _pulse(rows, span),
        max((row.p95_ms for row in now if row.p95_ms is not None), default=None),
        sum(row.pulses for row in now),
    )


def _lanes(rows: Iterable[LaneDay], span: list[date]) -> list[tuple[float, Chart]]:
    by_lane: dict[Any, list[LaneDay]] = {}
    for row in rows:
        by_lane.setdefault(row.lane, []).append(row)
    return [found for lane, days in by_lane.items() if (found := _quality(lane, days, span))]


def _quality(lane: Any, rows: list[LaneDay], span: list[date]) -> tuple[float, Chart] | None:
    """The chart of a lane, and its share that was read surely; None where nothing passed there."""
    by_day = {row.day: Shares(row.decided, row.sure, row.corrected) for row in rows}
    decided, sure = (sum(getattr(each, name) for each in by_day.values()) for name in ("decided", "sure"))
    whole = Shares(decided, sure)
    if whole.part is None:
        return None
    counts = [(_day(day), _counts(by_day.get(day, Shares()))) for day in span]
    note = _("%(share)s %% of %(number)s passages were read surely.") % {
        "share": number_format(100 * whole.part, 1),
        "number": number_format(decided, 0, force_grouping=True),
    }
    return whole.part, Chart(f"quality-{lane.pk}", str(lane), note, columns(counts, QUALITY, HALF))


def _counts(shares: Shares) -> dict[str, int]:
    return {name: getattr(shares, name) for name in QUALITY}


def _pulse(rows: Iterable[LaneDay], span: list[date]) -> Chart | None:
    """Of each day the slowest lane; None where no opening was measured in all of it."""
    slowest: dict[date, int] = {}
    pulses = 0
    for row in rows:
        pulses += row.pulses
        if row.p95_ms is not None:
            slowest[row.day] = max(slowest.get(row.day, 0), row.p95_ms)
    if not slowest:
        return None
    counts = [(_day(day), {"p95": slowest.get(day, 0)}) for day in span]
    note = _("In milliseconds: 95 of 100 openings took no longer, at the slowest lane of the day. %(number)s measured.")
    number = number_format(pulses, 0, force_grouping=True)
    return Chart("pulse", _("From the picture to the pulse"), note % {"number": number}, columns(counts, ("p95",)))


def _day(day: date) -> str:
    return str(date_format(day, "d/m"))
