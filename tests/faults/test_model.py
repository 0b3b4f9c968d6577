"""Server and controller against each other, over a channel that does what it likes; and rules left out are missed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from gates import commands, controllers, overdue
from gates.models import Controller, GateCommand
from gates.problems import Problem
from gates.protocol import Step
from gates.states import State
from tests.faults.model import Model, firmware

pytestmark = pytest.mark.django_db

USUAL = settings(deadline=None, stateful_step_count=30, database=None, max_examples=50)


def test_the_sentences_hold_whatever_the_channel_does() -> None:
    run_state_machine_as_test(Model, settings=USUAL)


class Forgetful(firmware.Controller):  # type: ignore[misc]
    """Does not know which commands it had."""

    def receive(self, payload: bytes, now: int) -> Any:
        self.known.clear()
        return super().receive(payload, now)


class Timeless(firmware.Controller):  # type: ignore[misc]
    """Does not look at the expiry."""

    def _flaw(self, command: Any, now: int) -> Any:
        return super()._flaw(command, -1)

    def _pulse(self, number: int, relay: Any, now: int) -> Any:
        relay.waiting["expires"] = now + 1
        return super()._pulse(number, relay, now)


class Sessionless(firmware.Controller):  # type: ignore[misc]
    """Takes what was meant for it before it was reset."""

    def _flaw(self, command: Any, now: int) -> Any:
        return super()._flaw({**command, "session": self.session}, now)


class Trusting(firmware.Controller):  # type: ignore[misc]
    """Does not look at the signature."""

    def _is_ours(self, command: Any) -> bool:
        return True


def by_the_wall_clock(command: GateCommand, _asked: float | None) -> timedelta:
    return command.expires_at - timezone.now()


def age_by_the_wall_clock(controller: Controller) -> timedelta:
    assert controller.heard_at is not None
    return timezone.now() - controller.heard_at


def over_by_the_wall_clock(_watch: Any, command: GateCommand, now: Any, _moment: float) -> bool:
    return bool(command.expires_at + overdue.GRACE < now)


def never_over(*_: Any) -> bool:
    return False


def failed_whenever_in_doubt(command: GateCommand, error: Any) -> None:
    commands._fail(command, Problem.BROKER_DOWN, str(error))


Moves = tuple[tuple[Any, ...], ...]
GOOD = firmware.Controller
OPENED: Moves = (("open", 1500, "arrives"),)
LATE: Moves = (*OPENED, ("wait", 3000, True), ("deliver", 0))
# Name: board, what stands in place of rules of the server's, and moves that show what is wrong without the rule.
MUTANTS: dict[str, tuple[Any, tuple[tuple[Any, str, Any], ...], Moves]] = {
    "a board that forgets": (Forgetful, (), (*OPENED, ("deliver", 0), ("wait", 700, True), ("deliver", 0))),
    "a board without expiry": (Timeless, (), LATE),
    "a board without sessions": (Sessionless, (), (*OPENED, ("deliver", 0), ("boot",), ("deliver", 0))),
    "a board without signatures": (Trusting, (), (*OPENED, ("forge", 1, 100))),
    "life by the wall clock": (
        GOOD,
        ((commands, "_left", by_the_wall_clock),),
        (
            ("ask", 1500),
            ("set_clock", -7),
            ("wait", 50, False),
            ("greet",),
            ("send", 0, "arrives"),
            ("wait", 1500, True),
            ("deliver", 0),
        ),
    ),
    "age by the wall clock": (GOOD, ((controllers, "_age", age_by_the_wall_clock),), (("set_clock", 7), *LATE)),
    "sweeping by the wall clock": (
        GOOD,
        ((overdue.Watch, "_is_over", over_by_the_wall_clock),),
        (*OPENED, ("set_clock", -3600), ("wait", 9000, True)),
    ),
    "no sweeping": (GOOD, ((overdue.Watch, "_is_over", never_over),), (*OPENED, ("wait", 9000, True))),
    "failed where in doubt": (
        GOOD,
        ((commands, "_not_sent", failed_whenever_in_doubt),),
        (("open", 1500, "arrives unacknowledged"), ("deliver", 0), ("rows_tell_the_truth",)),
    ),
    "refused is opened": (
        GOOD,
        ((commands, "STATE_OF", commands.STATE_OF | {Step.REFUSED: State.PULSED}),),
        (*LATE, ("hear", 0), ("rows_tell_the_truth",)),
    ),
}


def play(board: Any, patches: tuple[tuple[Any, str, Any], ...], moves: Moves) -> None:
    model = type("Scene", (Model,), {"board_class": board, "patches": patches})()
    try:
        model.begin()
        for name, *values in moves:
            getattr(model, name)(*values)
    finally:
        model.teardown()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_left_out_is_missed(name: str) -> None:
    board, patches, moves = MUTANTS[name]
    play(GOOD, (), moves)
    with pytest.raises(AssertionError):
        play(board, patches, moves)


@pytest.mark.parametrize("name", ["no sweeping", "sweeping by the wall clock"])
def test_a_rule_left_out_is_missed_by_chance_too(name: str) -> None:
    board, patches, _ = MUTANTS[name]
    mutant = type("Mutant", (Model,), {"board_class": board, "patches": patches})
    options = settings(USUAL, max_examples=1000, phases=[Phase.generate], derandomize=True)
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(mutant, settings=options)
