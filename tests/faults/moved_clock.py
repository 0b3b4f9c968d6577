"""A server process whose wall clock can be moved from outside: by the seconds that a file says."""

import threading
import time
from pathlib import Path

import time_machine

# What nobody moves.
real_time = time_machine.escape_hatch.time.time


def shift() -> float:
    """How far this process's clock is off at the moment, in seconds."""
    return time.time() - real_time()


def follow(path: Path) -> None:
    """From now on this process's clock goes as the file says. The steady clock goes on as it is."""
    traveller = time_machine.travel(time.time()).start()
    # It counts from the first question on.
    time.time()
    threading.Thread(target=_follow, args=(path, traveller), name="clock", daemon=True).start()


def _follow(path: Path, traveller: time_machine.Traveller) -> None:
    shifted = 0.0
    while True:
        if (wanted := _said(path)) != shifted:
            traveller.shift(wanted - shifted)
            shifted = wanted
        time.sleep(0.01)


def _said(path: Path) -> float:
    try:
        return float(path.read_text() or 0)
    except (OSError, ValueError):  # not there yet, or just being written
        return 0.0
