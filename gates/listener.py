"""Hears what controllers say, and has it written down.

The network's thread only puts messages in a queue; whoever calls `step` takes them out. So a slow or failing
database neither loses the connection nor the order.
"""

import logging
import queue
import time
from collections import Counter
from collections.abc import Callable

from django.db import Error as AnyDatabaseError
from django.db import close_old_connections
from paho.mqtt.client import MQTTMessage

from gates import (
    board_reports,
    commands,
    contacts,
    controllers,
    dry_runs,
    key_lists,
    key_log,
    key_wire,
    protocol,
    standing_orders,
    tending,
    turns,
)
from gates.board_link import BoardLink
from gates.broker import Subscription
from gates.heard import Heard as Heard
from gates.models import Controller
from gates.protocol import Kind, ProtocolError

log = logging.getLogger("gates.listener")

TOPICS = [f"gates/+/{kind}" for kind in (Kind.STATUS, Kind.ACK, Kind.EVENT)]
QUEUE_SIZE = 10_000
# What one controller may say on a topic: some ten times what a busy one does. What a broken or hostile board says
# beyond it is not heard, so that it takes nobody else's time.
SHARE, SHARE_SECONDS = 200, 10.0
SWEEP_SECONDS = 1.0
PAUSES = (0.0, 0.1, 0.3, 1.0, 2.0)


class Shares:
    """Counts what each controller says, so that none of them fills the queue for the others."""

    def __init__(self) -> None:
        self._since, self._said = 0.0, Counter[str]()

    def take(self, topic: str, now: float) -> int:
        """How many messages were lately sent on a topic, this one included. `now` is monotonic.

        Of status, ack and event each has a share of its own: no flood of events hides an answer.
        """
        if now - self._since >= SHARE_SECONDS:
            self._since, self._said = now, Counter()
        self._said[topic] += 1
        return self._said[topic]


class Listener:
    def __init__(self) -> None:
        self._queue: queue.Queue[Heard] = queue.Queue(QUEUE_SIZE)
        self._shares = Shares()
        self._swept_at = 0.0
        self._subscription = Subscription(TOPICS, self._receive)
        self._subscription.report = log.info
        self.ready = self._subscription.ready
        self._boards = BoardLink(self._receive)

    def open(self) -> None:
        self._subscription.open()

    def close(self) -> None:
        self._subscription.close()
        self._boards.close()

    def _receive(self, message: MQTTMessage) -> None:
        count = self._shares.take(message.topic, time.monotonic())
        if count == SHARE + 1:
            log.error("too much on %s: not heard for some seconds", message.topic)
        if count > SHARE:
            return
        try:
            self._queue.put_nowait(Heard(message.topic, bytes(message.payload), message.retain))
        except queue.Full:
            log.error("too much at once: a message on %s was dropped", message.topic)

    def step(self, timeout: float = 0.2) -> bool:
        """Write down one message, waiting up to `timeout` seconds for it; sweep when a second has passed."""
        self._sweep()
        self._boards.step()
        try:
            heard = self._queue.get(timeout=timeout)
        except queue.Empty:
            return False
        _patiently(lambda: apply(heard))
        return True

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < SWEEP_SECONDS:
            return
        self._swept_at = time.monotonic()
        _patiently(sweep, pauses=(0.0,))


def sweep() -> None:
    controllers.mark_silent()
    commands.sweep()
    turns.repeat_rests()
    tending.tend()


def apply(heard: Heard) -> None:
    """Write down a message, if it is one of ours and signed by the controller that it says.

    What is not below `gates/` was said by a board of another make, or by a Home Assistant.
    """
    if not heard.topic.startswith("gates/"):
        board_reports.take_in(heard)
        return
    try:
        device, kind = protocol.parse_topic(heard.topic)
    except ProtocolError as error:
        log.warning("ignored: %s", error)
        return
    controller = controllers.find(device)
    if controller is None:
        log.warning("ignored a message on %s: no active controller has this name", heard.topic)
        return
    try:
        HANDLERS[kind](controller, heard)
    except ProtocolError as error:
        controllers.note_problem(controller, f"a message on {kind} was ignored: {error}")


def _status(controller: Controller, heard: Heard) -> None:
    key = controllers.key_of(controller)
    status = protocol.parse_status(heard.payload, device=controller.device, key=key)
    # What the broker kept for us may be old: no clock can be read from it.
    if heard.retained and status.online:
        return
    # Where a gate stood some time ago is no news either.
    if controllers.note_status(controller, status, heard.at, heard.steady):
        contacts.note(controller, status.gates, heard.at)
        key_lists.heed(controller, status, heard.at)


def _ack(controller: Controller, heard: Heard) -> None:
    key = controllers.key_of(controller)
    ack = protocol.parse_ack(heard.payload, device=controller.device, key=key)
    if dry_runs.is_one(ack.id):
        dry_runs.apply_ack(controller, ack)
    elif order := standing_orders.find(controller, ack):
        standing_orders.apply_ack(order, ack)
    else:
        commands.apply_ack(controller, ack)


def _event(controller: Controller, heard: Heard) -> None:
    key = controllers.key_of(controller)
    if key_wire.is_log(heard.payload):
        page = key_wire.parse_log(heard.payload, device=controller.device, key=key)
        key_log.take_in(controller, page, heard.at)
        return
    contacts.take_in(controller, protocol.parse_event(heard.payload, device=controller.device, key=key))


def _command(controller: Controller, heard: Heard) -> None:
    raise ProtocolError("commands are ours to give")


HANDLERS: dict[Kind, Callable[[Controller, Heard], None]] = {
    Kind.STATUS: _status,
    Kind.ACK: _ack,
    Kind.EVENT: _event,
    Kind.CMD: _command,
}


def _patiently(work: Callable[[], None], pauses: tuple[float, ...] = PAUSES) -> None:
    """Do it, again where the database failed, and give up with a line in the log after the last pause."""
    for pause in pauses:
        time.sleep(pause)
        try:
            work()
        except AnyDatabaseError as error:
            log.error("the database failed: %s", error)
            # So that the next try gets a connection that works.
            close_old_connections()
        else:
            return
    log.error("given up after %d tries", len(pauses))
