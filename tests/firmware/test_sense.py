"""What the contacts at a gate say, and what the controller does by them: it inhibits, confirms, and lets people out."""

import json
from typing import Any

import pytest

from gates import protocol
from gates.protocol import GateSeen
from tests.firmware.test_obey_once import DEVICE, KEY, controller, obey, payload, said, switched

FREE, BLOCKED = (None, None, False, None), (None, None, True, None)
RELEASED, PRESSED = (None, None, False, False), (None, None, False, True)


def feel(board: Any, contacts: Any, now: int) -> list[Any]:
    """Read twice, as what counts is."""
    return [*board.sense(1, contacts, now), *board.sense(1, contacts, now + 100)]


def events(wanted: list[Any]) -> list[tuple[str, str]]:
    told = [
        protocol.parse_event(json.dumps(one[1]).encode(), device=DEVICE, key=KEY)
        for one in wanted[:]
        if one[0] == "event"
    ]
    return [(event.name, event.detail) for event in told]


@pytest.mark.parametrize(
    ("contacts", "position"),
    [
        ((None, None), "unknown"),
        ((True, None), "open"),
        ((False, None), "not_open"),
        ((None, True), "closed"),
        ((None, False), "not_closed"),
        ((False, False), "between"),
        ((True, False), "open"),
        ((False, True), "closed"),
        ((True, True), "fault"),
    ],
)
def test_one_or_two_switches_say_where_a_gate_stands(contacts: Any, position: str) -> None:
    board = controller()
    feel(board, (*contacts, None, None), 1000)
    status = protocol.parse_status(json.dumps(board.status(2000, "1.1")).encode(), device=DEVICE, key=KEY)
    assert status.gates == (GateSeen(1, position, False), GateSeen(2, "unknown", False))


def test_a_change_counts_when_it_was_read_twice() -> None:
    board = controller()
    feel(board, FREE, 1000)
    board.sense(1, BLOCKED, 1200)
    board.sense(1, FREE, 1300)
    assert board.seen() == "1=unknown 2=unknown"
    feel(board, BLOCKED, 1400)
    assert board.seen() == "1=unknown! 2=unknown"


def test_what_stands_in_the_way_inhibits() -> None:
    board = controller()
    feel(board, BLOCKED, 1000)
    wanted = obey(board, payload(), 2000)
    assert (said(wanted), switched(wanted)) == ([("refused", "obstructed")], [])


def test_what_comes_into_the_way_while_accepted_is_said_inhibits() -> None:
    board = controller()
    feel(board, FREE, 1000)
    board.receive(payload(), 2000)
    feel(board, BLOCKED, 2001)
    wanted = board.tick(2200)
    assert (said(wanted), switched(wanted)) == ([("refused", "obstructed")], [])


def test_a_free_way_opens_nothing_by_itself() -> None:
    board = controller()
    feel(board, BLOCKED, 1000)
    obey(board, payload(), 2000)
    assert switched([*feel(board, FREE, 3000), *board.tick(3200)]) == []
    assert said(obey(board, payload("a2"), 3300)) == [("accepted", ""), ("pulsed", "")]


def test_the_button_opens_once_a_press_and_is_told() -> None:
    board = controller()
    feel(board, RELEASED, 1000)
    wanted = feel(board, PRESSED, 2000)
    assert (switched(wanted), events(wanted)) == ([(1, True, 500)], [("button", "1")])
    assert switched(board.tick(2700)) == [(1, False, 0)]
    assert feel(board, PRESSED, 9000) == []


def test_a_button_held_at_boot_is_not_pressed() -> None:
    board = controller()
    assert switched(feel(board, PRESSED, 1000)) == []
    assert switched(feel(board, RELEASED, 2000)) == []
    assert switched(feel(board, PRESSED, 3000)) == [(1, True, 500)]


def test_the_button_is_inhibited_as_a_command_is() -> None:
    board = controller()
    feel(board, (None, None, True, False), 1000)
    wanted = feel(board, (None, None, True, True), 2000)
    assert (switched(wanted), events(wanted)) == ([], [("button_ignored", "1 obstructed")])


def test_a_command_while_the_buttons_pulse_is_on_waits_for_nobody() -> None:
    board = controller()
    feel(board, RELEASED, 1000)
    feel(board, PRESSED, 2000)
    assert said(obey(board, payload(), 2200)) == [("refused", "busy")]


def test_a_gate_that_left_its_closed_switch_confirms() -> None:
    board = controller()
    feel(board, (None, True, None, None), 500)
    obey(board, payload(), 1000)
    assert said(feel(board, (None, False, None, None), 2000)) == [("confirmed", "")]
