"""Four weeks at a glance: how surely each lane reads, and how soon its gate pulses. Counted beforehand, by a task."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

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


class Row(NamedTuple):
    """What is asked of a lane's day."""

    lane: int
    lane__name: str
    day: date
    decided: int
    sure: int
    corrected: int
    pulses: int
    p95_ms: int | None


def trends(ids: Iterable[int]) -> Trends:
    """One query for all of it, as many rows as lanes have days."""
    today = timezone.localdate()
    span = [today - timedelta(days=number) for number in reversed(range(SPAN))]
    kept = LaneDay.objects.filter(condominium_id__in=ids, day__gte=span[0])
    rows = [Row(*each) for each in kept.order_by().values_list(*Row._fields)]
    lanes = _lanes(rows)
    now = [row for row in rows if row.day == today]
    return Trends(
        [_chart(lane, span) for lane in lanes[:MOST_LANES]],
        max(0, len(lanes) - MOST_LANES),
        _pulse(rows, span),
        max((row.p95_ms for row in now if row.p95_ms is not None), default=None),
        sum(row.pulses for row in now),
    )


def _lanes(rows: Iterable[Row]) -> list[list[Row]]:
    """The days of each lane that anything passed, those that read worst first."""
    by_lane: dict[int, list[Row]] = {}
    for row in rows:
        by_lane.setdefault(row.lane, []).append(row)
    return sorted((days for days in by_lane.values() if _whole(days).decided), key=_rank)


def _rank(days: list[Row]) -> tuple[float, str]:
    return _whole(days).part or 0.0, days[0].lane__name


def _whole(days: list[Row]) -> Shares:
    return Shares(sum(row.decided for row in days), sum(row.sure for row in days))


def _chart(days: list[Row], span: list[date]) -> Chart:
    by_day = {row.day: Shares(row.decided, row.sure, row.corrected) for row in days}
    whole = _whole(days)
    counts = [(_day(day), _counts(by_day.get(day, Shares()))) for day in span]
    note = _("%(share)s %% of %(number)s passages were read surely.") % {
        "share": number_format(100 * (whole.part or 0.0), 1),
        "number": number_format(whole.decided, 0, force_grouping=True),
    }
    return Chart(f"quality-{days[0].lane}", days[0].lane__name, note, columns(counts, QUALITY, HALF))


def _counts(shares: Shares) -> dict[str, int]:
    return {name: getattr(shares, name) for name in QUALITY}


def _pulse(rows: Iterable[Row], span: list[date]) -> Chart | None:
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
