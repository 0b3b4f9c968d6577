"""Openings for boards of other makes: published once, in the board's own dialect, for whoever listens now."""

from django.utils import timezone

from gates import turns
from gates.broker import publisher
from gates.dialects import DIALECTS
from gates.models import Controller, GateCommand
from gates.moves import end, move
from gates.problems import Problem
from gates.states import State


def give(command: GateCommand, controller: Controller) -> None:
    """Send a requested command, at most once. Raises `BrokerError` where it could not be handed over."""
    pulse = turns.pulse_of(controller, command.gate, str(command.pk), command.pulse_ms)
    # Written before the network is touched, so that nothing can send it twice.
    if not move(command, State.SENT, sent_at=timezone.now()):
        return
    if not turns.take(command.gate, command.pulse_ms, rests=pulse.rest is not None):
        end(command, State.FAILED, Problem.BUSY)
        return
    try:
        publisher.hand_over(pulse.start.topic, pulse.start.payload)
    finally:
        # After it, never before it; and also where nobody knows whether it arrived.
        if pulse.rest is not None:
            turns.rest_after(command.pulse_ms, pulse.rest)
    if not DIALECTS[controller.dialect].answers(controller.board):
        end(command, State.UNANSWERED, Problem.SAYS_NOTHING)
