"""Server and controller against each other, over a channel that does what it likes; and rules left out are missed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from gates import commands, controllers, overdue
from gates.models import Controller, GateCommand
from gates.problems import Problem
from gates.protocol import Step
from gates.states import State
from tests.faults.model import Model, firmware

pytestmark = pytest.mark.django_db

STEPS = {"deadline": None, "stateful_step_count": 30, "database": None}


def test_the_sentences_hold_whatever_the_channel_does() -> None:
    run_state_machine_as_test(Model, settings=settings(max_examples=120, **STEPS))


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

    def _signed(self, command: Any) -> bool:
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


def copies_believed(*_: Any) -> bool:
    return False


MUTANTS: dict[str, tuple[Any, tuple[tuple[Any, str, Any], ...]]] = {
    "a board that forgets": (Forgetful, ()),
    "a board without expiry": (Timeless, ()),
    "a board without sessions": (Sessionless, ()),
    "a board without signatures": (Trusting, ()),
    "life by the wall clock": (firmware.Controller, ((commands, "_left", by_the_wall_clock),)),
    "age by the wall clock": (firmware.Controller, ((controllers, "_age", age_by_the_wall_clock),)),
    "sweeping by the wall clock": (firmware.Controller, ((overdue.Watch, "_is_over", over_by_the_wall_clock),)),
    "no sweeping": (firmware.Controller, ((overdue.Watch, "_is_over", never_over),)),
    "failed where in doubt": (firmware.Controller, ((commands, "_not_sent", failed_whenever_in_doubt),)),
    "accepted is opened": (
        firmware.Controller,
        ((commands, "STATE_OF", commands.STATE_OF | {Step.ACCEPTED: State.PULSED, Step.REFUSED: State.PULSED}),),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_left_out_is_missed(name: str) -> None:
    board, patches = MUTANTS[name]
    mutant = type("Mutant", (Model,), {"board_class": board, "patches": patches})
    options = settings(max_examples=1500, phases=[Phase.generate], derandomize=True, **STEPS)
    with pytest.raises((AssertionError, Flaky, ExceptionGroup)):
        run_state_machine_as_test(mutant, settings=options)
