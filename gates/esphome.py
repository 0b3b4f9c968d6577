"""A ready ESPHome configuration for a controller and its gates. Pure: text out of what is known of them.

The pulse and the pause after it are a script of the board's, so that neither network nor server can leave a relay on.
Everything secret is a `!secret`, which ESPHome reads from a file beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Between the end of a pulse and the next, as on our own boards.
GAP_MS = 1000


class Chip(StrEnum):
    ESP32 = "esp32"
    ESP8266 = "esp8266"


# Pins that can be an output and an input with a pull-up, and that no chip reads while it starts.
PINS = {
    Chip.ESP32: (16, 17, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33, 13, 14, 4),
    Chip.ESP8266: (5, 4, 14, 12, 13),
}


class PinsError(Exception):
    """The chip has fewer safe pins than the gates need."""


@dataclass(frozen=True)
class Relay:
    """A gate on the board: its relay's number, its name for people, its pulse, and whether switches tell of it."""

    number: int
    gate: str
    pulse_ms: int
    has_switches: bool


@dataclass(frozen=True)
class Node:
    """A board and the broker it speaks to. TLS is for chips that have room for it."""

    name: str
    user: str
    topic: str
    host: str
    port: int
    chip: Chip = Chip.ESP32
    tls: bool = False


def secrets_of(node: Node) -> list[str]:
    """What has to stand in `secrets.yaml` beside the file."""
    return ["wifi_ssid", "wifi_password", "mqtt_password", "ota_password", *(["mqtt_ca"] if node.tls else [])]


def configuration(node: Node, relays: Sequence[Relay]) -> str:
    """The whole file. `esphome config` accepts it as it is. Raises `PinsError`."""
    parts = [_head(node, relays), _CHIP[node.chip], _network(node), _scripts(relays), _switches(relays)]
    return "\n".join([*parts, _sensors(relays), _covers(relays)]).rstrip("\n") + "\n"


def _quoted(text: object) -> str:
    """As JSON writes it, which YAML reads."""
    return json.dumps(text, ensure_ascii=False)


def _head(node: Node, relays: Sequence[Relay]) -> str:
    name = node.name.replace("_", "-").strip("-")[:31].strip("-")
    lines = [
        "# Made by Cancela. Beside it, in secrets.yaml: " + ", ".join(secrets_of(node)) + ".",
        "# The pins are yours to change; the topics are not.",
        *(["substitutions:", *_pins(node.chip, relays), ""] if relays else []),
        "esphome:",
        f"  name: {_quoted(name)}",
        "",
    ]
    return "\n".join(lines)


def _pins(chip: Chip, relays: Sequence[Relay]) -> list[str]:
    names = [f"{what}_{relay.number}_pin" for relay in relays for what in _wires(relay)]
    if len(names) > len(PINS[chip]):
        raise PinsError(f"{len(names)} pins are needed, {chip} has {len(PINS[chip])}")
    return [f'  {name}: "GPIO{pin}"' for name, pin in zip(names, PINS[chip], strict=False)]


def _wires(relay: Relay) -> tuple[str, ...]:
    return ("relay", "open", "closed") if relay.has_switches else ("relay",)


_CHIP = {
    Chip.ESP32: "esp32:\n  board: esp32dev\n  framework:\n    type: esp-idf\n",
    Chip.ESP8266: "esp8266:\n  board: d1_mini\n  restore_from_flash: false\n",
}


def _network(node: Node) -> str:
    tls = ["  certificate_authority: !secret mqtt_ca"] if node.tls else []
    return "\n".join(
        [
            "logger:",
            "",
            "wifi:",
            "  ssid: !secret wifi_ssid",
            "  password: !secret wifi_password",
            "",
            "ota:",
            "  - platform: esphome",
            "    password: !secret ota_password",
            "",
            "mqtt:",
            f"  broker: {_quoted(node.host)}",
            f"  port: {node.port}",
            f"  username: {_quoted(node.user)}",
            "  password: !secret mqtt_password",
            *tls,
            f"  topic_prefix: {_quoted(node.topic)}",
            "  # Nothing is kept for it while it is away, and that it is away is noticed soon.",
            "  clean_session: true",
            "  keepalive: 5s",
            "  discovery: false",
            "  log_topic: null",
            "",
        ]
    )


def _scripts(relays: Sequence[Relay]) -> str:
    lines = ["script:"] if relays else []
    for relay in relays:
        lines += [
            f"  # {_quoted(relay.gate)}",
            f"  - id: pulse_{relay.number}",
            "    # While it runs it cannot be started: one pulse at a time, and a pause after each.",
            "    mode: single",
            "    then:",
            f"      - switch.turn_on: contact_{relay.number}",
            f"      - delay: {relay.pulse_ms}ms",
            f"      - switch.turn_off: contact_{relay.number}",
            f"      - delay: {GAP_MS}ms",
        ]
    return "\n".join([*lines, ""])


def _switches(relays: Sequence[Relay]) -> str:
    lines = ["switch:"] if relays else []
    for relay in relays:
        lines += [
            "  - platform: gpio",
            f"    id: contact_{relay.number}",
            "    internal: true",
            f"    pin: ${{relay_{relay.number}_pin}}",
            "    restore_mode: ALWAYS_OFF",
            "  - platform: template",
            f'    name: "Relay {relay.number}"',
            f"    lambda: return id(contact_{relay.number}).state;",
            "    restore_mode: DISABLED",
            "    turn_on_action:",
            f"      - script.execute: pulse_{relay.number}",
            "    turn_off_action:",
            f"      - switch.turn_off: contact_{relay.number}",
        ]
    return "\n".join([*lines, ""])


def _sensors(relays: Sequence[Relay]) -> str:
    seen = [relay for relay in relays if relay.has_switches]
    lines = ["binary_sensor:"] if seen else []
    for relay in seen:
        lines += [line for which in ("open", "closed") for line in _sensor(which, relay.number)]
    return "\n".join([*lines, ""]) if seen else ""


def _sensor(which: str, number: int) -> list[str]:
    return [
        "  - platform: gpio",
        f"    id: {which}_{number}",
        f'    name: "{which.capitalize()} {number}"',
        "    pin:",
        f"      number: ${{{which}_{number}_pin}}",
        "      mode: INPUT_PULLUP",
        "      inverted: true",
        "    filters:",
        "      - delayed_on_off: 50ms",
    ]


def _covers(relays: Sequence[Relay]) -> str:
    lines = ["cover:"] if relays else []
    for relay in relays:
        lines += [
            "  - platform: template",
            f'    name: "Gate {relay.number}"',
            "    device_class: gate",
            "    restore_mode: NO_RESTORE",
            "    open_action:",
            f"      - script.execute: pulse_{relay.number}",
            *(_position(relay.number) if relay.has_switches else ["    assumed_state: true"]),
        ]
    return "\n".join([*lines, ""])


def _position(number: int) -> list[str]:
    return [
        "    lambda: |-",
        f"      if (id(open_{number}).state) return COVER_OPEN;",
        f"      if (id(closed_{number}).state) return COVER_CLOSED;",
        "      return {};",
    ]
