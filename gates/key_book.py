"""What gates ask of the registry about keys. The registry lies above: it says here who answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gates.key_wire import Read
from gates.models import Controller


@dataclass(frozen=True)
class Listed:
    """A key that a board shall know: the relays that it opens, a bit each, and its end.

    Without relays it is only known to us when it is presented there.
    """

    relays: int
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Named:
    """A key of the registry: its number there, and how it is called."""

    ref: int
    name: str


class Book(Protocol):
    def listed(self, controller: Controller, now: datetime) -> Mapping[int, Listed]:
        """All keys of the board's condominium by their numbers; with relays those that may open there now."""

    def digits(self, refs: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """Kind and digits of keys."""

    def named(self, ref: int) -> Named | None:
        """The key of that number, also one that ended."""

    def decide(self, controller: Controller, ref: int | None, read: Read) -> bool:
        """What becomes of a key, None being unknown, that is presented now; whether an opening was asked for."""


class _Nobody:
    """Without a registry no key is known."""

    def listed(self, controller: Controller, now: datetime) -> Mapping[int, Listed]:
        return {}

    def digits(self, refs: Collection[int]) -> Mapping[int, tuple[str, str]]:
        return {}

    def named(self, ref: int) -> Named | None:
        return None

    def decide(self, controller: Controller, ref: int | None, read: Read) -> bool:
        return False


_answering: list[Book] = [_Nobody()]


def answer(book: Book) -> None:
    """From now on this one is asked."""
    _answering[:] = [book]


def book() -> Book:
    return _answering[0]
