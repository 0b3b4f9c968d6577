"""Capture to pulse: from the picture that decided to the relay's pulse, as the server heard of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery

from access.models import Passage
from access.reasons import Outcome
from gates.models import GateCommand


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of `count` openings; half and nineteen of twenty took no longer. None where there was none."""

    count: int = 0
    p50: int | None = None
    p95: int | None = None


def times_of(seen: QuerySet[Passage]) -> Times:
    """Of passages those that were opened for by plate, and whose gate pulsed. Sorted by the database, row by row."""
    pulsed = GateCommand.objects.filter(pk=OuterRef("decision__command_id")).values("pulsed_at")[:1]
    rows: Any = seen.filter(outcome=Outcome.OPEN).annotate(
        took=ExpressionWrapper(
            Subquery(pulsed, output_field=DateTimeField()) - F("decision__detection__taken_at"),
            output_field=DurationField(),
        )
    )
    took = rows.filter(took__isnull=False).order_by("took").values_list("took", flat=True)
    count = took.count()
    return Times(count, _at(took, count, 50), _at(took, count, 95)) if count else Times()


def _at(took: Any, count: int, percent: int) -> int:
    """The nearest rank: no value that was not measured."""
    found: timedelta = took[max(0, -(-count * percent // 100) - 1)]
    return round(found / timedelta(milliseconds=1))
