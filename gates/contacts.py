"""What controllers say of the contacts at their gates, written down; and what of it is known at a moment."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Value, When

from gates import controllers, key_reads, tending
from gates.models import Controller, Gate
from gates.positions import Position
from gates.problems import Problem
from gates.protocol import Event, GateSeen
from premises import journal

log = logging.getLogger("gates")


def note(controller: Controller, seen: tuple[GateSeen, ...], at: datetime) -> None:
    """Where the gates stand by a heartbeat. A row is touched where something changed, and not every two seconds."""
    # Read first: even a change of no row waits for its turn to write.
    shown = set(Gate.objects.filter(controller=controller).values_list("relay", "position", "obstructed", "on_board"))
    for each in seen:
        where: dict[str, Any] = {"position": _position(each.position), "obstructed": each.obstructed}
        what = {"on_board": each.standing}
        if (each.relay, *where.values(), each.standing) in shown:
            continue
        rows = Gate.objects.filter(controller=controller, relay=each.relay).exclude(**where, **what)
        if rows.update(**where, **what, position_at=_since(at, where, "position_at"), on_board_at=_since(at, what)):
            log.info("%s: relay %d is %s, %s", controller.device, each.relay, where["position"], each.standing)


def _since(at: datetime, known: dict[str, Any], name: str = "on_board_at") -> Case:
    """Since when it has been so: as it stood where it was so already."""
    return Case(When(**known, then=F(name)), default=Value(at), output_field=DateTimeField())


def _position(word: str) -> Position:
    """A word that nobody knows here is of a newer board, and says nothing."""
    return Position(word) if word in Position.values else Position.UNKNOWN


def position_of(gate: Gate, now: datetime | None = None) -> Position:
    """Where a gate stands as far as anybody knows: what was said before its controller fell silent does not count."""
    heard = gate.controller is not None and controllers.is_online(gate.controller, now)
    return Position(gate.position) if heard else Position.UNKNOWN


def is_obstructed(gate: Gate, now: datetime | None = None) -> bool:
    """Whether something is known to stand in the gate's way."""
    return gate.obstructed and gate.controller is not None and controllers.is_online(gate.controller, now)


def take_in(controller: Controller, event: Event) -> None:
    """An event of a board: a button pressed there goes into the journal, a failing is shown on the controller's page.

    One of another session, or not later than the last, was said again by somebody: it is dropped.
    """
    if not _is_news(controller, event):
        log.warning("%s: event %s came again; ignored", controller.device, event.name)
        return
    WRITERS.get(event.name, _problem)(controller, event)


def _is_news(controller: Controller, event: Event) -> bool:
    """Compare and set: of the session that we know, and later than the last of it."""
    mine = Controller.objects.filter(pk=controller.pk, session=event.session, event_uptime_ms__lt=event.uptime)
    return bool(mine.update(event_uptime_ms=event.uptime))


def _problem(controller: Controller, event: Event) -> None:
    controllers.note_problem(controller, f"{event.name} {event.detail}".strip())


def _at_gate(controller: Controller, event: Event) -> None:
    gate, relay, why = _of_relay(controller, event)
    journal.record(
        controller.condominium_id,
        f"gate.{event.name}",
        actor=f"controller: {controller.device}",
        subject=gate.name if gate else controller.name,
        data={"relay": relay, "uptime_ms": event.uptime, **({"problem": why} if why else {})},
    )


def _hold_ended(controller: Controller, event: Event) -> None:
    """By itself. Was it that nobody could have closed the gate, then it is not held open again when somebody can."""
    _at_gate(controller, event)
    gate, _relay, why = _of_relay(controller, event)
    if gate is not None and why == Problem.BROKER_GONE:
        tending.forget_hold(gate)


def _of_relay(controller: Controller, event: Event) -> tuple[Gate | None, str, str]:
    relay, _, why = event.detail.partition(" ")
    gate = controller.gates.filter(relay=relay).first() if relay.isdecimal() else None
    return gate, relay, why


Writer = Callable[[Controller, Event], None]
WRITERS: dict[str, Writer] = {
    "button": _at_gate,
    "button_ignored": _at_gate,
    "hold_ended": _hold_ended,
    "key": key_reads.take_in,
}
