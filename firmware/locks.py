"""Which relays are locked, in a file of the board's: a lock-down ends by being freed, and not by pulling the plug."""

import json


def read(path, numbers):
    """Those of the relays that were locked; all of them where the file makes no sense, for the server says it soon."""
    try:
        with open(path) as file:
            text = file.read()
    except OSError:
        return []  # nothing was ever locked
    try:
        locked = json.loads(text)
        return [number for number in numbers if number in locked]
    except (ValueError, TypeError):
        return list(numbers)


def write(path, locked):
    """Raises OSError where the board has no room for it."""
    with open(path, "w") as file:
        json.dump(locked, file)
