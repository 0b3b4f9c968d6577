"""What happened in a condominium in some days: counted by the database, never row by row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from access.models import Lane, Passage
from access.pulse_times import Times, times_of
from access.reading_shares import SURE, Shares
from access.reasons import Outcome, Reason
from gates.models import GateCommand
from gates.states import MOVED, NOT_MOVED
from premises.journal import SYSTEM
from premises.models import Condominium

# A report over more is asked for year by year.
MOST_DAYS = 366
# Rows that are told one by one; how many more there were is told beside them.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a condominium's own time, both ends counted."""

    first: date
    last: date
    zone: str

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, ZoneInfo(self.zone))


Counts = dict[str, int]


@dataclass(frozen=True)
class LaneShares:
    lane: str
    shares: Shares


@dataclass(frozen=True)
class PeriodFigures:
    """`days` and `hours` count passages by outcome; `reasons` those that were not opened for, the most frequent first.

    `by_hand` and `watched` are the latest of `by_hand_total` and `watched_total`.
    """

    days: list[tuple[date, Counts]]
    hours: list[tuple[int, Counts]]
    reasons: list[tuple[str, int]]
    automatic: int
    not_moved: int
    by_hand: list[GateCommand]
    by_hand_total: int
    watched: list[Passage]
    watched_total: int
    corrected: int
    dismissed: int
    lanes: list[LaneShares]
    pulse: Times

    def of(self, *outcomes: str) -> int:
        return sum(counts.get(outcome, 0) for _day, counts in self.days for outcome in outcomes)

    @property
    def passages(self) -> int:
        return sum(sum(counts.values()) for _day, counts in self.days)

    @property
    def unknown(self) -> int:
        return dict(self.reasons).get(Reason.UNKNOWN_PLATE, 0)


def figures_of(condominium: Condominium, period: Period) -> PeriodFigures:
    """All of it, in a handful of queries, however long the period is."""
    seen = Passage.objects.filter(condominium=condominium, opened_at__gte=period.begins, opened_at__lt=period.ends)
    asked = GateCommand.objects.filter(
        condominium=condominium, requested_at__gte=period.begins, requested_at__lt=period.ends
    )
    by_hand = asked.exclude(requested_by_name=SYSTEM)
    watched = seen.filter(reason=Reason.WATCHLISTED)
    days, hours, reasons = _counted(seen, period)
    return PeriodFigures(
        days,
        hours,
        reasons,
        **asked.aggregate(
            automatic=Count("pk", filter=Q(requested_by_name=SYSTEM, state__in=MOVED)),
            not_moved=Count("pk", filter=Q(state__in=NOT_MOVED)),
        ),
        by_hand=list(by_hand.select_related("gate").order_by("-requested_at")[:LISTED]),
        by_hand_total=by_hand.count(),
        watched=list(watched.select_related("lane").order_by("-opened_at")[:LISTED]),
        watched_total=watched.count(),
        **_reviewed(seen),
        lanes=_lanes(condominium, seen),
        pulse=times_of(seen),
    )


def _counted(
    seen: QuerySet[Passage], period: Period
) -> tuple[list[tuple[date, Counts]], list[tuple[int, Counts]], list[tuple[str, int]]]:
    zone = ZoneInfo(period.zone)
    decided = seen.exclude(outcome="").order_by()
    by_day = decided.annotate(part=TruncDate("opened_at", tzinfo=zone))
    by_hour = decided.annotate(part=ExtractHour("opened_at", tzinfo=zone))
    days = _grouped(by_day.values_list("part", "outcome").annotate(number=Count("pk")))
    hours = _grouped(by_hour.values_list("part", "outcome").annotate(number=Count("pk")))
    refused = decided.filter(outcome__in=(Outcome.REFUSE, Outcome.ASK)).values_list("reason")
    reasons = refused.annotate(number=Count("pk")).order_by("-number", "reason")
    return (
        [(day, days.get(day, {})) for day in period.days],
        [(hour, hours.get(hour, {})) for hour in range(24)],
        list(reasons),
    )


def _grouped(rows: Iterable[tuple[object, str, int]]) -> dict[object, Counts]:
    found: dict[object, Counts] = {}
    for part, outcome, number in rows:
        found.setdefault(part, {})[outcome] = number
    return found


def _reviewed(seen: QuerySet[Passage]) -> dict[str, int]:
    """Of those that were not opened for: which vehicle it was, somebody said; or that it was none of ours."""
    shut = seen.filter(outcome__in=(Outcome.REFUSE, Outcome.ASK), reviewed_at__isnull=False)
    return shut.aggregate(
        corrected=Count("pk", filter=Q(vehicle__isnull=False)), dismissed=Count("pk", filter=Q(vehicle=None))
    )


def _lanes(condominium: Condominium, seen: QuerySet[Passage]) -> list[LaneShares]:
    names = dict(Lane.objects.filter(condominium=condominium).values_list("pk", "name"))
    rows = seen.exclude(outcome="").order_by().values_list("lane").annotate(**SURE)
    found = [LaneShares(names[lane], Shares(*counts)) for lane, *counts in rows]
    return sorted(found, key=lambda each: each.lane)
