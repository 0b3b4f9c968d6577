"""Commands as they come: the one place where bytes become fields."""

import json

MAX_BYTES = 512
FIELDS = (("id", str), ("session", str), ("expires", int), ("relay", int), ("pulse_ms", int), ("signature", str))
ID_LETTERS = "0123456789abcdef-"


def parse(payload):
    """The fields of a command, each of its kind; None for anything else."""
    if len(payload) > MAX_BYTES:
        return None
    try:
        content = json.loads(payload)
    except (ValueError, RuntimeError):  # MicroPython: too deeply nested is a RuntimeError
        return None
    if not isinstance(content, dict) or len(content) != len(FIELDS):
        return None
    for name, kind in FIELDS:
        # `type`, because True is an int too.
        if name not in content or type(content[name]) is not kind:
            return None
    return content if 0 < len(content["id"]) <= 40 and is_id(content["id"]) else None


def is_id(text):
    return all(letter in ID_LETTERS for letter in text)
