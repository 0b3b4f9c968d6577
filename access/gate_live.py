"""A gate as it is now: what stands in the way of opening it, its lanes, and what became of its last openings.

Who adds something to say of the gate's state adds a function to `NOTES`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from access.models import Lane, Passage, Rehearsal
from access.reasons import Reason
from access.rehearsals import latest_of
from access.whereabouts import entry_of
from cameras.shown import HEALTH_COLOURS
from gates.contacts import is_obstructed, position_of
from gates.hearing import hearing
from gates.models import Gate, GateCommand
from gates.order_states import Standing
from gates.positions import Position
from gates.shown import COMMAND_COLOURS, POSITION_COLOURS, STANDING_COLOURS, Step, standing_label, steps, told, why_not
from gates.states import NOT_MOVED, State
from premises.theme import Label

COMMANDS = 10
# Whoever was held back as being inside so lately is offered to be forgiven.
HELD_BACK = timedelta(hours=24)
MOST_HELD_BACK = 5
# So long after a pulse the board may still say that its switch saw the gate open.
CONFIRMS = timedelta(seconds=20)
SIGNS = {"success": "●", "danger": "✕", "warning": "!", "info": "○"}


@dataclass(frozen=True)
class Note:
    """Something to know before one presses a button. `tone` is a colour's name; the sign beside it says the same."""

    tone: str
    text: str

    @property
    def sign(self) -> str:
        return SIGNS[self.tone]


# --- state ----------------------------------------------------------------------------------------------


def _silent(gate: Gate, now: datetime) -> Iterator[Note]:
    heard = hearing(gate.controller, now)
    if heard.is_red:
        yield Note("danger", heard.sentence)


def _held(gate: Gate, now: datetime) -> Iterator[Note]:
    for whole, what in (
        (gate.condominium, _("All gates of the condominium are stopped.")),
        (gate, _("It is stopped.")),
    ):
        held = whole.on_hold if isinstance(whole, Gate) else whole.gates_on_hold
        if held:
            yield _ordered("danger", what, whole.held_by, whole.held_because)


def _ordered(tone: str, what: str, by: str, why: str) -> Note:
    """What somebody ordered, with who and why where that is known."""
    return Note(tone, _("%(what)s By %(name)s: %(why)s") % {"what": what, "name": by, "why": why} if by else what)


def _obstructed(gate: Gate, now: datetime) -> Iterator[Note]:
    if is_obstructed(gate, now):
        yield Note("danger", _("Something stands in its way: it does not open while that is so."))


def _locked_down(gate: Gate, now: datetime) -> Iterator[Note]:
    if gate.condominium.locked_down:
        yield Note("warning", _("The condominium is locked down: nobody is let in by plate."))


def _standing(gate: Gate, now: datetime) -> Iterator[Note]:
    """Locked down or held open, by whom and why; and that its board does not heed it, where that is so."""
    code, what = standing_label(gate)
    if code == "free":
        return
    row: Any = gate if gate.standing != Standing.FREE else gate.condominium
    by, why = (row.standing_by, row.standing_because) if row is gate else (row.locked_by, row.locked_because)
    yield _ordered(STANDING_COLOURS[code], f"{capfirst(str(what))}.", by, why)


def _blind(gate: Gate, now: datetime) -> Iterator[Note]:
    if hearing(gate.controller, now).is_red or position_of(gate, now) is not Position.UNKNOWN:
        return
    yield Note("info", _("It has no position switch that says where it stands: look at it."))


NOTES: tuple[Callable[[Gate, datetime], Iterable[Note]], ...] = (
    _silent,
    _held,
    _obstructed,
    _locked_down,
    _standing,
    _blind,
)


def told_last(gate: Gate) -> str:
    """The last order until further notice that its controller was given, and what became of it."""
    return told(gate.orders.first())


def notes(gate: Gate, now: datetime) -> list[Note]:
    return [note for each in NOTES for note in each(gate, now)]


def position(gate: Gate, now: datetime) -> dict[str, Any]:
    """Where it stands, in a word and a colour; known only while its board is heard."""
    stands = position_of(gate, now)
    tone = POSITION_COLOURS[stands]
    since = gate.position_at if stands is not Position.UNKNOWN else None
    return {"word": stands.label, "tone": tone, "sign": SIGNS[tone], "since": since}


# --- lanes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LaneShown:
    lane: Lane
    camera: Label
    camera_tone: str
    rehearsal: Rehearsal | None


def lanes(gate: Gate) -> list[LaneShown]:
    rows = list(Lane.objects.filter(gate=gate).select_related("camera"))
    latest = {row.lane_id: row for row in latest_of([lane.pk for lane in rows])}
    return [
        LaneShown(
            lane,
            Label(lane.camera.health, lane.camera.get_health_display()),
            HEALTH_COLOURS.get(lane.camera.health, "info"),  # type: ignore[call-overload]
            latest.get(lane.pk),
        )
        for lane in rows
    ]


# --- openings -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepShown:
    """`between` is in milliseconds, from the step before that was reached."""

    step: Step
    between: int | None


@dataclass(frozen=True)
class CommandShown:
    command: GateCommand
    tone: str
    steps: list[StepShown]
    why: str
    passage: str

    @property
    def sign(self) -> str:
        return SIGNS[self.tone]


def commands(gate: Gate, now: datetime) -> list[CommandShown]:
    rows = GateCommand.objects.filter(gate=gate).order_by("-requested_at")[:COMMANDS]
    return [_command(row, gate, now) for row in rows]


def _command(row: GateCommand, gate: Gate, now: datetime) -> CommandShown:
    row.gate = gate
    passage = reverse("admin:access_passage_change", args=[row.passage_id]) if row.passage_id else ""
    return CommandShown(row, COMMAND_COLOURS[State(row.state)], list(_reached(row)), _why(row, now), passage)


def _reached(row: GateCommand) -> Iterator[StepShown]:
    before: int | None = None
    for step in steps(row):
        if step.at is not None:
            yield StepShown(step, None if before is None or step.after_ms is None else step.after_ms - before)
            before = step.after_ms


def _why(row: GateCommand, now: datetime) -> str:
    """Where it came to a stand, in words; empty while it is under way, and where all went well."""
    if row.state in NOT_MOVED:
        return why_not(row)
    waited = row.pulsed_at is not None and now - row.pulsed_at > CONFIRMS
    if row.state == State.PULSED and row.gate.has_position_switch and waited:
        return _("The relay pulsed, but the position switch did not see the gate open.")
    return ""


# --- held back ------------------------------------------------------------------------------------------


def held_back(gate: Gate, now: datetime) -> list[Passage]:
    """Who was not let in here lately because of being inside, and is still taken to be: whom one may forgive."""
    rows = Passage.objects.filter(lane__gate=gate, reason=Reason.ALREADY_INSIDE, opened_at__gte=now - HELD_BACK)
    found: dict[int | None, Passage] = {}
    for row in rows.exclude(vehicle=None).select_related("vehicle", "lane").order_by("-opened_at")[:50]:
        found.setdefault(row.vehicle_id, row)
    return [row for row in list(found.values())[:MOST_HELD_BACK] if row.vehicle and entry_of(row.vehicle)]
