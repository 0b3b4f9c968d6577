"""Whatever speaks as Home Assistant's MQTT cover does: `<topic>/set`, `<topic>/state`, `<topic>/availability`.

Payloads are its defaults (home-assistant.io/integrations/cover.mqtt): OPEN; opening, open, closing, closed; online,
offline. The board or the automation behind it drives the gate; a pulse's length is its own affair.
"""

from gates.dialects.names import DialectName
from gates.dialects.parts import Board, Dialect, Message, Outlet, Pulse, Report, cover_state, presence


class Cover(Dialect):
    name = DialectName.COVER

    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        return Pulse(Message(f"{board.topic}/set", b"OPEN"))

    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        return self.may_say(board)

    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        if topic == f"{board.topic}/availability":
            return presence(payload, b"online", b"offline")
        return [report for outlet in outlets for report in cover_state(outlet.relay, payload)]

    def territory(self, board: Board) -> list[str]:
        return [board.topic]

    def may_say(self, board: Board) -> list[str]:
        return [f"{board.topic}/state", f"{board.topic}/availability"]

    def may_hear(self, board: Board) -> list[str]:
        return [f"{board.topic}/set"]

    def is_cover(self, outlet: Outlet) -> bool:
        return True
