"""The manager's first page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.looking import looked_through
from access.models import Lane
from access.plate_html import plate
from access.rehearsals import with_latest
from access.shown import COLOURS, WORDS
from cameras.models import Camera
from gates.models import Controller
from portal import chart
from portal.columns import FOOT, HEIGHT, WIDTH
from portal.overview import concerns, devices, passages, rehearsed, storage, trends
from portal.overview.shortened import Shortened
from premises.grants import Grants, grants

MOST_CONCERNS = 30


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the user's role lets them see of today, added to the theme's context."""
    held = grants(request)
    work: list[concerns.Concern] = []
    if seen := held.of("passages.view"):
        looked_through(seen, by=request.user)  # type: ignore[arg-type]
        context |= _passages(seen)
        work += concerns.lost(context["openings"].lost)
        kept = storage.storage(seen)
        work += concerns.missed(kept.missed) if held.of("passages.change") else []
        context["storage"] = kept if held.of("privacy.view") else None
    if own := held.of("devices.view"):
        found, of_devices = _devices(own)
        context |= found
        work = [*of_devices, *work]
    if own := held.of("registry.change"):
        context["proposed"] = concerns.proposed(own)
        work += context["proposed"].concerns
    return context | {
        "concerns": Shortened(work, MOST_CONCERNS),
        "begin": _begin(request, held, context.get("lanes", [])),
    }


def _begin(request: HttpRequest, held: Grants, lanes: list[Lane]) -> str:
    """The address of the set-up, for who may set up, where no lane is switched on yet."""
    may = held.of("devices.change") or getattr(request.user, "is_superuser", False)
    return "" if not may or any(lane.is_active for lane in lanes) else reverse("setup:begin")


def _passages(ids: frozenset[int]) -> dict[str, Any]:
    found = passages.figures(ids)
    rows = passages.latest(ids)
    for row in rows:
        row.plate_drawn = plate(row.shown_plate)
        row.colour, row.words = COLOURS.get(row.outcome, "info"), WORDS.get(row.outcome, row.outcome)
    return {
        "figures": found,
        "openings": passages.openings(ids),
        "whys": passages.whys(found.reasons),
        "hours": chart.hours(found.by_hour),
        "chart": {"width": chart.WIDTH, "height": chart.HEIGHT, "step": chart.STEP},
        "outcomes": [(outcome, WORDS[outcome]) for outcome in chart.STACK],
        "latest": rows,
        "trends": trends.trends(ids),
        "quality_series": list(zip(trends.QUALITY, trends.WORDS, strict=True)),
        "pulse_series": [("p95", _("milliseconds"))],
        "half": {"width": trends.HALF, "height": HEIGHT, "foot": HEIGHT + FOOT},
        "whole": {"width": WIDTH, "height": HEIGHT, "foot": HEIGHT + FOOT},
    }


def _devices(ids: frozenset[int]) -> tuple[dict[str, Any], list[concerns.Concern]]:
    cameras = list(Camera.objects.filter(condominium_id__in=ids).select_related("recorder"))
    controllers = list(Controller.objects.filter(condominium_id__in=ids))
    rows = Lane.objects.filter(condominium_id__in=ids).select_related("camera", "gate__controller", "condominium")
    lanes = list(with_latest(rows))
    shown = {
        "lanes": lanes,
        "devices": devices.devices(lanes, cameras, controllers),
        "rehearsed": rehearsed.rehearsed(lanes),
    }
    work = concerns.concerns(ids, lanes, cameras, controllers)
    return shown, [*work, *rehearsed.concerns(lanes, timezone.now())]
