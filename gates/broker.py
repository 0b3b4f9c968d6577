"""The edge to the MQTT broker: publish one message, surely and soon, or say why not.

A connection of ours never reconnects and keeps nothing: what could not be handed over within the time allowed
dies with its connection, because a command that arrives late is worse than none. The next one connects anew.
"""

import os
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

TIMEOUT = 1.0
KEEPALIVE = 15
BEHIND = "gates/server/sent"


class BrokerError(Exception):
    """A message was not handed over.

    `permanent`: trying again will not help (we were refused). `uncertain`: it was written to the network and not
    acknowledged, so it may yet arrive.
    """

    def __init__(self, message: str, *, permanent: bool = False, uncertain: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.uncertain = uncertain


def new_client(name: str, *, reconnect: bool) -> tuple[mqtt.Client, str, int]:
    """A client ready to connect, with the host and port that `MQTT_URL` names (`mqtts` for TLS)."""
    url = urlsplit(settings.MQTT_URL)
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"{name}-{secrets.token_hex(6)}",
        clean_session=True,
        protocol=MQTTProtocolVersion.MQTTv311,
        reconnect_on_failure=reconnect,
    )
    client.username_pw_set(url.username or "cancela", settings.MQTT_PASSWORD)
    client.on_socket_open = _without_delay
    client.connect_timeout = TIMEOUT
    if url.scheme == "mqtts":
        client.tls_set_context(ssl.create_default_context())
    return client, url.hostname or "127.0.0.1", url.port or (8883 if url.scheme == "mqtts" else 1883)


def _without_delay(_client: mqtt.Client, _userdata: Any, sock: Any) -> None:
    # Worth 40 ms a message.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Connection:
    """One connection, from its opening to its end."""

    def __init__(self, deadline: float) -> None:
        self._answered, self._ended = threading.Event(), threading.Event()
        self._refusal = ""
        self._client, host, port = new_client("server", reconnect=False)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        try:
            self._client.connect(host, port, KEEPALIVE)
        except (OSError, ValueError) as error:
            raise BrokerError(f"cannot connect: {error}") from error
        self._client.loop_start()
        self._await_welcome(deadline)

    def _await_welcome(self, deadline: float) -> None:
        answered = self._answered.wait(max(0.0, deadline - time.monotonic()))
        if answered and self.alive:
            return
        self.close()
        raise BrokerError(self._refusal or "the broker does not answer", permanent=bool(self._refusal))

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        if reason.is_failure:
            self._refusal = f"the broker refused us: {reason}"
            self._ended.set()
        self._answered.set()

    def _on_disconnect(self, *_args: Any) -> None:
        self._ended.set()
        self._answered.set()

    @property
    def alive(self) -> bool:
        return not self._ended.is_set()

    def send(self, topic: str, payload: bytes) -> None:
        """At QoS 0, which no broker keeps for who is away; nobody acknowledges it."""
        info = self._client.publish(topic, payload, qos=0, retain=False)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self.close()
            raise BrokerError(f"cannot send: {mqtt.error_string(info.rc)}")

    def publish(self, topic: str, payload: bytes, deadline: float) -> None:
        info = self._client.publish(topic, payload, qos=1, retain=False)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self.close()
            raise BrokerError(f"cannot send: {mqtt.error_string(info.rc)}")
        info.wait_for_publish(max(0.0, deadline - time.monotonic()))
        if not info.is_published():
            self.close()
            raise BrokerError("the broker did not acknowledge", uncertain=True)

    def close(self) -> None:
        self._ended.set()
        self._client.disconnect()
        self._client.loop_stop()


class Publisher:
    """This process's connection, opened when first needed and again when it has ended or the process forked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._connection: Connection | None = None

    def publish(self, topic: str, payload: bytes, *, timeout: float = TIMEOUT) -> None:
        """Hand a message to the broker, at QoS 1 and not retained, or raise `BrokerError` within `timeout` s."""
        deadline = time.monotonic() + timeout
        self._connected(deadline).publish(topic, payload, deadline)

    def hand_over(self, topic: str, payload: bytes, *, timeout: float = TIMEOUT) -> None:
        """To whoever listens at this moment, and to nobody later; raises as `publish` does.

        Boards of other makes may keep a session at the broker, in which it would collect messages of QoS 1. That it
        was taken is known by a message of our own behind it: a broker takes a connection's messages in their order.
        """
        deadline = time.monotonic() + timeout
        connection = self._connected(deadline)
        connection.send(topic, payload)
        connection.publish(BEHIND, b"", deadline)

    def _connected(self, deadline: float) -> Connection:
        if self._pid != os.getpid():
            # The parent's connection and its locks are the parent's: leave them as they are.
            self._lock, self._pid, self._connection = threading.Lock(), os.getpid(), None
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise BrokerError("others are still waiting for the broker")
        try:
            if self._connection is None or not self._connection.alive:
                self.close()
                self._connection = Connection(deadline)
            return self._connection
        finally:
            self._lock.release()

    def close(self) -> None:
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        self._connection = None


publisher = Publisher()


class Subscription:
    """Messages of some topics, for as long as it is open; connects again by itself, ever more slowly."""

    def __init__(self, topics: list[str], receive: Callable[[mqtt.MQTTMessage], None]) -> None:
        self._topics = topics
        self._client, self._host, self._port = new_client("listener", reconnect=True)
        self._client.reconnect_delay_set(min_delay=1, max_delay=5)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = lambda _client, _data, message: receive(message)
        self.ready = threading.Event()
        self.report: Callable[[str], None] = lambda text: None

    def open(self) -> None:
        self._client.connect_async(self._host, self._port, KEEPALIVE)
        self._client.loop_start()

    def close(self) -> None:
        self._client.on_disconnect = None
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        if reason.is_failure:
            self.report(f"the broker refused us: {reason}")
            return
        client.subscribe([(topic, 1) for topic in self._topics])

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: list[ReasonCode], _props: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self.report("the broker does not let us listen")
            return
        self.report("listening")
        self.ready.set()

    def _on_disconnect(self, *_args: Any) -> None:
        self.ready.clear()
        self.report("the broker is gone; trying again")
