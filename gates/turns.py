"""Turns at a gate whose board takes any number of pulses: one at a time, and every one comes to rest.

Boards of other makes count no pulses and keep no gap between them, so the server does: a row for each gate, taken by
compare-and-set. Where the server also ends the pulse, the row says so before the pulse begins; whoever sweeps next
says it again, so that a process that died in between leaves no relay on.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gates.broker import BrokerError, publisher
from gates.dialects import DIALECTS
from gates.dialects.parts import Message, Outlet, Pulse
from gates.models import Controller, Gate, GateTurn

log = logging.getLogger("gates")

# As on our own boards: between the end of a pulse and the next.
GAP = timedelta(seconds=1)
# A row that says more than this was written by a clock that was wrong.
LONGEST = timedelta(seconds=5)
# When rest is said again after the end of a pulse: for a process that died, and for a board that was away.
AGAIN = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
NEVER = datetime.fromtimestamp(0, tz=timezone.get_default_timezone())


def pulse_of(controller: Controller, gate: Gate, command: str, milliseconds: int) -> Pulse:
    outlet = Outlet(gate.relay, gate.entity)
    return DIALECTS[controller.dialect].pulse(controller.board, outlet, command, milliseconds)


def take(gate: Gate, milliseconds: int, *, rests: bool) -> bool:
    """Take the gate's turn for one pulse, or False where the last is not over for a second yet."""
    now = timezone.now()
    end = now + timedelta(milliseconds=milliseconds)
    GateTurn.objects.get_or_create(gate=gate, defaults={"busy_until": NEVER})
    free = GateTurn.objects.filter(gate=gate).filter(Q(busy_until__lt=now) | Q(busy_until__gt=now + LONGEST))
    return bool(free.update(busy_until=end + GAP, rest_due=end if rests else None, rests=0))


def rest_after(milliseconds: int, message: Message) -> None:
    """End the pulse from here. If this process dies before, the row has it ended by another."""
    timer = threading.Timer(milliseconds / 1000, _say, [message])
    timer.daemon = True
    timer.start()


def _say(message: Message) -> None:
    try:
        publisher.publish(message.topic, message.payload)
    except BrokerError as error:
        log.error("the end of a pulse on %s was not said: %s", message.topic, error)


def repeat_rests(now: datetime | None = None) -> int:
    """Say rest again where a pulse ended a while ago. Returns how often it was said."""
    moment = now or timezone.now()
    due = GateTurn.objects.filter(rest_due__lt=moment - AGAIN[0]).select_related("gate__controller")
    return sum(_repeat(turn) for turn in due if turn.rest_due and turn.rest_due + AGAIN[turn.rests] < moment)


def _repeat(turn: GateTurn) -> bool:
    """A pulse that begins meanwhile waits for the row, and so for this: it is never cut short."""
    last = turn.rests + 1 >= len(AGAIN)
    mine = GateTurn.objects.filter(pk=turn.pk, busy_until=turn.busy_until, rests=turn.rests)
    try:
        with transaction.atomic():
            if not mine.update(rests=0 if last else turn.rests + 1, rest_due=None if last else turn.rest_due):
                return False
            _rest(turn.gate)
    except BrokerError as error:
        log.error("%s: rest could not be said: %s", turn.gate, error)
        return False
    return True


def _rest(gate: Gate) -> None:
    controller = gate.controller
    if controller is None or controller.is_signed:
        return
    pulse = pulse_of(controller, gate, "", gate.pulse_ms)
    if pulse.rest is not None:
        publisher.publish(pulse.rest.topic, pulse.rest.payload)


def owe_rest(controller: Controller) -> None:
    """A board came back: its relay may have been left on. Only of gates that we ever pulsed, and none that pulses."""
    now = timezone.now()
    idle = GateTurn.objects.filter(gate__controller=controller, busy_until__lt=now)
    idle.update(rest_due=now, rests=0)
