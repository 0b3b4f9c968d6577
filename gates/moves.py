"""Moves of a gate command from state to state: compare and set, and write down what changed.

Only who changed the row acts on it, so that duplicates, late comers and two processes at once do no harm.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from gates.models import GateCommand
from gates.states import BEFORE, State
from premises import journal
from premises.journal import SYSTEM, Actor

log = logging.getLogger("gates")


def end(
    command: GateCommand,
    state: State,
    problem: str,
    detail: str = "",
    *,
    actor: str = SYSTEM,
    data: dict[str, Any] | None = None,
    before: tuple[State, ...] | None = None,
) -> bool:
    """Move to an end that is not an opening, with its reason, and write that down."""
    change = {"ended_at": timezone.now(), "problem": problem[:40], "problem_detail": detail[:200]}
    with transaction.atomic():
        if not move(command, state, before=before, **change):
            return False
        write_down(command, f"gate.{state}", actor=actor, data={"problem": problem[:40], **(data or {})})
    log.warning("gate command %s: %s, %s", command.pk, state, problem)
    return True


def move(command: GateCommand, state: State, *, before: tuple[State, ...] | None = None, **change: Any) -> bool:
    """Compare and set: True where the row was in a state before this one, and now is in it."""
    rows = GateCommand.objects.filter(pk=command.pk, state__in=before or BEFORE[state])
    if not rows.update(state=state, **change):
        return False
    for name, value in {"state": state, **change}.items():
        setattr(command, name, value)
    return True


def write_down(command: GateCommand, action: str, *, actor: Actor, data: dict[str, Any]) -> None:
    journal.record(
        command.condominium_id,
        action,
        actor=actor,
        subject=command.gate.name,
        passage_id=command.passage_id,
        data={"command": command.pk, **data},
    )
