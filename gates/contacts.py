"""What controllers say of the contacts at their gates, written down; and what of it is known at a moment."""

import logging
from collections.abc import Callable
from datetime import datetime

from gates import controllers, key_reads
from gates.models import Controller, Gate
from gates.positions import Position
from gates.protocol import Event, GateSeen
from premises import journal

log = logging.getLogger("gates")


def note(controller: Controller, seen: tuple[GateSeen, ...], at: datetime) -> None:
    """Where the gates stand by a heartbeat. A row is touched where something changed, and not every two seconds."""
    # Read first: even a change of no row waits for its turn to write.
    shown = set(Gate.objects.filter(controller=controller).values_list("relay", "position", "obstructed"))
    for each in seen:
        known = {"position": _position(each.position), "obstructed": each.obstructed}
        if (each.relay, *known.values()) in shown:
            continue
        rows = Gate.objects.filter(controller=controller, relay=each.relay).exclude(**known)
        if rows.update(**known, position_at=at):
            log.info("%s: relay %d is %s", controller.device, each.relay, known["position"])


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


def _button(controller: Controller, event: Event) -> None:
    relay, _, why = event.detail.partition(" ")
    gate = controller.gates.filter(relay=relay).first() if relay.isdecimal() else None
    journal.record(
        controller.condominium_id,
        f"gate.{event.name}",
        actor=f"controller: {controller.device}",
        subject=gate.name if gate else controller.name,
        data={"relay": relay, "uptime_ms": event.uptime, **({"problem": why} if why else {})},
    )


Writer = Callable[[Controller, Event], None]
WRITERS: dict[str, Writer] = {
    "button": _button,
    "button_ignored": _button,
    "key": key_reads.take_in,
}
