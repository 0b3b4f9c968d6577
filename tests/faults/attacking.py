"""The faults that somebody means: replayed traffic, a board that speaks for others, a foreign will, a flood."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from gates import broker_config, protocol
from gates.controllers import Credentials
from tests.faults import rogue
from tests.faults.blow import Blow
from tests.faults.wire import Message

FLOOD_SECONDS = 2.5


@contextmanager
def traffic_replayed(blow: Blow) -> Iterator[None]:
    """Everything that was ever said, once more, by somebody with the server's own password."""
    captured = list(blow.field.proxy.captured)
    with rogue.rogue(blow.field.broker_port, broker_config.server_user(), settings.MQTT_PASSWORD) as one:
        for message in captured[-600:]:
            one.say(message.topic, message.payload)
        yield


@contextmanager
def impersonated(blow: Blow) -> Iterator[None]:
    """Mallory, whose password is good, speaks for other boards, and takes their names at the broker."""
    mallory = blow.field.rogue
    assert mallory is not None
    port = blow.field.broker_port
    with contextlib.ExitStack() as stack:
        for message in blow.hit[:3] or [Message(f"gates/{blow.field.boards[0].device}/ack", b"{}")]:
            session = str(message.fields().get("session", "ab" * 8))
            one = stack.enter_context(rogue.rogue(port, mallory.device, mallory.password, name=session))
            for number in blow.commands[:40]:
                one.say(f"gates/{message.device}/ack", rogue.answered(number, session))
                one.say(f"gates/{mallory.device}/ack", signed(mallory, number, session))
            one.say(f"gates/{message.device}/status", rogue.alive(session))
            one.say(f"gates/{message.device}/cmd", rogue.forged(session))
        yield


def signed(mallory: Credentials, number: str, session: str) -> bytes:
    """That a command of another board's pulsed, well signed with Mallory's own key."""
    fields: dict[str, str | int] = {"id": number, "step": "pulsed", "reason": "", "session": session, "uptime": 10**9}
    signature = protocol.sign(bytes.fromhex(mallory.key), protocol.Kind.ACK, mallory.device, list(fields.values()))
    return json.dumps(fields | {"signature": signature}).encode()


@contextmanager
def foreign_will(blow: Blow) -> Iterator[None]:
    """Mallory dies, and wants the broker to say something for others."""
    mallory = blow.field.rogue
    assert mallory is not None
    port, device = blow.field.broker_port, blow.boards()[0].device
    session = next((str(message.fields().get("session")) for message in blow.hit), "ab" * 8)
    genuine = next((each.payload for each in reversed(blow.field.proxy.captured) if each.kind == "cmd"), b"{}")
    gone = json.dumps({"online": False, "session": session}).encode()
    for will in ((f"gates/{device}/cmd", genuine), (f"gates/{device}/status", gone), ("gates/mallory/cmd", genuine)):
        with rogue.rogue(port, mallory.device, mallory.password, will=will) as one:
            one.vanish()
    yield


@contextmanager
def flooded(blow: Blow) -> Iterator[None]:
    """A thousand forged commands a second, by somebody with the server's own password, and mostly for one board."""
    devices = [board.device for board in blow.field.boards]
    topics = [f"gates/{device}/cmd" for device in devices] + [f"gates/{devices[0]}/cmd"] * len(devices)
    order = {
        "port": blow.field.broker_port,
        "user": broker_config.server_user(),
        "password": settings.MQTT_PASSWORD,
        "topics": topics,
        "rate": 1000,
        "seconds": FLOOD_SECONDS,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.rogue"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode())
    process.stdin.close()
    yield
    process.wait(30)
