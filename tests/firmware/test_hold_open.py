"""The controller, alone: a gate is held open by a signed order with an end, and by nothing else, and never for ever."""

import json
from typing import Any

import pytest

from gates import protocol
from gates.protocol import Order
from tests.firmware.test_obey_once import DEVICE, KEY, SESSION, controller, obey, payload, said, switched
from tests.firmware.test_sense import BLOCKED, FREE, PRESSED, RELEASED, events, feel

MINUTE, HOUR = 60_000, 3_600_000


def order(number: str = "b1", stand: str = "open", *, key: bytes = KEY, device: str = DEVICE, **changes: Any) -> bytes:
    fields = {
        "session": SESSION,
        "expires": 5000,
        "relay": 1,
        "for_ms": 10 * MINUTE if stand == "open" else 0,
        **changes,
    }
    return protocol.encode_order(Order(id=number, stand=stand, **fields), device=device, key=key)


def held(wanted: list[Any]) -> list[Any]:
    """Which relays are held from now on, or no longer."""
    return [one[1:3] for one in wanted if one[0] == "hold"]


def holding(now: int = 1000, **more: Any) -> Any:
    """A controller that holds gate 1 open since then, with its broker there."""
    board = controller(**more)
    board.linked_at = now
    assert said(obey(board, order(expires=now + 4000), now)) == [("done", "")]
    return board


def stands(board: Any) -> str:
    status = protocol.parse_status(json.dumps(board.status(1, "1.2")).encode(), device=DEVICE, key=KEY)
    return status.gates[0].standing


def wait(board: Any, until: int, since: int, *, linked: bool = True) -> list[Any]:
    """Tick as the board's loop does, every second; what it wanted done meanwhile, but for going on."""
    wanted: list[Any] = []
    for now in range(since, until + 1, 1000):
        board.linked_at = now if linked else board.linked_at
        wanted.extend(one for one in board.tick(now) if one[:3] != ("hold", 1, True))
    return wanted


def test_an_order_holds_the_gate_open_and_the_heartbeat_says_so() -> None:
    board = controller()
    wanted = obey(board, order(), 1000)
    assert (said(wanted), held(wanted)) == ([("done", "")], [(1, True)])
    assert (stands(board), board.seen()) == ("open", "1=unknown+ 2=unknown")


def test_it_ends_by_itself_at_its_end_and_says_so() -> None:
    board = holding(1000)
    assert wait(board, 10 * MINUTE, 1000) == []
    wanted = wait(board, 10 * MINUTE + 1000, 10 * MINUTE + 1000)
    assert (held(wanted), events(wanted)) == ([(1, False)], [("hold_ended", "1 over")])
    assert wanted[-1][2] is True  # a word that has to arrive
    assert (stands(board), wait(board, 12 * MINUTE, 11 * MINUTE)) == ("free", [])


def test_it_is_kept_by_being_said_again_so_that_a_program_that_hangs_holds_nothing() -> None:
    board = holding(1000)
    board.linked_at = 9000
    assert [held(board.tick(now)) for now in (2000, 4999, 5000, 8000, 9000)] == [[], [], [(1, True)], [], [(1, True)]]
    [again] = board.tick(13_000)
    assert again == ("hold", 1, True, 10_000)


def test_it_is_released_and_closes_as_the_operator_does() -> None:
    board = holding(1000)
    wanted = obey(board, order("b2", "free", expires=6000), 2000)
    assert (said(wanted), held(wanted), stands(board)) == ([("done", "")], [(1, False)], "free")


def test_a_later_order_changes_the_end() -> None:
    board = holding(1000)
    assert said(obey(board, order("b2", expires=6000, for_ms=2 * MINUTE), 2000)) == [("done", "")]
    wanted = wait(board, 3 * MINUTE, 2000)
    assert events(wanted) == [("hold_ended", "1 over")]


def test_with_the_broker_gone_for_more_than_a_minute_nobody_can_close_it_so_it_closes() -> None:
    board = holding(1000)
    assert wait(board, 61_000, 2000, linked=False) == []
    wanted = wait(board, 62_000, 62_000, linked=False)
    assert (held(wanted), events(wanted)) == ([(1, False)], [("hold_ended", "1 broker_gone")])


def test_a_broker_that_is_away_for_a_moment_ends_nothing() -> None:
    board = holding(1000)
    wait(board, 50_000, 2000, linked=False)
    assert wait(board, 3 * MINUTE, 51_000) == []
    assert stands(board) == "open"


