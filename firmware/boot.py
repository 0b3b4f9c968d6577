"""The first thing that a board runs: all relays at rest, before anything that takes time or can fail."""

import json

from machine import Pin

try:
    with open("config.json") as file:
        relays = json.load(file)["relays"]
    for relay in relays.values():
        for name in ("pin", "hold_pin"):
            if name in relay:
                Pin(relay[name], Pin.OUT, value=1 if relay.get("active_low") else 0)
except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
    # main.py says what is missing; no pin was made an output.
    print("boot: no relays set up:", error)
