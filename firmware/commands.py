"""Commands as they come: the one place where bytes become fields."""

import json

from micropython import const

_MAX_BYTES = const(512)
FIELDS = ("id", "session", "expires", "relay", "pulse_ms", "signature")
# Of an order that stands until further notice, instead of a pulse.
ORDER_FIELDS = ("id", "session", "expires", "relay", "stand", "for_ms", "signature")
# The others are whole numbers.
TEXTS = ("id", "session", "stand", "signature")


def parse(payload):
    """The fields of a command or an order, each of its kind; None for anything else."""
    if len(payload) > _MAX_BYTES:
        return None
    try:
        content = json.loads(payload)
    except (ValueError, RuntimeError):  # MicroPython: too deeply nested is a RuntimeError
        return None
    if not isinstance(content, dict):
        return None
    fields = fields_of(content)
    if len(content) != len(fields):
        return None
    for name in fields:
        # `type`, because True is an int too.
        if name not in content or type(content[name]) is not (str if name in TEXTS else int):
            return None
    number = content["id"]
    return content if 0 < len(number) <= 40 and not number.strip("0123456789abcdef-") else None


def fields_of(content):
    return ORDER_FIELDS if "stand" in content else FIELDS


def values_of(command):
    """What of it is signed: its kind, and its values in order."""
    return "hold" if "stand" in command else "cmd", [command[name] for name in fields_of(command)[:-1]]


def is_sensible(command):
    """Whether it asks for something that there is."""
    if "stand" not in command:
        return command["pulse_ms"] > 0
    return (command["stand"] == "open" and command["for_ms"] > 0) or command["stand"] in ("free", "locked")
