"""States of vehicles and guests, in words for who lives there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import GuestLink, Passage, Permit, Vehicle
from access.reasons import Outcome, Reason
from access.states import VehicleState
from gates.states import MOVED, NOT_MOVED


@dataclass(frozen=True, slots=True)
class State:
    """`tag` is a colour of the frame's: open, refuse, ask or info; it never says more than the words do."""

    tag: str
    words: str
    more: str = ""


def of_vehicle(vehicle: Vehicle) -> State:
    if vehicle.state == VehicleState.ACTIVE:
        return State("open", _("May pass"))
    if vehicle.state == VehicleState.WAITING:
        return State("ask", _("Waits for approval"), _("The gate does not open for it yet. The manager was told."))
    return State("info", _("Signed off"), vehicle.ended_because)


def of_guest(permit: Permit, arrived_at: datetime | None) -> State:
    now = timezone.now()
    if arrived_at is not None and (permit.single_entry or not permit.is_active):
        return State("info", _("Was here"))
    if not permit.is_active:
        return State("info", _("Taken back"))
    if permit.valid_until and permit.valid_until <= now:
        return State("info", _("Was here") if arrived_at else _("Did not come"))
    if arrived_at is not None:
        return State("open", _("Arrived"))
    if permit.valid_from and permit.valid_from > now:
        return State("ask", _("Announced for later"))
    return State("open", _("Expected"))


def of_link(link: GuestLink) -> State:
    if link.taken_back_at:
        return State("info", _("Taken back"))
    if link.used_at:
        return State("info", _("Used"))
    if link.valid_until <= timezone.now():
        return State("info", _("Was not used"))
    return State("ask", _("Waits for your guest"))


def of_passage(passage: Passage, gate_state: str | None) -> State:
    """Never with a decision's sentence: that may name other vehicles. "Opened" only where the controller said so."""
    if passage.outcome == Outcome.OPEN and gate_state in NOT_MOVED:
        return State("ask", _("Let through"), _("But the gate did not move. The gatehouse can say why."))
    if passage.outcome == Outcome.OPEN:
        return State("open", _("Opened") if gate_state in MOVED else _("Let through"))
    if passage.outcome == Outcome.RECORD:
        return State("info", _("Seen"))
    if passage.outcome == Outcome.ASK:
        return State("ask", _("The gatehouse was asked"), _why(passage))
    return State("refuse", _("Not opened"), _why(passage))


def _why(passage: Passage) -> str:
    reason = str(passage.get_reason_display()) if passage.reason in TOLD else _("The gatehouse can say why.")
    return reason[:1].upper() + reason[1:]


# Reasons that tell the household nothing of anybody else.
TOLD = frozenset(
    {
        Reason.NO_PERMIT,
        Reason.NOT_YET,
        Reason.EXPIRED,
        Reason.OTHER_LANE,
        Reason.GATE_ON_HOLD,
        Reason.NO_GATE,
        Reason.OUT_OF_HOURS,
        Reason.HOLIDAY,
        Reason.USED,
        Reason.UNIT_FULL,
        Reason.ALREADY_INSIDE,
        Reason.LOCKED_DOWN,
        Reason.WAITING_APPROVAL,
        Reason.ENDED,
        Reason.ERROR,
    }
)
