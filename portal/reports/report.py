"""A report: the figures of a period in the words of who reads it. What each kind of file is written from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from access.periods import LISTED, Period, PeriodFigures, figures_of
from access.reasons import Outcome, Reason
from access.shown import WORDS
from premises.models import Condominium

# From the bottom of a column to its top, and in tables from left to right.
STACK = (Outcome.OPEN, Outcome.RECORD, Outcome.ASK, Outcome.REFUSE)
Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Table:
    """Cells as they are: numbers, days and times stay such. `note` says what was left out."""

    title: str
    heads: list[str]
    rows: list[list[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Report:
    condominium: Condominium
    period: Period
    made_by: str
    made_at: datetime
    figures: PeriodFigures

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.period.zone)

    @property
    def span(self) -> str:
        first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (self.period.first, self.period.last))
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def zone_words(self) -> str:
        return self.condominium.get_time_zone_display()


def make(condominium: Condominium, period: Period, made_by: str) -> Report:
    at = timezone.now().astimezone(ZoneInfo(period.zone))
    return Report(condominium, period, made_by, at, figures_of(condominium, period))


def number(value: float, digits: int = 0) -> str:
    return str(number_format(value, digits, force_grouping=True))


def shown(value: Cell) -> str:
    """A cell for a page that is read, not reckoned with."""
    if isinstance(value, datetime):
        return f"{date_format(value, 'SHORT_DATE_FORMAT')} {value:%H:%M:%S}"
    if isinstance(value, date):
        return str(date_format(value, "SHORT_DATE_FORMAT"))
    if value is None:
        return "–"
    return value if isinstance(value, str) else number(value)


def percent(part: float | None) -> str:
    return "–" if part is None else f"{number(100 * part, 1)} %"


def tiles(report: Report) -> list[tuple[int, str]]:
    """The few numbers that everybody asks for first."""
    found = report.figures
    return [
        (found.passages, _("passages")),
        (found.of(Outcome.OPEN), _("let in")),
        (found.of(Outcome.REFUSE), _("not let in")),
        (found.of(Outcome.ASK), _("needed the guard")),
        (found.unknown, _("unknown plates")),
        (found.by_hand_total, _("openings by hand")),
    ]


def tables(report: Report) -> list[Table]:
    makers: list[Callable[[Report], Table]] = [openings, lanes, reasons, by_hand, watched, days, hours]
    return [maker(report) for maker in makers]


def openings(report: Report) -> Table:
    found, pulse = report.figures, report.figures.pulse
    rows: list[list[Cell]] = [
        [_("gates opened by plate"), found.automatic],
        [_("openings by hand"), found.by_hand_total],
        [_("openings that did not reach the gate"), found.not_moved],
        [_("missed openings that were corrected"), found.corrected],
        [_("refusals that were looked at and right"), found.dismissed],
        [_("from the picture to the pulse: half took no longer than (ms)"), pulse.p50],
        [_("from the picture to the pulse: 95 of 100 took no longer than (ms)"), pulse.p95],
        [_("openings measured for that"), pulse.count],
    ]
    return Table(_("Openings"), [_("what"), _("number")], rows)


def lanes(report: Report) -> Table:
    rows: list[list[Cell]] = [
        [each.lane, each.shares.decided, each.shares.sure, each.shares.doubtful, each.shares.corrected,
         percent(each.shares.part)]
        for each in report.figures.lanes
    ]  # fmt: skip
    heads = [_("lane"), _("passages"), _("read surely"), _("in doubt"), _("corrected"), _("share read surely")]
    return Table(_("Reading quality"), heads, rows)


def reasons(report: Report) -> Table:
    words = dict(Reason.choices)
    rows: list[list[Cell]] = [[str(words.get(reason, reason)), count] for reason, count in report.figures.reasons]
    return Table(_("Why it was not opened"), [_("reason"), _("passages")], rows)


def by_hand(report: Report) -> Table:
    found = report.figures
    rows: list[list[Cell]] = [
        [
            _local(report, each.requested_at),
            each.gate.name,
            each.requested_by_name,
            each.reason,
            each.get_state_display(),
        ]
        for each in found.by_hand
    ]
    heads = [_("when"), _("gate"), _("asked by"), _("reason"), _("what became of it")]
    return Table(_("Openings by hand"), heads, rows, _left_out(found.by_hand_total))


def watched(report: Report) -> Table:
    found = report.figures
    rows: list[list[Cell]] = [
        [_local(report, each.opened_at), each.lane.name, each.shown_plate] for each in found.watched
    ]
    heads = [_("when"), _("lane"), _("plate")]
    return Table(_("Plates of the watch-list"), heads, rows, _left_out(found.watched_total))


def days(report: Report) -> Table:
    return _by_outcome(_("By day"), _("day"), report.figures.days)


def hours(report: Report) -> Table:
    named = [(f"{hour:02} h", counts) for hour, counts in report.figures.hours]
    return _by_outcome(_("By hour of the day"), _("hour"), named)


def _by_outcome(title: str, head: str, counted: Any) -> Table:
    rows: list[list[Cell]] = [
        [name, sum(counts.values()), *(counts.get(outcome, 0) for outcome in STACK)] for name, counts in counted
    ]
    return Table(title, [head, _("passages"), *(str(WORDS[outcome]) for outcome in STACK)], rows)


def _left_out(total: int) -> str:
    if total <= LISTED:
        return ""
    words = _("The latest %(shown)s of %(total)s are listed.")
    return words % {"shown": number(LISTED), "total": number(total)}


def _local(report: Report, at: datetime) -> datetime:
    return at.astimezone(report.zone)
