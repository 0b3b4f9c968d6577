"""Handing work to the task queue from where somebody waits."""

import logging
from collections.abc import Sequence
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger("access")

# A queue that hangs keeps who waits for a second; one that is away, not at all.
PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 1, "interval_start": 0}


def hand_over(task: str, arguments: Sequence[Any], *, expires: float | None = None) -> None:
    """Queue a task by its name. Raises kombu's `OperationalError` where the queue cannot be reached."""
    with current_app.connection_for_write(transport_options=PATIENCE) as queue:
        current_app.send_task(task, arguments, expires=expires, retry=False, connection=queue)


def offer(task: str, arguments: Sequence[Any], *, otherwise: str, expires: float | None = None) -> bool:
    """As `hand_over`, for work that can do without the queue: where that is away, False, and the log says what then."""
    try:
        hand_over(task, arguments, expires=expires)
    except OperationalError:
        logger.warning("The task queue cannot be reached: %s", otherwise)
        return False
    return True
