"""What passed today, and what the gates did."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import ExtractHour
from django.utils import timezone

from access.models import Detection, Passage
from access.reasons import Outcome, Reason
from gates.models import GateCommand
from gates.states import MOVED, NOT_MOVED, State
from premises.journal import SYSTEM

LATEST = 8
# Reasons shown one by one; the rest is one more.
REASONS = 6


@dataclass
class Figures:
    """Numbers of the day, and of its hours by outcome."""

    passages: int = 0
    opened: int = 0
    refused: int = 0
    asked: int = 0
    unknown: int = 0
    by_hour: dict[int, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Openings:
    """What was asked of the gates today, and what became of it."""

    moved: int = 0
    by_hand: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Why:
    """A reason for which nobody was let in, and a bar for it, of a hundred."""

    reason: str
    words: str
    count: int
    width: int


def midnight() -> datetime:
    """The beginning of today, in the time of the page."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def figures(ids: Iterable[int]) -> Figures:
    rows = (
        Passage.objects.filter(condominium_id__in=ids, opened_at__gte=midnight())
        .annotate(hour=ExtractHour("opened_at"))
        .order_by()
        .values_list("hour", "outcome", "reason")
        .annotate(number=Count("pk"))
    )
    found = Figures()
    for hour, outcome, reason, number in rows:
        _count(found, hour, outcome, reason, number)
    return found


def _count(found: Figures, hour: int, outcome: str, reason: str, number: int) -> None:
    found.passages += number
    found.opened += number if outcome == Outcome.OPEN else 0
    found.refused += number if outcome == Outcome.REFUSE else 0
    found.asked += number if outcome == Outcome.ASK else 0
    found.unknown += number if reason == Reason.UNKNOWN_PLATE else 0
    if outcome in (Outcome.REFUSE, Outcome.ASK):
        found.reasons[reason] = found.reasons.get(reason, 0) + number
    hours = found.by_hour.setdefault(hour, {})
    hours[outcome] = hours.get(outcome, 0) + number


def latest(ids: Iterable[int]) -> list[Any]:
    """The last passages, each with its picture's id and how far its gate command came."""
    kept = Detection.objects.filter(passage=OuterRef("pk")).exclude(frame="").order_by("-score")
    commands = GateCommand.objects.filter(passage_id=OuterRef("pk")).order_by("-requested_at")
    rows: list[Any] = list(
        Passage.objects.filter(condominium_id__in=ids)
        .select_related("lane", "decision")
        .annotate(picture_id=Subquery(kept.values("pk")[:1]), gate_state=Subquery(commands.values("state")[:1]))[
            :LATEST
        ]
    )
    for row in rows:
        row.gate_words = State(row.gate_state).label if row.gate_state else ""
    return rows


def openings(ids: Iterable[int]) -> Openings:
    today = GateCommand.objects.filter(condominium_id__in=ids, requested_at__gte=midnight())
    moved = Q(state__in=MOVED)
    return Openings(
        **today.aggregate(
            moved=Count("pk", filter=moved),
            by_hand=Count("pk", filter=moved & ~Q(requested_by_name=SYSTEM)),
            lost=Count("pk", filter=Q(state__in=NOT_MOVED)),
        )
    )


def whys(reasons: dict[str, int]) -> list[Why]:
    """The most frequent reasons, the first first."""
    words = dict(Reason.choices)
    ranked = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))[:REASONS]
    most = max((count for _reason, count in ranked), default=1)
    return [Why(code, str(words.get(code, code)), count, max(1, 100 * count // most)) for code, count in ranked]
