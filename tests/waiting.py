"""Waiting in tests: for a condition, with a deadline, never for luck."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T], timeout: float = 5.0, interval: float = 0.02) -> T:
    """Return the first true value of `condition()`; raise `TimeoutError` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {value!r} after {timeout} s: {condition}")
        time.sleep(interval)
    return value
