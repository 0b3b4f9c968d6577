"""What every dialect is made of. Pure: no clock, no network, no database.

A dialect says what is published for one pulse, on which topics its board speaks and what that means, and what the
board cannot promise. Whatever cannot be understood means nothing: it never opens, and never confirms an opening.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from gates.dialects.names import DialectName, Lack

# What nearly all of them lack.
USUAL = frozenset({Lack.SIGNATURE, Lack.SINGLE_USE, Lack.EXPIRY, Lack.WHOSE, Lack.SILENCE, Lack.GUARD})


@dataclass(frozen=True)
class Board:
    """How a board is reached. `topic` is the level or levels that are its own; each dialect says where they stand."""

    topic: str
    payload_on: str = "1"
    payload_off: str = "0"
    status_topic: str = ""


@dataclass(frozen=True)
class Outlet:
    """What moves one gate: a relay, counted from 1, or what the board calls it."""

    relay: int
    entity: str = ""


@dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes


@dataclass(frozen=True)
class Pulse:
    """`rest` has to follow when the pulse is over, where the board does not end it by itself."""

    start: Message
    rest: Message | None = None


class Said(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    ON = "on"
    OFF = "off"
    ACCEPTED = "accepted"  # of the command that is named
    REFUSED = "refused"  # of the command that is named
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True)
class Report:
    """Something that a board said: of itself, of a relay, or of a command whose id it repeats."""

    what: Said
    relay: int = 0
    command: str = ""
    detail: str = ""


class Dialect(ABC):
    name: ClassVar[DialectName]
    lacks: ClassVar[frozenset[Lack]] = USUAL
    relays: ClassVar[int] = 1
    # Which fields of a controller it needs beside its topic.
    needs: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        """What makes the board pulse once."""

    @abstractmethod
    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        """The topics on which the board says something that we understand; no wildcards."""

    @abstractmethod
    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        """What a message on one of these topics means; nothing where it means nothing."""

    @abstractmethod
    def territory(self, board: Board) -> list[str]:
        """Topics that are this board's alone, with everything below them."""

    @abstractmethod
    def may_say(self, board: Board) -> list[str]:
        """Topic filters on which the broker lets the board publish."""

    @abstractmethod
    def may_hear(self, board: Board) -> list[str]:
        """Topic filters to which the broker lets the board subscribe; the server publishes on them."""

    def lacking(self, board: Board) -> list[Lack]:
        """What this board cannot promise, in the order of `Lack`."""
        missing = self.lacks - ({Lack.PRESENCE} if self.tells_presence(board) else set())
        return [lack for lack in Lack if lack in missing]

    def tells_presence(self, board: Board) -> bool:
        return True

    def is_cover(self, outlet: Outlet) -> bool:
        """Whether what is told to open drives the gate and says so, and is no mere relay."""
        return False

    def answers(self, board: Board) -> bool:
        """Whether the board ever says what became of a pulse."""
        return Lack.ACKNOWLEDGEMENT not in self.lacks


def presence(payload: bytes, online: bytes, offline: bytes) -> list[Report]:
    """What a board said by itself, or the broker for it when it was gone."""
    known = {online: Said.ONLINE, offline: Said.OFFLINE}
    return [Report(known[payload])] if payload in known else []


def relay_state(relay: int, payload: bytes, on: bytes, off: bytes) -> list[Report]:
    known = {on: Said.ON, off: Said.OFF}
    return [Report(known[payload], relay)] if payload in known else []


COVER_STATES = {
    b"opening": Said.OPENING,
    b"open": Said.OPEN,
    b"closing": Said.CLOSING,
    b"closed": Said.CLOSED,
}


def cover_state(relay: int, payload: bytes) -> list[Report]:
    return [Report(COVER_STATES[payload], relay)] if payload in COVER_STATES else []
