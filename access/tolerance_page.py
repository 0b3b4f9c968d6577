"""A lane's button: what each policy would cost here, as a chart, before one is chosen."""

from dataclasses import dataclass
from math import log10
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.estimating import Row, Tolerance, estimate
from access.models import Lane
from access.policies import Policy
from premises import pages
from premises.roles import Permission
from premises.theme import action

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


class TolerancePage:
    """For the admin pages of lanes. Nothing is changed by looking."""

    def has_estimating_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.CHANGE_DEVICES))

    @action(description=_("Tolerance"), icon="balance", permissions=["estimating"])
    def tolerance(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        lane: Lane = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return pages.show(
            request,
            "access/tolerance.html",
            title=_("Tolerance: %(lane)s") % {"lane": lane},
            back=reverse("admin:access_lane_change", args=[lane.pk]),
            **(_shown(lane) if request.method == "POST" else {}),
        )


def _shown(lane: Lane) -> dict[str, Any]:
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
