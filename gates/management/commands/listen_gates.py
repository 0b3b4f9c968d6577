"""`manage.py listen_gates`: what controllers say, written down as it comes."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from gates.listener import Listener


class Command(BaseCommand):
    help = "Listen to the controllers of all gates until stopped."
    # No page is served here, so none has to be loaded and checked.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        listener = Listener()
        listener.open()
        try:
            while not stopping.is_set():
                listener.step()
        finally:
            listener.close()
