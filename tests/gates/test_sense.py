"""Where a gate stands is known while its controller is heard, and only then; a pressed button is written down."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gates import contacts, listener, protocol
from gates.commands import request_open
from gates.listener import Heard
from gates.models import Controller, Gate
from gates.positions import Position
from gates.protocol import Kind
from premises.models import JournalEntry
from tests.gates.parts import Contacts, Ears, Firmware

pytestmark = pytest.mark.django_db(transaction=True)

SESSION = "00112233445566aa"


def stands(gate: Gate) -> tuple[str, bool]:
    fresh = Gate.objects.select_related("controller").get(pk=gate.pk)
    return contacts.position_of(fresh), contacts.is_obstructed(fresh)


def test_the_gates_way_is_seen_and_confirms(gate: Gate, board: Firmware, ears: Ears, wired: Contacts) -> None:
    ears.until(lambda: stands(gate) == (Position.CLOSED, False))
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "pulsed")
    wired.are()
    ears.until(lambda: stands(gate) == (Position.BETWEEN, False))
    wired.are(opened=True)
    ears.until_state(command, "confirmed")
    ears.until(lambda: stands(gate) == (Position.OPEN, False))


def test_something_in_the_way_is_told_and_nothing_opens(
    gate: Gate, board: Firmware, ears: Ears, wired: Contacts
) -> None:
    wired.are(closed=True, blocked=True)
    ears.until(lambda: stands(gate) == (Position.CLOSED, True))
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "refused")
    assert (command.problem, board.pulses()) == ("obstructed", [])


def test_the_button_at_the_gate_opens_and_is_in_the_journal(
    gate: Gate, board: Firmware, ears: Ears, wired: Contacts
) -> None:
    ears.until(lambda: stands(gate) == (Position.CLOSED, False))
    wired.are(closed=True, pressed=True)
    ears.until(lambda: JournalEntry.objects.filter(action="gate.button").exists())
    entry = JournalEntry.objects.get(action="gate.button")
    assert (entry.actor, entry.subject, entry.data["relay"]) == ("controller: board-1", gate.name, "1")
    assert len(board.pulses()) == 1


def test_where_a_gate_stands_is_not_known_once_its_controller_is_silent(
    gate: Gate, board: Firmware, ears: Ears, controller: Controller
) -> None:
    ears.until(lambda: stands(gate) == (Position.CLOSED, False))
    board.kill()
    ears.until(lambda: stands(gate) == (Position.UNKNOWN, False))
    controller.refresh_from_db()
    gate.refresh_from_db()
    assert contacts.position_of(gate, timezone.now() + timedelta(hours=1)) is Position.UNKNOWN


def hear(controller: Controller, kind: Kind, *values: Any, **fields: Any) -> None:
    signature = protocol.sign(bytes.fromhex(controller.key), kind, controller.device, list(values))
    payload = json.dumps({**fields, "signature": signature}).encode()
    listener.apply(Heard(f"gates/{controller.device}/{kind}", payload, False))


def beats(controller: Controller, uptime: int, gates: str) -> None:
    fields = {"online": True, "session": SESSION, "uptime": uptime, "firmware": "1.1", "gates": gates}
    hear(controller, Kind.STATUS, "true", SESSION, uptime, "1.1", gates, **fields)


def presses(controller: Controller, uptime: int) -> None:
    fields = {"name": "button", "detail": "1", "session": SESSION, "uptime": uptime}
    hear(controller, Kind.EVENT, "button", "1", SESSION, uptime, **fields)


def test_a_button_that_is_told_again_was_pressed_once(gate: Gate, controller: Controller) -> None:
    beats(controller, 1000, "1=closed")
    for uptime in (2000, 2000, 1500, 3000):
        presses(controller, uptime)
    assert JournalEntry.objects.filter(action="gate.button").count() == 2


def test_a_word_of_a_newer_board_says_nothing(gate: Gate, controller: Controller) -> None:
    beats(controller, 1000, "1=ajar! 7=open")
    assert stands(gate) == (Position.UNKNOWN, True)


@pytest.mark.parametrize("text", ["1=", "=open", "9=open", "1=open2=open", "1=OPEN", "1=open  2=open", "1=open "])
def test_a_heartbeat_that_is_none_is_not_believed(gate: Gate, controller: Controller, text: str) -> None:
    beats(controller, 1000, text)
    controller.refresh_from_db()
    assert not controller.online
    assert controller.last_problem.startswith("a message on status was ignored")


def test_a_gate_is_written_to_only_where_something_changed(gate: Gate, controller: Controller) -> None:
    beats(controller, 1000, "1=closed")
    gate.refresh_from_db()
    since = gate.position_at
    beats(controller, 2000, "1=closed")
    gate.refresh_from_db()
    assert gate.position_at == since
