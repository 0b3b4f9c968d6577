"""The manager's first page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from access.looking import looked_through
from access.models import Lane
from access.plate_html import plate
from access.shown import COLOURS, WORDS
from cameras.models import Camera
from gates.models import Controller
from portal import chart, today
from premises.grants import grants


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the user's role lets them see of today, added to the theme's context."""
    held = grants(request)
    if seen := held.of("passages.view"):
        looked_through(seen, by=request.user)  # type: ignore[arg-type]
        context |= _passages(seen)
    if own := held.of("devices.view"):
        context |= _devices(own)
    if own := held.of("registry.change"):
        context["concerns"] = [*context.get("concerns", []), *today.proposals(own)]
    if held.of("devices.change") or getattr(request.user, "is_superuser", False):
        context["begin"] = _begin(held.of("devices.change"))
    return context


def _begin(own: frozenset[int]) -> str:
    """The address of the set-up, where no lane is switched on yet."""
    watched = Lane.objects.filter(condominium_id__in=own, is_active=True)
    return "" if watched.exists() else reverse("setup:begin")


def _passages(ids: frozenset[int]) -> dict[str, Any]:
    found = today.figures(ids)
    rows = today.latest(ids)
    for row in rows:
        row.plate_drawn = plate(row.shown_plate)
        row.colour, row.words = COLOURS.get(row.outcome, "info"), WORDS.get(row.outcome, row.outcome)
    return {
        "figures": found,
        "hours": chart.hours(found.by_hour),
        "chart": {"width": chart.WIDTH, "height": chart.HEIGHT, "step": chart.STEP},
        "outcomes": [(outcome, WORDS[outcome]) for outcome in chart.STACK],
        "latest": rows,
    }


def _devices(ids: frozenset[int]) -> dict[str, Any]:
    cameras = list(Camera.objects.filter(condominium_id__in=ids).select_related("recorder"))
    controllers = list(Controller.objects.filter(condominium_id__in=ids))
    return {
        "devices": today.devices(cameras, controllers),
        "concerns": today.concerns(ids, cameras, controllers),
    }
