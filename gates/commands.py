"""Gate commands: requested, sent, answered, given up.

The row is the queue; its moves are compare-and-sets (moves.py).
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gates import controllers, other_makes, protocol, steady
from gates.broker import BrokerError, publisher
from gates.models import Controller, Gate, GateCommand
from gates.moves import end, move, write_down
from gates.overdue import GRACE as GRACE
from gates.overdue import watch
from gates.problems import Problem
from gates.protocol import Ack, Step
from gates.stands import is_locked
from gates.states import BEFORE, State
from premises import journal
from premises.journal import Actor
from premises.models import User
from premises.tenancy import allows

log = logging.getLogger("gates")

STATE_OF = {
    Step.ACCEPTED: State.ACCEPTED,
    Step.PULSED: State.PULSED,
    Step.CONFIRMED: State.CONFIRMED,
    Step.REFUSED: State.REFUSED,
}
TIME_OF = {
    State.ACCEPTED: "accepted_at",
    State.PULSED: "pulsed_at",
    State.CONFIRMED: "confirmed_at",
}


# --- requested ------------------------------------------------------------------------------------------


def request_open(gate: Gate, *, by: Actor, reason: str, passage_id: UUID | None = None) -> GateCommand:
    """Ask for one opening, in the caller's transaction; it is sent when that commits.

    `by` is a person, an API client, or the name of a part of ours that decided. Raises `PermissionDenied` where
    that person or client may not open this gate, and `ValidationError` where no reason is given. An opening that
    cannot be is recorded too: the command returned is then `failed` and says why. What became of the sending, and
    later of the command, is in the row: `refresh_from_db`.
    """
    _check(gate, by, reason)
    now, asked = timezone.now(), steady.now()
    with transaction.atomic():
        command = GateCommand.objects.create(
            condominium_id=gate.condominium_id,
            gate=gate,
            passage_id=passage_id,
            requested_by=by if isinstance(by, User) else None,
            requested_by_name=journal.name_of(by)[:150],
            reason=reason.strip()[:200],
            pulse_ms=gate.pulse_ms,
            requested_at=now,
            expires_at=now + timedelta(milliseconds=gate.life_ms),
        )
        write_down(command, "gate.requested", actor=by, data={"reason": command.reason})
        if problem := obstacle(gate, now):
            _fail(command, problem)
        else:
            transaction.on_commit(lambda: send(command.pk, asked), robust=True)
    return command


def _check(gate: Gate, by: Actor, reason: str) -> None:
    if not isinstance(by, str) and not allows(by, "gates.open", gate.condominium_id):
        raise PermissionDenied(_("You may not open this gate."))
    if not journal.name_of(by).strip():
        raise PermissionDenied(_("Nobody is named who opens this gate."))
    if not reason.strip():
        raise ValidationError(_("Give a reason for the opening."), code="reason")


def obstacle(gate: Gate, now: datetime) -> Problem | None:
    """Why this gate cannot be opened now, as the database says at this moment."""
    fresh = Gate.objects.select_related("condominium", "controller").get(pk=gate.pk)
    if fresh.condominium.gates_on_hold:
        return Problem.ALL_ON_HOLD
    if fresh.on_hold:
        return Problem.ON_HOLD
    if is_locked(fresh):
        return Problem.LOCKED_DOWN
    controller = fresh.controller
    # Nobody opens another condominium's gate by naming its controller.
    if controller is None or controller.condominium_id != fresh.condominium_id:
        return Problem.NO_CONTROLLER
    return _silence(controller, now)


def _silence(controller: Controller, now: datetime) -> Problem | None:
    if not controller.is_active:
        return Problem.CONTROLLER_INACTIVE
    return Problem.CONTROLLER_OFFLINE if controllers.is_away(controller, now) else None


# --- sent -----------------------------------------------------------------------------------------------


def send(command_id: UUID, asked: float | None = None) -> None:
    """Hand a requested command to the broker, once. Whatever fails ends it; it is never sent later.

    `asked` is the reading of the steady clock at which it was asked for, where that was in this process.
    """
    command = (
        GateCommand.objects.select_related("gate__controller")
        .filter(pk=command_id, state=State.REQUESTED, expires_at__gt=timezone.now())
        .first()
    )
    if command is None or (left := _left(command, asked)) <= timedelta(0):
        return
    if problem := obstacle(command.gate, timezone.now()):
        _fail(command, problem)
    elif (controller := command.gate.controller) and not controller.is_signed:
        _order(command, controller)
    elif controller and _mark_sent(command, controller, left):
        _publish(command, controller)


def _order(command: GateCommand, controller: Controller) -> None:
    """To a board of another make, in its own dialect."""
    try:
        other_makes.give(command, controller)
    except BrokerError as error:
        _not_sent(command, error)


def _left(command: GateCommand, asked: float | None) -> timedelta:
    """What is left of a command's life. Setting our clock back does not lengthen it."""
    life = command.expires_at - command.requested_at
    spent = timedelta(0) if asked is None else timedelta(seconds=steady.now() - asked)
    return min(command.expires_at - timezone.now(), life - spent)


