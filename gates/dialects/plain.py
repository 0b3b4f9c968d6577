"""A hobby board that listens to one topic: one payload closes its relay, another opens it again.

What sketches with PubSubClient do (its example "mqtt_esp8266"): `1` on, anything else off. It answers nothing. The
pulse is ours to end, so a board that loses the network in between keeps its relay on; where the sketch can end the
pulse itself, it should.
"""

from gates.dialects.names import DialectName, Lack
from gates.dialects.parts import USUAL, Board, Dialect, Message, Outlet, Pulse, Report, presence


class Plain(Dialect):
    name = DialectName.PLAIN
    lacks = (USUAL - {Lack.WHOSE}) | {Lack.ACKNOWLEDGEMENT, Lack.PULSE_END, Lack.PRESENCE}
    needs = ("payload_on", "payload_off", "status_topic", "opens_unheard")

    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        on, off = (Message(board.topic, text.encode()) for text in (board.payload_on, board.payload_off))
        return Pulse(on, off)

    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        return [board.status_topic] if board.status_topic else []

    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        return presence(payload.lower(), b"online", b"offline")

    def territory(self, board: Board) -> list[str]:
        return [board.topic, *self.may_say(board)]

    def may_say(self, board: Board) -> list[str]:
        return self.hears(board, [])

    def may_hear(self, board: Board) -> list[str]:
        return [board.topic]

    def tells_presence(self, board: Board) -> bool:
        return bool(board.status_topic)
