"""Orders until further notice: said to a controller, answered, given up.

What shall stand is in the gate's row, and that row is the queue: an order is made at the moment of its sending, from
what is wanted then. So none is ever old, and none waits anywhere.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone

from gates import controllers, protocol
from gates.broker import BrokerError, publisher
from gates.models import Controller, Gate, StandingOrder
from gates.order_states import BEFORE, OrderState, Standing
from gates.problems import Problem
from gates.protocol import Ack, ProtocolError, Step
from gates.stands import on_board, wanted

log = logging.getLogger("gates")

LIFE = timedelta(seconds=5)
GRACE = timedelta(seconds=2)
# Between two sayings of the same: ever longer, so that a board that will not is not talked to without end.
LONGEST_PAUSE = 60


def pause(times: int) -> timedelta:
    """How long to wait before it is said again, having been said so often in vain."""
    return timedelta(seconds=min(2 ** max(1, min(times, 6)), LONGEST_PAUSE))


# --- said -----------------------------------------------------------------------------------------------


def say(gate_id: int) -> StandingOrder | None:
    """Tell a gate's controller what stands there now. None where it is not heard, or another process just did."""
    now = timezone.now()
    gate = Gate.objects.select_related("controller", "condominium").filter(pk=gate_id).first()
    if gate is None or gate.controller is None or (seen := on_board(gate, now)) is None:
        return None
    key = _key(gate.controller)
    if key is None or not _claim(gate, now):
        return None
    order = _written(gate, gate.controller, _next(seen, wanted(gate, now)), now)
    _publish(order, gate.relay, gate.controller.device, key)
    return order


def _key(controller: Controller) -> bytes | None:
    try:
        return controllers.key_of(controller)
    except ProtocolError as error:
        controllers.note_problem(controller, str(error))
        return None


def _claim(gate: Gate, now: datetime) -> bool:
    """Compare and set: of two processes one says it."""
    rows = Gate.objects.filter(pk=gate.pk, said_at=gate.said_at)
    return bool(rows.update(said_at=now, said_times=F("said_times") + 1))


def _next(seen: Standing, standing: Standing) -> Standing:
    """A locked relay opens for nobody: it is freed first."""
    return Standing.FREE if (seen, standing) == (Standing.LOCKED, Standing.OPEN) else standing


def _written(gate: Gate, controller: Controller, standing: Standing, now: datetime) -> StandingOrder:
    """Before the network is touched."""
    whole = standing == Standing.LOCKED and gate.standing != Standing.LOCKED
    return StandingOrder.objects.create(
        condominium_id=gate.condominium_id,
        gate=gate,
        standing=standing,
        for_ms=_left(gate, now) if standing == Standing.OPEN else 0,
        asked_by_name=gate.condominium.locked_by if whole else gate.standing_by,
        reason=gate.condominium.locked_because if whole else gate.standing_because,
        sent_at=now,
        expires_at=now + LIFE,
        session=controller.session,
        expires_uptime_ms=_expiry(gate, controller, now + LIFE),
    )


def _left(gate: Gate, now: datetime) -> int:
    return 0 if gate.standing_until is None else max(1, (gate.standing_until - now) // timedelta(milliseconds=1))


def _expiry(gate: Gate, controller: Controller, expires_at: datetime) -> int:
    """In the controller's clock, and after that of the order before: so the board knows which of two is the later."""
    before = StandingOrder.objects.filter(gate=gate, session=controller.session).aggregate(
        last=Max("expires_uptime_ms")
    )
    return max(controllers.uptime_at(controller, expires_at), (before["last"] or 0) + 1)


def _publish(order: StandingOrder, relay: int, device: str, key: bytes) -> None:
    said = protocol.Order(
        str(order.pk), order.session, order.expires_uptime_ms, relay, str(order.standing), order.for_ms
    )
    payload = protocol.encode_order(said, device=device, key=key)
    try:
        publisher.publish(protocol.topic(device, protocol.Kind.CMD), payload)
    except BrokerError as error:
        log.error("standing order %s: %s", order.pk, error)
        if not error.uncertain:  # else the answer ends it, or the sweep
            problem = Problem.BROKER_REFUSED if error.permanent else Problem.BROKER_DOWN
            _end(order, OrderState.FAILED, problem=problem, problem_detail=str(error)[:200])


# --- answered -------------------------------------------------------------------------------------------


def find(controller: Controller, ack: Ack) -> StandingOrder | None:
    """The order of this controller that an answer belongs to, if it belongs to one."""
    if ack.step not in (Step.DONE, Step.REFUSED):
        return None
    try:
        number = UUID(ack.id)
    except ValueError:
        return None
    return StandingOrder.objects.filter(pk=number, gate__controller=controller).select_related("gate").first()


def apply_ack(order: StandingOrder, ack: Ack) -> bool:
    """Take in what its controller says of an order. Returns whether that was news."""
    if ack.step is Step.REFUSED:
        return _end(order, OrderState.REFUSED, problem=(ack.reason or Problem.MALFORMED)[:40])
    if not _end(order, OrderState.DONE, problem="", problem_detail=""):
        return False
    Gate.objects.filter(pk=order.gate_id).exclude(on_board=order.standing).update(
        on_board=order.standing, on_board_at=timezone.now()
    )
    Gate.objects.filter(pk=order.gate_id).update(said_times=0)
    return True


def sweep(now: datetime) -> int:
    """End the orders that nobody answered; what is wanted is said again by who looks after that."""
    overdue = StandingOrder.objects.filter(state=OrderState.SENT, expires_at__lt=now - GRACE)
    return sum(_end(order, OrderState.EXPIRED, problem=Problem.NO_ANSWER) for order in overdue)


def _end(order: StandingOrder, state: OrderState, **change: Any) -> bool:
    """Compare and set."""
    change |= {"state": state, "ended_at": timezone.now()}
    if not StandingOrder.objects.filter(pk=order.pk, state__in=BEFORE[state]).update(**change):
        return False
    for name, value in change.items():
        setattr(order, name, value)
    if state is not OrderState.DONE:
        log.warning("standing order %s: %s, %s", order.pk, state, order.problem)
    return True
