"""The sixth step: the gate is opened once, by the road that every opening takes, and what came of it is told."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from access import openings
from access.models import Lane
from gates.models import GateCommand
from gates.shown import COMMAND_COLOURS, controller_label, steps, why_not
from gates.states import MOVED, UNDER_WAY, State
from portal.setup.entering import lane_of, show, user_of
from portal.setup.steps import Sitting
from premises.grants import grants
from premises.roles import Permission

# The board is heard, or has no way to say that it is there.
THERE = ("online", "unknown")


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    lane = lane_of(sitting)
    if lane.gate is None or lane.gate.controller is None:
        return HttpResponseRedirect(sitting.address("gate"))
    may = grants(request).allow(Permission.OPEN_GATES, lane.condominium_id)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        openings.open_gate(lane.gate, by=user_of(request), reason=_("Test pulse of the set-up"), lane=lane)
        return HttpResponseRedirect(request.path)
    return show(request, sitting, "pulse", next=sitting.address("vehicles"), may=may, **_state(lane))


def _state(lane: Lane) -> dict[str, Any]:
    """The board as it is heard now, and the gate's last opening by hand with every step it took."""
    gate = lane.gate
    if gate is None or gate.controller is None:
        raise ValueError(f"{lane} has no gate that anything moves")
    code, words = controller_label(gate.controller)
    command = GateCommand.objects.filter(gate=gate, passage_id=None).order_by("-requested_at").first()
    told = _told(command) if command else {}
    waits = code not in THERE or bool(command and command.state in UNDER_WAY)
    return {"gate": gate, "board": gate.controller, "online": code in THERE, "words": words, "waits": waits, **told}


def _told(command: GateCommand) -> dict[str, Any]:
    state = State(command.state)
    return {
        "command": command,
        "colour": COMMAND_COLOURS[state],
        "steps": steps(command),
        "moved": state in MOVED,
        "confirmed": state == State.CONFIRMED,
        "under_way": state in UNDER_WAY,
        "why": why_not(command),
    }
