"""Requests that a test's server still answers: a closed browser does not wait for them, its database has to."""

import threading
from typing import Any

from django.core.signals import request_finished, request_started

# One that streams without end is not waited for any longer.
PATIENCE = 10.0


class InFlight:
    """Counts what other threads are at; what a test's own client asks is over when it returns."""

    def __init__(self) -> None:
        self._number = 0
        self._changed = threading.Condition()

    def watch(self) -> None:
        request_started.connect(self._began, weak=False)
        request_finished.connect(self._ended, weak=False)

    def landed(self, timeout: float = PATIENCE) -> bool:
        """Wait until none is left; False where one goes on."""
        with self._changed:
            return self._changed.wait_for(lambda: self._number <= 0, timeout)

    def _began(self, **_said: Any) -> None:
        self._add(1)

    def _ended(self, **_said: Any) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        if threading.current_thread() is threading.main_thread():
            return
        with self._changed:
            self._number += number
            self._changed.notify_all()
