"""The listener's second connection: to boards of other makes, and to Home Assistants. Opened where there are any.

Which topics matter stands in the database, and is looked up anew every two seconds. While this connection is up, the
broker watches those boards for us and speaks their last will; while it is not, nothing is known of them.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import Error as AnyDatabaseError
from django.utils import timezone
from paho.mqtt import client as mqtt
from paho.mqtt.client import MQTTMessage
from paho.mqtt.reasoncodes import ReasonCode

from gates import home_topics, homes
from gates.board_reports import outlets_of
from gates.broker import KEEPALIVE, new_client
from gates.dialects import DIALECTS
from gates.models import Controller, HomeAssistant

log = logging.getLogger("gates.listener")

LOOK_SECONDS = 2.0


def topics() -> set[str]:
    """Everything that has to be listened to now."""
    boards = Controller.objects.filter(is_active=True, dialect__in=DIALECTS).prefetch_related("gates")
    of_boards = {topic for each in boards for topic in DIALECTS[each.dialect].hears(each.board, outlets_of(each))}
    return of_boards | set(home_topics.server_hears(HomeAssistant.objects.all()))


class BoardLink:
    """All methods but those beginning with `_on` are called by the listener, from one thread."""

    def __init__(self, receive: Callable[[MQTTMessage], None]) -> None:
        self._receive = receive
        self._client: mqtt.Client | None = None
        self._looked_at = 0.0
        self._is_new = False
        self._granted: set[str] = set()
        self._refused: set[str] = set()
        # Which topics a subscription asked for, until it is answered: the answer may be quicker than we note it.
        self._lock, self._asked = threading.Lock(), dict[int, list[str]]()
        # What the broker keeps for Home Assistants, as far as we know.
        self._kept: dict[str, bytes] = {}

    def step(self) -> None:
        """Look after the connection, at most every two seconds; at once where it has just come up."""
        if not self._is_new and time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = time.monotonic()
        try:
            self._look()
        except AnyDatabaseError as error:
            log.error("boards of other makes are not looked after: the database failed: %s", error)

    def close(self) -> None:
        if self._client is not None:
            self._client.publish(home_topics.STATUS, b"offline", qos=1, retain=True)
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def _look(self) -> None:
        wanted = topics()
        if self._client is None:
            self._client = self._open() if wanted else None
            return
        if not self._client.is_connected():
            return
        if self._is_new:
            self._begin()
        self._follow(wanted)
        Controller.objects.filter(dialect__in=DIALECTS, online=True).update(vouched_at=timezone.now())
        self._announce()

    def _open(self) -> mqtt.Client:
        client, host, port = new_client("boards", reconnect=True)
        client.reconnect_delay_set(min_delay=1, max_delay=5)
        client.will_set(home_topics.STATUS, b"offline", qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.connect_async(host, port, KEEPALIVE)
        client.loop_start()
        return client

    def _begin(self) -> None:
        """A connection that has just come up: what was known is old, and what is so now is about to be told."""
        self._is_new = False
        self._granted, self._refused, self._asked = set(), set(), {}
        self._kept = {}
        Controller.objects.filter(dialect__in=DIALECTS, online=True).update(online=False)

    def _follow(self, wanted: set[str]) -> None:
        """Listen to these, and to no others. What the broker does not grant yet is asked for again."""
        assert self._client is not None
        with self._lock:
            asked = {topic for some in self._asked.values() for topic in some}
            if missing := sorted(wanted - self._granted - asked):
                _result, number = self._client.subscribe([(topic, 1) for topic in missing])
                self._asked |= {number: missing} if number is not None else {}
        if gone := sorted(self._granted - wanted):
            self._client.unsubscribe(gone)
            self._granted -= set(gone)

    def _announce(self) -> None:
        """Have the broker keep for Home Assistants what is so now, and nothing else of ours."""
        assert self._client is not None
        if not (self._kept or HomeAssistant.objects.exists()):
            return
        wanted = homes.wanted() | {home_topics.STATUS: b"online"}
        for topic in [each for each in self._kept if each not in wanted]:
            self._client.publish(topic, b"", qos=1, retain=True)
            del self._kept[topic]
        for topic, payload in wanted.items():
            if self._kept.get(topic) != payload:
                self._client.publish(topic, payload, qos=1, retain=True)
                self._kept[topic] = payload

    # --- the network's thread ---

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        if reason.is_failure:
            log.error("the broker refused us: %s", reason)
            return
        self._is_new = True

    def _on_subscribe(self, _client: Any, _data: Any, number: int, reasons: list[ReasonCode], _props: Any) -> None:
        with self._lock:
            asked = self._asked.pop(number, [])
        for topic, reason in zip(asked, reasons, strict=False):
            if not reason.is_failure:
                self._granted.add(topic)
                self._refused.discard(topic)
            elif topic not in self._refused:
                self._refused.add(topic)
                log.warning("the broker does not let us listen to %s yet", topic)

    def _on_message(self, _client: Any, _data: Any, message: MQTTMessage) -> None:
        if not self._is_for_homes(message.topic):
            self._receive(message)
        elif message.retain:
            # A message of ours from before; or, on a topic of requests, one that nobody should have kept.
            self._kept.setdefault(message.topic, bytes(message.payload))
        elif message.topic.endswith("/set"):
            self._receive(message)

    def _is_for_homes(self, topic: str) -> bool:
        return topic.startswith("cancela/") or topic.endswith("/config")
