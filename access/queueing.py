"""Handing work to the task queue from where somebody waits."""

from collections.abc import Sequence
from typing import Any

from celery import current_app

# A queue that hangs keeps who waits for a second; one that is away, not at all.
PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 1, "interval_start": 0}


def hand_over(task: str, arguments: Sequence[Any], *, expires: float | None = None) -> None:
    """Queue a task by its name. Raises kombu's `OperationalError` where the queue cannot be reached."""
    with current_app.connection_for_write(transport_options=PATIENCE) as queue:
        current_app.send_task(task, arguments, expires=expires, retry=False, connection=queue)
