"""Run the lines of Procfile and Procfile.demo side by side, one log for all of them, and stop them in order."""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager

from anpr_site import ready

ROOT = Path(__file__).resolve().parent.parent
# Stopped first to last: who uses a server goes before it.
STOP_ORDER = ("Procfile", "Procfile.demo")
PATIENCE_SECONDS = 3.5
# 128 + SIGINT and 128 + SIGTERM: somebody stopped it, as one does.
STOPPED_BY_HAND = (130, 143)


class OrderedManager(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho's manager, which stops the product before the servers that it uses."""

    _terminating: bool

    def __init__(self, groups: list[dict[str, str]]) -> None:
        super().__init__()
        self.groups = groups
        for name, command in _started_first(groups).items():
            self.add_process(name, f"exec {command}", env=dict(os.environ), cwd=str(ROOT))

    def terminate(self) -> None:
        if not self._terminating:
            self._terminating = True
            threading.Thread(target=self._stop_in_order, daemon=True).start()

    def _stop_in_order(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        for group in self.groups:
            for name in group:
                if self._runs(name):
                    self._procmgr.terminate(self._processes[name]["pid"])
            while any(self._runs(name) for name in group) and time.monotonic() < deadline:
                time.sleep(0.05)

    def _runs(self, name: str) -> bool:
        process: dict[str, Any] = self._processes[name]
        return "pid" in process and "returncode" not in process


def _started_first(groups: list[dict[str, str]]) -> dict[str, str]:
    return {name: command for group in reversed(groups) for name, command in group.items()}


def supervise() -> int:
    """Run all processes until one ends or somebody presses Ctrl-C; 0 where it was somebody."""
    groups: list[dict[str, str]] = [dict(parse_procfile((ROOT / name).read_text()).processes) for name in STOP_ORDER]
    manager = OrderedManager(groups)
    threading.Thread(target=ready.announce, args=(manager.events,), daemon=True).start()
    manager.loop()
    sys.stdout.write("Everything has stopped; the data is kept.\n")
    return 0 if manager.returncode in STOPPED_BY_HAND else manager.returncode or 1
