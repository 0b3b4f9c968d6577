"""What Home Assistant finds by itself: its MQTT discovery messages, and the states behind them. Pure.

As home-assistant.io/integrations/mqtt, cover.mqtt, event.mqtt and binary_sensor.mqtt describe them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gates import home_topics
from gates.positions import Position

EVENT_TYPES = ("open", "refuse", "ask", "record")
# A cover is open or closed; of what stands in between only a switch can tell.
COVER_STATES = {
    Position.OPEN: "open",
    Position.NOT_CLOSED: "open",
    Position.CLOSED: "closed",
    Position.NOT_OPEN: "closed",
}
# What makes Home Assistant say "unknown".
UNKNOWN = "None"


@dataclass(frozen=True)
class GateSeen:
    pk: int
    name: str
    position: Position
    # None where nobody knows.
    reachable: bool | None


@dataclass(frozen=True)
class ControllerSeen:
    pk: int
    name: str
    online: bool | None


@dataclass(frozen=True)
class Home:
    """A condominium as it is announced to one Home Assistant."""

    condominium_id: int
    name: str
    prefix: str
    takes_commands: bool
    gates: list[GateSeen] = field(default_factory=list)
    controllers: list[ControllerSeen] = field(default_factory=list)
    lanes: list[tuple[int, str]] = field(default_factory=list)


def retained(home: Home) -> dict[str, bytes]:
    """Everything the broker shall keep for it, by topic."""
    found: dict[str, bytes] = {}
    for gate in home.gates:
        found |= _gate(home, gate)
    for controller in home.controllers:
        found |= _controller(home, controller)
    for pk, name in home.lanes:
        found |= _config(home, "event", "lane", pk, name, _lane(home, pk))
    return found


def _gate(home: Home, gate: GateSeen) -> dict[str, bytes]:
    base = f"{home_topics.root(home.condominium_id)}/gate/{gate.pk}"
    about: dict[str, Any] = {
        "device_class": "gate",
        "state_topic": f"{base}/state",
        "availability": _available(f"{base}/availability"),
        "availability_mode": "all",
    }
    if home.takes_commands:
        # It can be asked to open, and to nothing else: we close on nobody.
        about |= {"command_topic": f"{base}/set", "payload_open": "OPEN", "payload_close": None, "payload_stop": None}
        about |= {"retain": False, "optimistic": False, "qos": 0}
    return _config(home, "cover", "gate", gate.pk, gate.name, about) | {
        f"{base}/state": COVER_STATES.get(gate.position, UNKNOWN).encode(),
        f"{base}/availability": b"offline" if gate.reachable is False else b"online",
    }


def _controller(home: Home, controller: ControllerSeen) -> dict[str, bytes]:
    base = f"{home_topics.root(home.condominium_id)}/controller/{controller.pk}"
    about = {
        "device_class": "connectivity",
        "entity_category": "diagnostic",
        "state_topic": f"{base}/status",
        "payload_on": "online",
        "payload_off": "offline",
        "availability": _available(),
    }
    words = {True: b"online", False: b"offline", None: UNKNOWN.encode()}
    config = _config(home, "binary_sensor", "controller", controller.pk, controller.name, about)
    return config | {f"{base}/status": words[controller.online]}


def _lane(home: Home, pk: int) -> dict[str, Any]:
    return {
        "state_topic": passage_topic(home.condominium_id, pk),
        "event_types": list(EVENT_TYPES),
        "availability": _available(),
    }


def passage_topic(condominium_id: int, lane_id: int) -> str:
    return f"{home_topics.root(condominium_id)}/lane/{lane_id}/passage"


def passage(outcome: str, plate: str | None) -> bytes:
    """A passage as an event; without the plate where it is not to be told."""
    told = {"event_type": outcome} | ({} if plate is None else {"plate": plate})
    return json.dumps(told).encode()


def _config(home: Home, component: str, kind: str, pk: int, name: str, about: dict[str, Any]) -> dict[str, bytes]:
    node = home_topics.node(home.condominium_id)
    common = {
        "name": name,
        "unique_id": f"{node}_{kind}_{pk}",
        "device": {"identifiers": [node], "name": home.name, "manufacturer": "Cancela", "model": "Cancela"},
        "origin": {"name": "Cancela"},
    }
    topic = f"{home.prefix}/{component}/{node}/{kind}_{pk}/config"
    return {topic: json.dumps(common | about, ensure_ascii=False, sort_keys=True).encode()}


def _available(*topics: str) -> list[dict[str, str]]:
    return [{"topic": topic} for topic in (home_topics.STATUS, *topics)]


def all_of(homes: Iterable[Home]) -> dict[str, bytes]:
    return {topic: payload for home in homes for topic, payload in retained(home).items()}
