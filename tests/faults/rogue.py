"""Clients that mean no good: with a password of their own, or with one that they should not have.

`python -m tests.faults.rogue`: floods command topics, a thousand messages a second; told by JSON on standard input.
"""

import json
import secrets
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


class Rogue:
    """A client of the broker under any name, with any will."""

    def __init__(self, port: int, user: str, password: str, *, name: str = "", will: tuple[str, bytes] | None = None):
        self._in = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv311, reconnect_on_failure=False
        )
        self._client.username_pw_set(user, password)
        self._client.max_inflight_messages_set(0)
        if will:
            self._client.will_set(will[0], will[1], qos=1, retain=False)
        self._client.on_connect = lambda *_: self._in.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._in.wait(3)

    def say(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def vanish(self) -> None:
        """Without a good-bye, so that the broker speaks the will."""
        sock: Any = self._client.socket()
        if sock is not None:
            sock.shutdown(2)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def rogue(*arguments: Any, **more: Any) -> Iterator[Rogue]:
    one = Rogue(*arguments, **more)
    try:
        yield one
    finally:
        one.close()


def forged(session: str) -> bytes:
    """A command as it should be, signed by guessing."""
    fields = {"id": secrets.token_hex(16), "session": session, "expires": 2**31, "relay": 1, "pulse_ms": 300}
    return json.dumps(fields | {"signature": secrets.token_hex(32)}, separators=(",", ":")).encode()


def answered(number: str, session: str) -> bytes:
    """That a command pulsed, by who has not the key."""
    fields = {"id": number, "step": "pulsed", "reason": "", "session": session, "uptime": 10**9}
    return json.dumps(fields | {"signature": secrets.token_hex(32)}).encode()


def alive(session: str) -> bytes:
    fields = {"online": True, "session": session, "uptime": 2**40, "firmware": "1.1"}
    return json.dumps(fields | {"signature": secrets.token_hex(32)}).encode()


def flood(port: int, user: str, password: str, topics: Iterable[str], rate: int, seconds: float) -> int:
    """So many messages a second for so long; how many were handed over."""
    topics, said, begun = list(topics), 0, time.monotonic()
    with rogue(port, user, password) as one:
        while (passed := time.monotonic() - begun) < seconds:
            while said < passed * rate:
                one.say(topics[said % len(topics)], forged("ab" * 8))
                said += 1
            time.sleep(0.005)
    return said


if __name__ == "__main__":
    print(flood(**json.loads(sys.stdin.read())))  # noqa: T201
