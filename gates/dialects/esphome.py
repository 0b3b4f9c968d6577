"""ESPHome: `<prefix>/<component>/<object>/command` and `…/state`, `<prefix>/status` as birth and last will.

As esphome/components/mqtt has it (2026.6): a switch says ON and OFF, a cover opening, open, closing, closed. The YAML
that is made here (gates/esphome.py) ends its pulse itself; a switch of somebody else's is expected to, and OFF is sent
after it all the same. A cover drives itself.
"""

from gates.dialects.names import DialectName
from gates.dialects.parts import (
    Board,
    Dialect,
    Message,
    Outlet,
    Pulse,
    Report,
    cover_state,
    presence,
    relay_state,
)


class EspHome(Dialect):
    name = DialectName.ESPHOME
    relays = 8

    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        entity = entity_of(outlet)
        topic = f"{board.topic}/{entity}/command"
        if self.is_cover(outlet):
            return Pulse(Message(topic, b"OPEN"))
        # Ours times its pulse itself; of a switch that somebody else wrote nobody knows.
        return Pulse(Message(topic, b"ON"), Message(topic, b"OFF") if outlet.entity else None)

    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        entities = [entity for outlet in outlets for entity in (entity_of(outlet), position_of(outlet))]
        return [f"{board.topic}/status", *(f"{board.topic}/{entity}/state" for entity in dict.fromkeys(entities))]

    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        rest = topic.removeprefix(f"{board.topic}/")
        if rest == "status":
            return presence(payload, b"online", b"offline")
        entity = rest.removesuffix("/state")
        return [report for outlet in outlets for report in _read(outlet, entity, payload)]

    def territory(self, board: Board) -> list[str]:
        return [board.topic]

    def may_say(self, board: Board) -> list[str]:
        return [
            f"{board.topic}/status",
            f"{board.topic}/debug",
            f"{board.topic}/+/+/state",
            f"{board.topic}/+/+/+/state",
        ]

    def may_hear(self, board: Board) -> list[str]:
        return [f"{board.topic}/+/+/command", f"{board.topic}/+/+/+/command"]

    def is_cover(self, outlet: Outlet) -> bool:
        return outlet.entity.startswith("cover/")


def entity_of(outlet: Outlet) -> str:
    """What is told to pulse. Without a name it is called as in the YAML that is made here."""
    return outlet.entity or f"switch/relay_{outlet.relay}"


def position_of(outlet: Outlet) -> str:
    """What tells where the gate stands: the cover itself, or the one beside the relay in our YAML."""
    return outlet.entity if outlet.entity.startswith("cover/") else f"cover/gate_{outlet.relay}"


def _read(outlet: Outlet, entity: str, payload: bytes) -> list[Report]:
    if entity == position_of(outlet):
        return cover_state(outlet.relay, payload)
    return relay_state(outlet.relay, payload, b"ON", b"OFF") if entity == entity_of(outlet) else []
