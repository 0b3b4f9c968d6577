"""What is known of a gate, in a sentence. Never "opened" without evidence, never "is open": it may have closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from gates.models import GateCommand
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


def words(command: GateCommand | None, now: datetime) -> GateWords:
    if command is None or now - command.requested_at > LATELY:
        return GateWords("info", _("No opening lately."), command.requested_at if command else None)
    at = command.confirmed_at or command.pulsed_at or command.ended_at or command.requested_at
    return GateWords(_tone(command.state), _sentence(command), at, _by(command))


def _sentence(command: GateCommand) -> str:
    if command.state in UNDER_WAY:
        return _("Asked to open; waiting for the gate.")
    if command.state in NOT_MOVED:
        return _("Did not open: %(why)s") % {"why": _why(command)}
    if command.state == State.CONFIRMED:
        return _("Opened, seen by the position switch.")
    if command.gate.has_position_switch:
        return _("Told to open; the position switch has not seen it move.")
    return _("Told to open. This gate cannot say whether it moved.")


def _why(command: GateCommand) -> str:
    """Without the details: they are for who mends it."""
    return str(dict(Problem.choices).get(command.problem, command.problem))


def _tone(state: Any) -> str:
    if state in NOT_MOVED:
        return "refuse"
    return "open" if state == State.CONFIRMED else "ask"


def _by(command: GateCommand) -> str:
    """Who asked, where it was a person or a program."""
    return f"{command.requested_by_name}: {command.reason}" if command.requested_by_id else ""
