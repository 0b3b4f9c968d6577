"""The faults: each a context, which strikes when it is entered and is over when it is left. It lasts a while."""

import contextlib
import dataclasses
import json
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection

from gates import broker_config, protocol
from gates.controllers import Credentials
from tests.faults import rogue
from tests.faults.field import Field
from tests.faults.fleet import Board
from tests.faults.proxy import FAIR, Weather
from tests.faults.wire import Message

HOUR = 3600.0


@dataclass
class Blow:
    """What a fault is told: all that takes part, at which step it strikes, and who was at that step."""

    field: Field
    step: str
    hit: list[Message] = dataclasses.field(default_factory=list)
    commands: list[str] = dataclasses.field(default_factory=list)

    def boards(self) -> list[Board]:
        """The boards whose command was at that step; all, where that was not on the wire."""
        devices = {message.device for message in self.hit}
        return [board for board in self.field.boards if board.device in devices or not devices]


def nothing(_blow: Blow) -> AbstractContextManager[None]:
    return contextlib.nullcontext()


@contextmanager
def broker_killed(blow: Blow) -> Iterator[None]:
    blow.field.broker.kill()
    yield
    blow.field.start_broker()


def weather(what: Weather) -> Callable[[Blow], AbstractContextManager[None]]:
    @contextmanager
    def fault(blow: Blow) -> Iterator[None]:
        blow.field.proxy.weather = what
        yield
        blow.field.proxy.weather = FAIR

    return fault


@contextmanager
def connections_cut(blow: Blow) -> Iterator[None]:
    blow.field.proxy.cut()
    yield


@contextmanager
def board_reset(blow: Blow) -> Iterator[None]:
    for board in blow.boards():
        board.kill()
        board.start()
    yield


@contextmanager
def two_servers(blow: Blow) -> Iterator[None]:
    """Both want to send and to give up the same commands, and both listen."""
    for door in blow.field.doors:
        for number in blow.commands:
            door.tell(do="send", id=number)
        door.tell(do="sweep")
    yield


@contextmanager
def worker_killed(blow: Blow) -> Iterator[None]:
    """At the first steps it dies by itself, at a point of its program that no signal from outside could meet."""
    blow.field.worker.kill()
    yield
    blow.field.worker.start()


@contextmanager
def listener_killed(blow: Blow) -> Iterator[None]:
    blow.field.ears[0].kill()
    yield
    blow.field.ears[0].start()


@contextmanager
def valkey_killed(blow: Blow) -> Iterator[None]:
    blow.field.valkey.kill()
    yield
    blow.field.valkey.start()


@contextmanager
def database_locked(blow: Blow) -> Iterator[None]:
    """By somebody who is in the middle of a large change."""
    with locked_sqlite() if connection.vendor == "sqlite" else locked_postgres():
        yield


@contextmanager
def locked_sqlite() -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=5)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@contextmanager
def locked_postgres() -> Iterator[None]:
    with psycopg.connect(settings.DATABASE_URL) as other:
        other.execute("LOCK TABLE gates_gatecommand IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def clock_moved(seconds: float) -> Callable[[Blow], AbstractContextManager[None]]:
    @contextmanager
    def fault(blow: Blow) -> Iterator[None]:
        blow.field.move_clock(seconds)
        yield
        blow.field.move_clock(0.0)

    return fault


@contextmanager
def wrong_key(blow: Blow) -> Iterator[None]:
    """The server has another key than the board, as after "New key" and before the board has its new file."""
    boards = blow.boards()
    for board in boards:
        board.use_key(secrets.token_hex(32))
    yield
    for board in boards:
        board.use_key(board.credentials.key)


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
        "seconds": LASTS["flood"],
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.rogue"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode())
    process.stdin.close()
    yield
    process.wait(30)


FAULTS: dict[str, Callable[[Blow], AbstractContextManager[None]]] = {
    "none": nothing,
    "broker killed": broker_killed,
    "network delayed": weather(Weather(delay=(0.3, 2.5))),
    "duplicated": weather(Weather(copies=4, shuffle=0.5)),
    "reordered": weather(Weather(shuffle=1.5)),
    "connections cut": connections_cut,
    "board reset": board_reset,
    "two servers": two_servers,
    "worker killed": worker_killed,
    "listener killed": listener_killed,
    "Valkey killed": valkey_killed,
    "database locked": database_locked,
    "clock +1 h": clock_moved(HOUR),
    "clock -1 h": clock_moved(-HOUR),
    "clock +6 s": clock_moved(6.0),
    "clock -6 s": clock_moved(-6.0),
    "wrong key": wrong_key,
    "replay": traffic_replayed,
    "impersonation": impersonated,
    "foreign will": foreign_will,
    "flood": flooded,
}
# Seconds that a fault lasts before it is over.
LASTS = {
    "none": 0.0,
    "broker killed": 0.5,
    "network delayed": 3.0,
    "duplicated": 2.0,
    "reordered": 2.0,
    "connections cut": 0.0,
    "board reset": 0.0,
    "two servers": 0.0,
    "Valkey killed": 1.0,
    "database locked": 3.0,
    "flood": 2.5,
    "foreign will": 0.0,
}


@contextmanager
def struck(name: str, blow: Blow) -> Iterator[None]:
    """A fault strikes; who waits at the step goes on within it; it lasts its time."""
    with FAULTS[name](blow):
        yield
        time.sleep(LASTS.get(name, 1.0))
