"""At most so many requests in flight for a device, across threads, processes and machines."""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from redis.exceptions import RedisError

from cameras.problems import Problem, SnapshotError
from cameras.transport import Deadline

logger = logging.getLogger(__name__)

# A slot outlives every request in it; it ends by itself when its process dies.
EXPIRY = 10
# How long one waits for a slot; the rest of the deadline is for the device.
PATIENCE = 1.0


@contextmanager
def queue_errors() -> Iterator[None]:
    """Without the cache nobody can count requests, so nothing is asked: `SnapshotError` (no_queue)."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise SnapshotError(Problem.NO_QUEUE) from error


@contextmanager
def slot(device: str, limit: int, deadline: Deadline) -> Iterator[None]:
    """Hold one of the device's `limit` slots; raises `SnapshotError` busy, or no_queue without the cache."""
    token = secrets.token_hex(8)
    with queue_errors():
        taken = _take(device, limit, token, deadline)
    try:
        yield
    finally:
        _release(taken, token)


def _take(device: str, limit: int, token: str, deadline: Deadline) -> str:
    until = time.monotonic() + min(PATIENCE, deadline.left())
    names = [f"cameras:slot:{device}:{number}" for number in range(limit)]
    while True:
        for name in names:
            if cache.add(name, token, EXPIRY):
                return name
        if time.monotonic() > until:
            raise SnapshotError(Problem.WAITING)
        time.sleep(0.02)


def _release(name: str, token: str) -> None:
    """Give a slot back, unless it has expired and belongs to somebody else by now."""
    try:
        if cache.get(name) == token:
            cache.delete(name)
    except (RedisError, OSError):
        logger.warning("a slot could not be given back; it ends by itself in %d s", EXPIRY)
