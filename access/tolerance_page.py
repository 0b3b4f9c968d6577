"""The page of a lane's tolerance: what each policy would cost here, as a chart, before one is chosen."""

from dataclasses import dataclass
from math import log10
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.estimating import Row, Tolerance, estimate
from access.models import Lane
from access.policies import Policy

COUNT = 300  # plates drawn for each figure: a page has seconds, not minutes
WIDEST = 200  # of a bar, in units of the chart
PAIRS = 20


@dataclass(frozen=True)
class Bar:
    """A policy in the chart: strangers on a scale of powers of ten, those who wait on an even one."""

    words: str
    chosen: bool
    row: Row
    strangers: int
    waiting: int

    @classmethod
    def of(cls, row: Row) -> "Bar":
        words = _("%(n)d of 7") % {"n": row.agreeing} if row.policy == Policy.AGREEING else Policy(row.policy).label
        powers = log10(1 + row.estimate.strangers) / 6
        return cls(str(words), row.chosen, row, round(WIDEST * powers), round(WIDEST * row.estimate.waiting / 1000))


def shown(request: HttpRequest, lane: Lane) -> dict[str, Any]:
    """What the page shows of the lane; nothing is changed by looking."""
    try:
        found: Tolerance = estimate(lane, timezone.now(), COUNT)
    except ValueError:
        return {"problem": _("No Brazilian plate is registered here.")}
    return {
        "tolerance": found,
        "bars": [Bar.of(row) for row in found.rows],
        "pairs": found.alike[:PAIRS],
        "more": max(0, len(found.alike) - PAIRS),
        "widest": WIDEST,
    }
