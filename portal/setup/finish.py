"""The last step: the lane is switched on, and the first vehicle awaited."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from access import lanes
from access.models import Lane, Passage, Vehicle
from access.plate_html import plate
from access.shown import COLOURS, WORDS
from gates.models import GateCommand
from gates.states import State
from portal.setup.entering import lane_of, show, user_of
from portal.setup.steps import Sitting
from premises.tenant_forms import MOST_CHOICES

LATEST = 3


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    lane = lane_of(sitting)
    if request.method == "POST":
        _switch_on(request, lane)
        return HttpResponseRedirect(request.path)
    return show(
        request,
        sitting,
        "finish",
        lane=lane,
        left=[step for step in sitting.steps("finish") if not step.done and not step.current],
        vehicles=Vehicle.objects.filter(condominium=lane.condominium_id).count(),
        others=Lane.objects.filter(condominium=lane.condominium_id).exclude(pk=lane.pk)[:MOST_CHOICES],
        passages=_passages(lane) if lane.is_active else [],
    )


def _switch_on(request: HttpRequest, lane: Lane) -> None:
    try:
        lanes.switch_on(lane, by=user_of(request))
    except ValidationError as problem:
        for text in problem.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("The lane is switched on."))


def _passages(lane: Lane) -> list[Passage]:
    """The first vehicles that came, each with what its gate did."""
    rows = list(Passage.objects.filter(lane=lane).select_related("decision").order_by("-opened_at")[:LATEST])
    commands = dict(
        GateCommand.objects.filter(passage_id__in=[row.pk for row in rows]).values_list("passage_id", "state")
    )
    for row in rows:
        shown: dict[str, object] = {
            "plate_drawn": plate(row.shown_plate),
            "colour": COLOURS.get(row.outcome, "info"),
            "words": WORDS.get(row.outcome, row.outcome),
            "gate_words": State(commands[row.pk]).label if row.pk in commands else "",
        }
        row.__dict__.update(shown)
    return rows
