"""How controllers and commands are shown to a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from gates.contacts import is_obstructed, position_of
from gates.hearing import Hearing, hearing
from gates.models import Controller, Gate, GateCommand, StandingOrder
from gates.order_states import Standing
from gates.positions import Position
from gates.problems import Problem
from gates.stands import on_board, wanted
from gates.states import MOVED, State
from premises.theme import Label

# Colours of the labels. The words say the same.
COMMAND_COLOURS = {
    State.REQUESTED: "info",
    State.SENT: "info",
    State.ACCEPTED: "info",
    State.PULSED: "success",
    State.CONFIRMED: "success",
    State.STOOD_OPEN: "info",
    State.REFUSED: "danger",
    State.EXPIRED: "warning",
    State.FAILED: "danger",
    State.UNANSWERED: "warning",
}
CONTROLLER_COLOURS: dict[str, str] = {
    **dict.fromkeys(Hearing, "danger"),
    Hearing.ONLINE: "success",
    Hearing.UNTOLD: "info",
}

POSITION_COLOURS = {
    Position.UNKNOWN: "info",
    Position.OPEN: "success",
    Position.CLOSED: "info",
    Position.BETWEEN: "warning",
    Position.NOT_OPEN: "info",
    Position.NOT_CLOSED: "success",
    Position.FAULT: "danger",
    "obstructed": "warning",
}


def position_label(gate: Gate) -> Label:
    """Where the gate stands, as far as anybody knows now."""
    if is_obstructed(gate):
        return Label("obstructed", _("something in the way"))
    position = position_of(gate)
    return Label(position, position.label)


def controller_label(controller: Controller | None) -> Label:
    """A colour's name and the words, as the theme's labels want them."""
    heard = hearing(controller)
    return Label(heard.code, heard.words)


STANDING_COLOURS = {"free": "success", "open": "warning", "locked": "danger", "untold": "danger"}


def standing_label(gate: Gate) -> Label:
    """What stands at the gate until further notice; and whether its controller heeds it, where that is known."""
    standing, seen = wanted(gate), on_board(gate)
    if standing == Standing.FREE and seen in (None, Standing.FREE):
        return Label("free", _("no order"))
    if seen == standing:
        return Label(str(standing), _told(gate, standing))
    if gate.controller is not None and not gate.controller.is_signed:
        return Label(str(standing), _("locked here; its board knows nothing of it"))
    return Label("untold", _("%(standing)s, not heeded yet") % {"standing": standing.label})


def told(order: StandingOrder | None) -> str:
    """What a controller was told, when, and what became of it; with the reason where it came to nothing."""
    if order is None:
        return ""
    said = f"{_time(order.sent_at)} · {order.get_standing_display()} · {order.get_state_display()}"
    return f"{said}: {order.get_problem_display()}" if order.problem else said


def _time(moment: datetime, how: str = "H:i:s") -> str:
    return date_format(timezone.localtime(moment), how)


def _told(gate: Gate, standing: Standing) -> Any:
    if standing != Standing.OPEN or gate.standing_until is None:
        return standing.label
    return _("held open until %(time)s") % {"time": _time(gate.standing_until, "H:i")}


def told_in_journal(data: dict[str, Any]) -> str:
    """What a journal entry of a command says beside its step: why it was asked for, or why it failed."""
    said = dict(Problem.choices).get(data.get("problem", ""), "") or data.get("reason", "")
    if "until" in data:
        until = _time(datetime.fromisoformat(data["until"]), "H:i")
        return str(_("until %(time)s: %(reason)s") % {"time": until, "reason": said})
    return str(said or (_("relay %(number)s") % {"number": data["relay"]} if "relay" in data else ""))


def why_not(command: GateCommand) -> str:
    """Why a command did not open its gate, in a sentence; empty where it did, or still may."""
    known = dict(Problem.choices)
    sentence = str(known.get(command.problem, command.problem))
    return f"{sentence} ({command.problem_detail})" if command.problem_detail else sentence


@dataclass(frozen=True)
class Step:
    """A step of a command's life; `at` is None where it was not reached."""

    name: Any
    at: datetime | None
    after_ms: int | None


def steps(command: GateCommand) -> list[Step]:
    """The life of a command, each step with its time and the milliseconds since it was asked for."""
    times: list[tuple[Any, datetime | None]] = [
        (_("requested"), command.requested_at),
        (_("sent"), command.sent_at),
        (_("accepted by the controller"), command.accepted_at),
        (_("relay pulsed"), command.pulsed_at),
        (_("seen open by the position switch"), command.confirmed_at),
    ]
    if command.state not in MOVED and command.ended_at is not None:
        times.append((command.get_state_display(), command.ended_at))
    return [Step(name, at, _milliseconds(command, at)) for name, at in times]


def _milliseconds(command: GateCommand, at: datetime | None) -> int | None:
    return None if at is None else round((at - command.requested_at).total_seconds() * 1000)
