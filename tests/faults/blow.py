"""What a fault is told when it strikes."""

import dataclasses
from dataclasses import dataclass

from tests.faults.field import Field
from tests.faults.fleet import Board
from tests.faults.wire import Message


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
