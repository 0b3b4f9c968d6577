"""Of two who want to move a command, one does; the other changes and writes nothing."""

import pytest

from gates.models import Gate, GateCommand
from gates.moves import end, move
from gates.problems import Problem
from gates.states import BEFORE, State
from tests.gates.test_open import sent, told

pytestmark = pytest.mark.django_db


def twice(gate: Gate, state: State) -> tuple[GateCommand, GateCommand]:
    """The same command, as two processes read it."""
    command = sent(gate)
    GateCommand.objects.update(state=state)
    return GateCommand.objects.get(pk=command.pk), GateCommand.objects.get(pk=command.pk)


def test_one_of_two_sends(gate: Gate) -> None:
    one, other = twice(gate, State.REQUESTED)
    assert (move(one, State.SENT), move(other, State.SENT)) == (True, False)
    assert (one.state, other.state) == (State.SENT, State.REQUESTED)


def test_one_of_two_ends_it_and_writes_that_down(gate: Gate) -> None:
    one, other = twice(gate, State.SENT)
    assert end(one, State.REFUSED, Problem.TOO_SOON) is True
    assert end(other, State.EXPIRED, Problem.NO_ANSWER) is False
    assert told() == [("gate.refused", "cancela")]
    other.refresh_from_db()
    assert (other.state, other.problem) == ("refused", "too_soon")


def test_what_ended_is_not_sent_or_accepted(gate: Gate) -> None:
    for state in (State.REFUSED, State.EXPIRED, State.FAILED, State.PULSED, State.CONFIRMED):
        one, _ = twice(gate, state)
        assert (move(one, State.SENT), move(one, State.ACCEPTED)) == (False, False)
        GateCommand.objects.all().delete()


def test_nothing_pulses_that_was_not_sent_and_nothing_leaves_confirmed() -> None:
    assert all(State.REQUESTED not in BEFORE[state] for state in (State.PULSED, State.CONFIRMED))
    assert all(State.CONFIRMED not in before for before in BEFORE.values())