def test_it_lasts_no_longer_than_the_board_allows() -> None:
    assert said(obey(controller(max_hold_ms=HOUR), order(for_ms=HOUR + 1), 1000)) == [("refused", "too_long")]
    assert said(obey(controller(max_hold_ms=4 * HOUR), order(for_ms=4 * HOUR), 1000)) == [("done", "")]
    assert said(obey(controller(max_hold_ms=9 * HOUR), order(for_ms=4 * HOUR + 1), 1000)) == [("refused", "too_long")]


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("other_session", {"session": "ffffffffffffffff"}),
        ("too_late", {"expires": 1000}),
        ("too_long_lived", {"expires": 1000 + 20_001}),
        ("unknown_relay", {"relay": 3}),
        ("malformed", {"for_ms": 0}),
        ("malformed", {"stand": "ajar"}),
    ],
)
def test_what_it_refuses(reason: str, changes: dict[str, Any]) -> None:
    wanted = obey(controller(), order(**changes), 1000)
    assert (said(wanted), held(wanted)) == ([("refused", reason)], [])


@pytest.mark.parametrize("field", ["id", "session", "expires", "relay", "stand", "for_ms"])
def test_every_field_is_signed(field: str) -> None:
    content = json.loads(order())
    content[field] = content[field] + 1 if isinstance(content[field], int) else content[field] + "0"
    wanted = obey(controller(), json.dumps(content).encode(), 1000)
    assert [one[1]["name"] for one in wanted] == ["bad_signature"]


def test_a_command_cannot_pass_for_an_order_nor_an_order_for_a_command() -> None:
    content = json.loads(order())
    content["pulse_ms"] = content.pop("for_ms")
    del content["stand"]
    assert [one[1]["name"] for one in obey(controller(), json.dumps(content).encode(), 1000)] == ["bad_signature"]
    command = json.loads(payload())
    command["for_ms"] = command.pop("pulse_ms")
    command["stand"] = "open"
    assert [one[1]["name"] for one in obey(controller(), json.dumps(command).encode(), 1000)] == ["bad_signature"]


def test_delivered_twice_it_is_obeyed_once() -> None:
    board = holding(1000)
    wanted = obey(board, order(expires=5000), 1500)
    assert (said(wanted), held(wanted)) == ([("done", "")], [])


def test_played_again_after_the_release_it_does_nothing() -> None:
    board = holding(1000)
    obey(board, order("b2", "free", expires=6000), 2000)
    for now in (2500, 4999, 60_000):
        assert held(obey(board, order(expires=5000), now)) == []
    assert stands(board) == "free"


def test_a_hold_that_was_overtaken_by_its_release_holds_nothing() -> None:
    board = controller()
    assert said(obey(board, order("b2", "free", expires=6000), 1000)) == [("done", "")]
    assert said(obey(board, order("b1", expires=5999), 1100)) == [("refused", "overtaken")]
    assert stands(board) == "free"


def test_something_in_the_way_holds_back_the_opening_and_ends_no_hold() -> None:
    board = controller()
    feel(board, BLOCKED, 500)
    assert said(obey(board, order(), 1000)) == [("refused", "obstructed")]
    feel(board, FREE, 2000)
    assert said(obey(board, order("b2"), 2500)) == [("done", "")]
    board.linked_at = 2500
    assert held([*feel(board, BLOCKED, 3000), *board.tick(3200)]) == []
    assert said(obey(board, order("b3", expires=8000, for_ms=MINUTE), 3300)) == [("done", "")]  # it is on already


def test_it_waits_for_no_pulse_and_no_gap() -> None:
    board = controller()
    obey(board, payload(), 1000)
    assert said(obey(board, order(), 1100)) == [("refused", "busy")]
    board.tick(1500)
    assert said(obey(board, order("b2"), 1600)) == [("refused", "too_soon")]
    assert said(obey(board, order("b3"), 2500)) == [("done", "")]


def test_while_held_open_nothing_pulses() -> None:
    board = holding(1000)
    wanted = obey(board, payload(), 2000)
    assert (said(wanted), switched(wanted)) == ([("refused", "held_open")], [])
    feel(board, RELEASED, 2100)
    wanted = feel(board, PRESSED, 2300)
    assert (switched(wanted), events(wanted)) == ([], [("button_ignored", "1 held_open")])


def test_after_a_hold_comes_the_gap() -> None:
    board = holding(1000)
    obey(board, order("b2", "free", expires=6000), 2000)
    assert said(obey(board, payload("a2"), 2999)) == [("refused", "too_soon")]
    assert said(obey(board, payload("a3"), 3000)) == [("accepted", ""), ("pulsed", "")]


def test_a_board_that_restarts_holds_nothing() -> None:
    holding(1000)
    board = controller()
    assert (stands(board), held(board.tick(2000))) == ("free", [])


def test_relays_stand_by_themselves() -> None:
    board = holding(1000)
    assert switched(obey(board, payload(relay=2), 2000)) == [(2, True, 500)]
