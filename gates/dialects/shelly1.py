"""Shelly, first generation: `shellies/<id>/relay/<n>/command`, `shellies/<id>/relay/<n>`, `shellies/<id>/online`.

Over MQTT it knows `on`, `off` and `toggle`, and no time (shelly-api-docs.shelly.cloud/gen1, "MQTT"): the pulse is ours
to end. Its setting `auto_off` makes the board end it too, which is what docs/dialects.md asks for.
"""

from gates.dialects.names import DialectName, Lack
from gates.dialects.parts import USUAL, Board, Dialect, Message, Outlet, Pulse, Report, presence, relay_state


class Shelly1(Dialect):
    name = DialectName.SHELLY1
    lacks = USUAL | {Lack.PULSE_END}
    relays = 4

    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        topic = f"{_state(board, outlet)}/command"
        return Pulse(Message(topic, b"on"), Message(topic, b"off"))

    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        return [f"shellies/{board.topic}/online", *(_state(board, outlet) for outlet in outlets)]

    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        if topic == f"shellies/{board.topic}/online":
            return presence(payload, b"true", b"false")
        of = [outlet.relay for outlet in outlets if topic == _state(board, outlet)]
        return [report for relay in of for report in relay_state(relay, payload, b"on", b"off")]

    def territory(self, board: Board) -> list[str]:
        return [f"shellies/{board.topic}"]

    def may_say(self, board: Board) -> list[str]:
        # Nothing below a relay but what it measures: its command topic is not its own to speak on.
        below = ("online", "announce", "info", "relay/+", "relay/+/power", "relay/+/energy", "input/+", "input_event/+")
        return [f"shellies/{board.topic}/{name}" for name in below]

    def may_hear(self, board: Board) -> list[str]:
        return [f"shellies/{board.topic}/command", f"shellies/{board.topic}/relay/+/command"]


def _state(board: Board, outlet: Outlet) -> str:
    return f"shellies/{board.topic}/relay/{outlet.relay - 1}"
