"""Tasmota with its usual topics: `cmnd/<topic>/…`, `stat/<topic>/POWER`, `tele/<topic>/LWT`.

One message sets the length of the pulse and starts it: `Backlog0` runs its commands without a pause between them, and
`PulseTime<x>` counts tenths of a second up to 111, after which the board switches the relay off by itself
(tasmota.github.io/docs/Commands: Backlog, PulseTime, Power).
"""

from gates.dialects.names import DialectName
from gates.dialects.parts import Board, Dialect, Message, Outlet, Pulse, Report, presence, relay_state

TENTH = 100


class Tasmota(Dialect):
    name = DialectName.TASMOTA
    relays = 8

    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        tenths = max(1, round(milliseconds / TENTH))
        text = f"PulseTime{outlet.relay} {tenths};Power{outlet.relay} ON"
        return Pulse(Message(f"cmnd/{board.topic}/Backlog0", text.encode()))

    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        states = [f"stat/{board.topic}/{name}" for outlet in outlets for name in _names(outlet)]
        return [f"tele/{board.topic}/LWT", *states]

    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        if topic == f"tele/{board.topic}/LWT":
            return presence(payload, b"Online", b"Offline")
        said = topic.rpartition("/")[2]
        of = [outlet.relay for outlet in outlets if said in _names(outlet)]
        return [report for relay in of for report in relay_state(relay, payload, b"ON", b"OFF")]

    def territory(self, board: Board) -> list[str]:
        return [f"{root}/{board.topic}" for root in ("cmnd", "stat", "tele")]

    def may_say(self, board: Board) -> list[str]:
        # When it connects it says nothing on its own command topic, retained, to wipe out what others left there.
        return [f"stat/{board.topic}/#", f"tele/{board.topic}/#", f"cmnd/{board.topic}/POWER"]

    def may_hear(self, board: Board) -> list[str]:
        return [f"cmnd/{board.topic}/#"]


def _names(outlet: Outlet) -> list[str]:
    """A board with one relay leaves the number out."""
    return ["POWER", "POWER1"] if outlet.relay == 1 else [f"POWER{outlet.relay}"]
