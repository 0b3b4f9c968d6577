"""The controller, alone: a locked gate opens for no command until it is freed, through resets too, and traps nobody."""

from pathlib import Path
from typing import Any

import pytest

from tests.firmware.parts import load
from tests.firmware.test_hold_open import held, holding, order, stands
from tests.firmware.test_obey_once import controller, obey, payload, said, switched
from tests.firmware.test_sense import PRESSED, RELEASED, events, feel

locks = load("locks")


def locked(**more: Any) -> Any:
    board = controller(**more)
    assert said(obey(board, order("c1", "locked"), 1000)) == [("done", "")]
    return board


def remembered(wanted: list[Any]) -> list[Any]:
    return [one[1] for one in wanted if one[0] == "locked"]


def test_a_locked_gate_opens_for_no_command_and_says_why() -> None:
    board = locked()
    wanted = obey(board, payload(), 2000)
    assert (said(wanted), switched(wanted)) == ([("refused", "locked_down")], [])
    assert said(obey(board, order("c2"), 2100)) == [("refused", "overtaken")]
    assert said(obey(board, order("c3", expires=6000), 2100)) == [("refused", "locked_down")]
    assert (stands(board), board.seen()) == ("locked", "1=unknown# 2=unknown")


def test_the_button_inside_opens_it_for_nobody_is_trapped() -> None:
    board = locked()
    feel(board, RELEASED, 2000)
    wanted = feel(board, PRESSED, 3000)
    assert (switched(wanted), events(wanted)) == ([(1, True, 500)], [("button", "1")])


def test_freed_it_obeys_again_and_nothing_opens_by_that() -> None:
    board = locked()
    wanted = obey(board, order("c2", "free", expires=6000), 2000)
    assert (said(wanted), held(wanted), switched(wanted), remembered(wanted)) == ([("done", "")], [], [], [[]])
    assert said(obey(board, payload("a2"), 2100)) == [("accepted", ""), ("pulsed", "")]


def test_it_ends_a_hold() -> None:
    board = holding(1000)
    wanted = obey(board, order("c1", "locked", expires=6000), 2000)
    assert (said(wanted), held(wanted), stands(board)) == ([("done", "")], [(1, False)], "locked")


def test_a_command_that_was_accepted_a_moment_before_does_not_pulse() -> None:
    board = controller()
    board.receive(payload(), 1000)
    board.receive(order("c1", "locked"), 1001)
    wanted = board.tick(1002)
    assert (said(wanted), switched(wanted)) == ([("refused", "locked_down")], [])


def test_a_pulse_that_is_on_ends_on_time() -> None:
    board = controller()
    obey(board, payload(), 1000)
    assert said(obey(board, order("c1", "locked"), 1100)) == [("done", "")]
    assert switched(board.tick(1500)) == [(1, False, 0)]


def test_a_lock_down_is_never_overtaken() -> None:
    board = holding(1000)
    assert said(obey(board, order("c1", "locked", expires=4000), 2000)) == [("done", "")]
    assert said(obey(board, order("c2", "free", expires=5000), 2100)) == [("refused", "overtaken")]


def test_another_relay_is_not_locked() -> None:
    board = locked()
    assert switched(obey(board, payload(relay=2), 2000)) == [(2, True, 500)]


def test_what_is_locked_is_to_be_remembered() -> None:
    board = controller()
    assert remembered(obey(board, order("c1", "locked"), 1000)) == [[1]]
    assert remembered(obey(board, order("c2", "locked", relay=2), 1100)) == [[1, 2]]
    assert remembered(obey(board, order("c3", "free", expires=6000), 1200)) == [[2]]


def test_a_board_that_restarts_is_locked_as_before() -> None:
    board = controller(locked=[1])
    assert said(obey(board, payload(), 1000)) == [("refused", "locked_down")]
    assert said(obey(board, order("c1", "free"), 1100)) == [("done", "")]
    assert said(obey(board, payload("a2"), 1200)) == [("accepted", ""), ("pulsed", "")]


def test_it_is_written_down_and_read(tmp_path: Path) -> None:
    path = tmp_path / "locked.json"
    assert locks.read(str(path), [1, 2]) == []
    locks.write(str(path), [2])
    assert locks.read(str(path), [1, 2]) == [2]
    locks.write(str(path), [])
    assert locks.read(str(path), [1, 2]) == []


@pytest.mark.parametrize("text", ["", "[2", "7", "null", "\x00\x00"])
def test_what_was_half_written_counts_as_locked(tmp_path: Path, text: str) -> None:
    path = tmp_path / "locked.json"
    path.write_text(text)
    assert locks.read(str(path), [1, 2]) == [1, 2]