def _mark_sent(command: GateCommand, controller: Controller, left: timedelta) -> bool:
    """Written before the network is touched, so that nothing can send it twice."""
    command.session = controller.session
    command.expires_uptime_ms = controllers.uptime_in(controller, left)
    return move(
        command,
        State.SENT,
        sent_at=timezone.now(),
        session=command.session,
        expires_uptime_ms=command.expires_uptime_ms,
    )


def _publish(command: GateCommand, controller: Controller) -> None:
    payload = protocol.encode_command(
        protocol.Command(
            id=str(command.pk),
            session=command.session,
            expires=command.expires_uptime_ms or 0,
            relay=command.gate.relay,
            pulse_ms=command.pulse_ms,
        ),
        device=controller.device,
        key=bytes.fromhex(controller.key),
    )
    try:
        publisher.publish(protocol.topic(controller.device, protocol.Kind.CMD), payload)
    except BrokerError as error:
        _not_sent(command, error)


def _not_sent(command: GateCommand, error: BrokerError) -> None:
    log.error("gate command %s: %s", command.pk, error)
    if error.uncertain:
        return  # It may have arrived: the controller's answer ends it, or the sweep.
    _fail(command, Problem.BROKER_REFUSED if error.permanent else Problem.BROKER_DOWN, str(error))


def _fail(command: GateCommand, problem: Problem, detail: str = "") -> None:
    end(command, State.FAILED, problem, detail)


# --- answered -------------------------------------------------------------------------------------------


def apply_ack(controller: Controller, ack: Ack) -> bool:
    """Take in what a controller says of a command of its own. Returns whether that was news."""
    command_id = _uuid(ack.id)
    mine = GateCommand.objects.filter(gate__controller=controller).select_related("gate")
    command = mine.filter(pk=command_id).first() if command_id and ack.step in STATE_OF else None
    if command is None:
        log.warning("%s: an answer to no command of its own: %s", controller.device, ack.id)
        return False
    actor, said = f"controller: {controller.device}", {"uptime_ms": ack.uptime}
    state = STATE_OF[ack.step]
    if command.state not in BEFORE[state] or _is_of_a_copy(command, ack):
        return False  # Said before: answers are repeated for some seconds.
    if ack.reason == Problem.HELD_OPEN:
        return end(command, State.STOOD_OPEN, "", actor=actor, data=said)
    if state is State.REFUSED:
        return end(command, state, ack.reason or Problem.MALFORMED, actor=actor, data=said)
    return advance(command, state, actor, said)


def _is_of_a_copy(command: GateCommand, ack: Ack) -> bool:
    """What was accepted and is then unknown to the controller came a second time: it may have pulsed the first time."""
    return command.state == State.ACCEPTED and ack.reason in (Problem.OTHER_SESSION, Problem.USED_BEFORE)


def advance(command: GateCommand, state: State, actor: str, said: dict[str, Any]) -> bool:
    """Move on to a step that a board told of. Returns whether that was news."""
    now = timezone.now()
    times: dict[str, Any] = {TIME_OF[state]: now}
    if state is State.ACCEPTED:
        return move(command, state, **times)
    with transaction.atomic():
        if not move(command, state, **times, ended_at=now, problem="", problem_detail=""):
            return False
        write_down(command, f"gate.{state}", actor=actor, data=said)
    return True


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# --- given up -------------------------------------------------------------------------------------------

GIVEN_UP = {
    State.REQUESTED: Problem.NEVER_SENT,
    State.SENT: Problem.NO_ANSWER,
    State.ACCEPTED: Problem.NO_PULSE,
}


def sweep(now: datetime | None = None) -> int:
    """End the commands whose life is over and whose answer did not come. Returns how many it ended."""
    return sum(_give_up(command) for command in watch.find(now or timezone.now()))


def _give_up(command: GateCommand) -> bool:
    problem = GIVEN_UP[State(command.state)]
    return end(command, State.EXPIRED, problem, before=(State(command.state),))
