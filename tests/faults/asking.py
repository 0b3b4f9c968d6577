"""Asking for an opening in a server process, as a decision or a guard's button does, and noting when that was."""

import os
from pathlib import Path

import django
from django.db import connection, transaction

django.setup()

from gates import commands  # noqa: E402
from gates.models import Gate, GateCommand  # noqa: E402
from tests.faults import moved_clock, points  # noqa: E402

FOLDER = Path(os.environ["FAULTS_FOLDER"])
ASKED = FOLDER / "asked.log"


def prepare() -> None:
    points.install(FOLDER / "hold")
    moved_clock.follow(FOLDER / "clock")


def ask(gate_id: int, reason: str, die: str = "") -> None:
    points.die_at(die)
    gate = Gate.objects.select_related("controller", "condominium").get(pk=gate_id)
    with transaction.atomic():
        # First of what happens on commit.
        transaction.on_commit(lambda: note("committed", command, moved_clock.real_time()))
        before, shifted = moved_clock.real_time(), moved_clock.shift()
        command = commands.request_open(gate, by="cancela", reason=reason)
        note("asked", command, _begun(command, before, shifted))
    connection.close()


def _begun(command: GateCommand, before: float, shifted: float) -> float:
    """When its life began, by the real clock. Ours may have been moved just now, before or after it was asked for."""
    guesses = [command.requested_at.timestamp() - each for each in (shifted, moved_clock.shift())]
    return min(guesses, key=lambda guess: abs(guess - before))


def note(what: str, command: GateCommand, at: float) -> None:
    """What, which, and when, in nanoseconds of the real clock."""
    line = f"{what} {command.pk} {at * 1e9:.0f}\n".encode()
    file = os.open(ASKED, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(file, line)
    finally:
        os.close(file)
