"""What a make has to know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

# The text of an answer of status 200 to a path; raises `SnapshotError`.
Ask = Callable[[str], str]


@dataclass(frozen=True)
class Channel:
    """A channel as its recorder names it. Numbers count from 1."""

    number: int
    name: str


class Make(Protocol):
    def picture_paths(self, channel: int) -> Sequence[str]:
        """Where a channel's picture is: paths with their queries, the usual one first."""
        ...

    def channels(self, ask: Ask) -> list[Channel] | None:
        """The channels that the recorder lists; None where this make does not tell. Raises `SnapshotError`."""
        ...
