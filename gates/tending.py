"""Looks after what stands at gates until further notice: ends what is over or lost, says again what is not heeded."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from gates import standing_orders, stands
from gates.models import Gate
from gates.order_states import Standing
from gates.problems import Problem
from gates.standing import put
from premises import journal
from premises.journal import SYSTEM

# A hold that its controller has not shown for so long is over: nobody expects the gate to open by then.
LOST = timedelta(seconds=60)
# Before and after its end a hold is left alone: the controller ends it by a clock of its own.
SETTLING = timedelta(seconds=5)

MOST_SECONDS = 1.0


def tend(now: datetime | None = None) -> int:
    """To be called every second or so. Returns how many controllers were told something."""
    now = now or timezone.now()
    standing_orders.sweep(now)
    concerned = (
        ~Q(standing=Standing.FREE) | ~Q(on_board=Standing.FREE) | Q(condominium__locked_down=True, way_out=False)
    )
    rows = Gate.objects.filter(concerned).select_related("controller", "condominium")
    began, times = time.monotonic(), 0
    for gate in rows.order_by(F("said_at").asc(nulls_first=True)):
        times += _tend(gate, now)
        if time.monotonic() - began > MOST_SECONDS:
            break  # a broker that hangs: whoever listens has to go on listening, and the others' turn comes
    return times


def _tend(gate: Gate, now: datetime) -> bool:
    if gate.standing == Standing.OPEN:
        _end_where_it_must(gate, now)
    seen = stands.on_board(gate, now)
    if seen is None or seen == stands.wanted(gate, now) or not _is_time(gate, now):
        return False
    return standing_orders.say(gate.pk) is not None


def _end_where_it_must(gate: Gate, now: datetime) -> None:
    if gate.standing_until is None or now >= gate.standing_until + SETTLING:
        forget_hold(gate)  # when it ended its controller says
    elif stands.is_stopped(gate):
        lose(gate, Problem.LOCKED_DOWN if gate.condominium.locked_down else Problem.ON_HOLD)
    elif now < gate.standing_until:
        problem = _why_not(gate, now)
        if problem == Problem.TOO_LONG or _is_lost(gate, now):
            lose(gate, problem)


def _why_not(gate: Gate, now: datetime) -> str:
    """What became of the last telling of it."""
    last = gate.orders.filter(sent_at__gte=gate.standing_at or now).first()
    return last.problem if last and last.problem else Problem.CONTROLLER_OFFLINE


def _is_lost(gate: Gate, now: datetime) -> bool:
    """Whether its controller has not shown it held open for a minute."""
    seen = stands.on_board(gate, now)
    if seen == Standing.OPEN or gate.standing_at is None:
        return False
    heard = gate.controller.heard_at if gate.controller else None
    since = heard if seen is None else gate.on_board_at
    return now - max(gate.standing_at, since or gate.standing_at) > LOST


def forget_hold(gate: Gate) -> bool:
    """It is wanted no more, and does not come back by itself."""
    return put(gate, (Standing.OPEN,), standing=Standing.FREE, standing_until=None)


@transaction.atomic
def lose(gate: Gate, problem: str) -> None:
    """A hold that cannot be kept is over."""
    if forget_hold(gate):
        data = {"problem": str(problem)}
        journal.record(gate.condominium_id, "gate.hold_lost", actor=SYSTEM, subject=gate.name, data=data)


def _is_time(gate: Gate, now: datetime) -> bool:
    """Not while the last word may still be under way, nor about the end of a hold."""
    if gate.standing_until is not None and abs(now - gate.standing_until) < SETTLING:
        return False
    return gate.said_at is None or now - gate.said_at >= standing_orders.pause(gate.said_times)
