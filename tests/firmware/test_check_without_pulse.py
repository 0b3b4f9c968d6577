"""A command that asks for no pulse: checked like any other, refused when all of it is right; it never moves a relay.

The server's rehearsals rest on this: a board that says `malformed` to such a command has checked signature, session,
end and single use before, in this order.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.firmware.test_obey_once import controller, obey, payload, said, switched

DRY: dict[str, Any] = {"number": "d-" + "0f" * 16, "pulse_ms": 0}


def test_a_command_without_a_pulse_is_refused_as_malformed_once_all_else_is_right() -> None:
    assert said(obey(controller(), payload(**DRY), 1000)) == [("refused", "malformed")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"session": "ffffffffffffffff"}, "other_session"), ({"expires": 1000}, "too_late")],
)
def test_what_else_is_wrong_is_said_instead(changes: dict[str, Any], reason: str) -> None:
    assert said(obey(controller(), payload(**DRY, **changes), 1000)) == [("refused", reason)]


def test_with_another_key_it_is_answered_by_nothing_that_could_be_taken_for_proof() -> None:
    assert said(obey(controller(), payload(**DRY, key=bytes(32)), 1000)) == []


def test_what_comes_after_what_is_forgotten_is_refused_as_used() -> None:
    board = controller(gap_ms=0)
    for number in range(10):
        now = 1000 + number * 600
        obey(board, payload(f"a{number}", expires=now + 100), now)
        board.tick(now + 500)
    assert said(obey(board, payload(**DRY, expires=board.forgotten), 1)) == [("refused", "used_before")]


@given(
    relay=st.integers(-2, 9),
    pulse_ms=st.integers(-(2**31), 0),
    expires=st.integers(0, 60_000),
    now=st.integers(0, 50_000),
)
def test_it_never_switches_a_relay_and_hinders_no_command_after_it(
    relay: int, pulse_ms: int, expires: int, now: int
) -> None:
    board = controller()
    wanted = obey(board, payload(DRY["number"], relay=relay, pulse_ms=pulse_ms, expires=expires), now)
    assert (switched(wanted), board.resting(), board.known) == ([], True, {})
    assert switched(obey(board, payload("a2", expires=now + 5000), now)) == [(1, True, 500)]
