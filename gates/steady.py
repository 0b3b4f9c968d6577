"""A clock that nobody sets: how much time went by, even where the wall clock was moved meanwhile.

All processes of one machine read the same one. What it shows says nothing on another machine, or after a restart of it.
"""

import time
from functools import cache
from pathlib import Path


def now() -> float:
    """Seconds since some moment of this machine's start."""
    return time.monotonic()


@cache
def here() -> str:
    """The name of this machine's clock, new with every start of it; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
