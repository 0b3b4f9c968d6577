"""What is known of a gate. Never "opened" without evidence; where it stands, only while its contacts say so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from gates.contacts import position_of
from gates.models import Gate, GateCommand
from gates.positions import Position
from gates.problems import Problem
from gates.states import NOT_MOVED, UNDER_WAY, State

# After so long an opening says nothing of the gate any more.
LATELY = timedelta(minutes=2)


@dataclass(frozen=True)
class GateWords:
    """`tone` is one of open, refuse, ask, info: it chooses the colour; the sentence says the same."""

    tone: str
    sentence: str
    at: datetime | None = None
    by: str = ""
    stands: Any = ""


def words(gate: Gate, command: GateCommand | None, now: datetime) -> GateWords:
    """What became of the last opening, and in `stands` where the gate is now, while its contacts say so."""
    stands = _stands(gate, now)
    if command is None or now - command.requested_at > LATELY:
        at = command.requested_at if command else None
        return GateWords("info", _("No opening lately."), at, stands=stands)
    at = command.confirmed_at or command.pulsed_at or command.ended_at or command.requested_at
    return GateWords(_tone(command.state), _sentence(command), at, _by(command), stands)


def _stands(gate: Gate, now: datetime) -> Any:
    position = position_of(gate, now)
    return "" if position is Position.UNKNOWN else _("now %(position)s") % {"position": position.label}


def _sentence(command: GateCommand) -> str:
    if command.state in UNDER_WAY:
        return _("Asked to open; waiting for the gate.")
    if command.state == State.STOOD_OPEN:
        return _("Not needed: the gate was held open.")
    if command.state in NOT_MOVED:
        return _("Did not open: %(why)s") % {"why": _why(command)}
    if command.state == State.CONFIRMED:
        return _("Opened, seen by the position switch.")
    if command.state == State.UNANSWERED:
        return _("Told to open. This board gives no answer: look whether the gate moves.")
    if command.gate.has_position_switch:
        return _("Told to open; the position switch has not seen it move.")
    return _("Told to open. This gate cannot say whether it moved.")


def _why(command: GateCommand) -> str:
    """Without the details: they are for who mends it."""
    return str(dict(Problem.choices).get(command.problem, command.problem))


def _tone(state: Any) -> str:
    if state in NOT_MOVED:
        return "refuse"
    return "open" if state in (State.CONFIRMED, State.STOOD_OPEN) else "ask"


def _by(command: GateCommand) -> str:
    """Who asked, where it was a person or a program."""
    return f"{command.requested_by_name}: {command.reason}" if command.requested_by_id else ""
