"""Dry runs: a board is sent a command that it checks wholly, and that cannot move anything.

It is a command like any other, signed, for this session, with an end, and asks for a pulse of no milliseconds. A board
looks at that last: only what is signed with its key, of its session, in time and not used before is refused as
`malformed`. So that signed refusal is the proof, boards of every firmware give it, and none knows a word by which a
command could become one that moves nothing, or the other way round.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gates import controllers, protocol
from gates.broker import BrokerError, Connection, publisher
from gates.hearing import hearing
from gates.models import Controller, DryRun, Gate
from gates.problems import Problem
from gates.protocol import Ack, Step

log = logging.getLogger("gates")

LIFE = timedelta(seconds=10)
# How long the answer may still be under way, and then be written down.
GRACE = timedelta(seconds=2)
PAUSE = 0.05
# Nobody waits at a barrier for this: a broker that is busy is not called away.
PATIENCE = 5.0
KEPT = timedelta(days=7)
NO_PULSE = 0
# Tells their ids from those of commands, so that no answer to a command waits for a look at this table.
PREFIX = "d-"


class Finding(TextChoices):
    """Why a dry run failed, beside what fails commands too."""

    OBEYED = "obeyed", _("It obeyed a command that must not move anything. Take it out of service.")
    NO_ANSWER = "no_dry_answer", _("It is heard, but did not answer a command.")


@dataclass(frozen=True)
class Answer:
    """What came of it. `problem` is empty where the board checked it all; `ms` from sending to its answer."""

    problem: str = ""
    detail: str = ""
    ms: int | None = None

    @property
    def is_of_broker(self) -> bool:
        return self.problem in (Problem.BROKER_DOWN, Problem.BROKER_REFUSED)


def understood_by(controller: Controller) -> bool:
    """Whether this board checks and answers commands at all, and so can be asked without moving anything."""
    return controller.is_signed and bool(controller.key)


def rest() -> None:
    time.sleep(PAUSE)


def run(gate: Gate, *, pause: Callable[[], object] = rest) -> Answer:
    """Ask the board of a gate, and wait for its answer for as long as a dry run lives. Not within a transaction.

    `pause` is called between looks at the row; the listener writes the answer there.
    """
    heard, controller = hearing(gate.controller), gate.controller
    if controller is None or heard.is_red:
        return _broker_fails() or Answer(Problem.CONTROLLER_OFFLINE, heard.code)
    row = _write(controller)
    try:
        payload = _encoded(row, gate, controller)
        publisher.publish(protocol.topic(controller.device, protocol.Kind.CMD), payload, timeout=PATIENCE)
    except protocol.ProtocolError as error:
        return Answer(Problem.BAD_SIGNATURE, str(error))
    except BrokerError as error:
        if not error.uncertain:
            return Answer(_of_broker(error), str(error))
    return _awaited(row, pause)


def _broker_fails() -> Answer | None:
    """A broker that is away is not to be taken for a board that is silent."""
    try:
        Connection(time.monotonic() + PATIENCE).close()
    except BrokerError as error:
        return Answer(_of_broker(error), str(error))
    return None


def _of_broker(error: BrokerError) -> Problem:
    return Problem.BROKER_REFUSED if error.permanent else Problem.BROKER_DOWN


def _write(controller: Controller) -> DryRun:
    now = timezone.now()
    DryRun.objects.filter(controller=controller, sent_at__lt=now - KEPT).delete()
    mine = {"condominium_id": controller.condominium_id, "controller": controller}
    return DryRun.objects.create(**mine, sent_at=now, expires_at=now + LIFE)


def _encoded(row: DryRun, gate: Gate, controller: Controller) -> bytes:
    command = protocol.Command(
        id=PREFIX + row.pk.hex,
        session=controller.session,
        expires=controllers.uptime_at(controller, row.expires_at),
        relay=gate.relay,
        pulse_ms=NO_PULSE,
    )
    return protocol.encode_command(command, device=controller.device, key=controllers.key_of(controller))


def _awaited(row: DryRun, pause: Callable[[], object]) -> Answer:
    deadline = time.monotonic() + (LIFE + GRACE).total_seconds()
    while not row.answered_at and time.monotonic() < deadline:
        pause()
        row.refresh_from_db()
    return _judged(row)


def _judged(row: DryRun) -> Answer:
    if row.answered_at is None:
        return Answer(Finding.NO_ANSWER)
    ms = round((row.answered_at - row.sent_at).total_seconds() * 1000)
    if row.answer == Problem.MALFORMED:
        return Answer(ms=ms)
    obeyed = row.answer in (Step.ACCEPTED, Step.PULSED, Step.CONFIRMED)
    return Answer(Finding.OBEYED if obeyed else row.answer, ms=ms)


def is_one(ack_id: str) -> bool:
    """Whether an answer is one to a dry run."""
    return ack_id.startswith(PREFIX)


def apply_ack(controller: Controller, ack: Ack) -> bool:
    """Take in what a board says of a dry run of its own. Returns whether that was news."""
    if ack.step != Step.REFUSED:
        log.critical("%s obeyed a dry run: %s", controller.device, ack.step)
    try:
        mine = DryRun.objects.filter(pk=UUID(ack.id.removeprefix(PREFIX)), controller=controller, answered_at=None)
    except ValueError:
        log.warning("%s: an answer to no dry run: %s", controller.device, ack.id)
        return False
    answer = ack.reason or ack.step  # a refusal without a reason proves nothing
    return bool(mine.update(answered_at=timezone.now(), answer=answer))
