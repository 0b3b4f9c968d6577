"""The faults: each a context, which strikes when it is entered and is over when it is left. It lasts a while."""

import contextlib
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
from django.conf import settings
from django.db import connection

from tests.faults.attacking import FLOOD_SECONDS, flooded, foreign_will, impersonated, traffic_replayed
from tests.faults.blow import Blow
from tests.faults.proxy import FAIR, Weather

HOUR = 3600.0


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
    "flood": FLOOD_SECONDS,
    "foreign will": 0.0,
}


@contextmanager
def struck(name: str, blow: Blow) -> Iterator[None]:
    """A fault strikes; who waits at the step goes on within it; it lasts its time."""
    with FAULTS[name](blow):
        yield
        time.sleep(LASTS.get(name, 1.0))
