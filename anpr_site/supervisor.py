"""Run the lines of the Procfiles side by side: one log, the fallen picked up, started and stopped in order."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import defaultdict, deque
from itertools import chain
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager

from anpr_site import ready

ROOT = Path(__file__).resolve().parent.parent
SERVERS, WORLD, PRODUCT = "Procfile.servers", "Procfile.demo", "Procfile"
# Who uses a server comes after it, and goes before it.
START_ORDER = (SERVERS, WORLD, PRODUCT)
PATIENCE_SECONDS = 3.5
# A process that falls this often within this time will not do better by being started once more.
MOST_FALLS, FALL_SECONDS = 4, 60.0
# 128 + SIGINT and 128 + SIGTERM: somebody stopped it, as one does.
STOPPED_BY_HAND = (130, 143)


class OrderedManager(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho's manager, which starts fallen processes again, and stops the product before the servers it uses."""

    _terminating: bool

    def __init__(self, groups: list[dict[str, str]]) -> None:
        """`groups` are commands by name, in the order in which they start."""
        super().__init__()
        self.groups = groups
        self.falls: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_FALLS))
        for name, command in chain.from_iterable(group.items() for group in groups):
            self.add_process(name, f"exec {command}", env=dict(os.environ), cwd=str(ROOT))

    def _start(self) -> None:
        for number, group in enumerate(self.groups):
            if number == 1:
                ready.wait_for_servers()
            for name in group:
                self._launch(name)

    def _launch(self, name: str) -> None:
        task = self._processes[name]["obj"]
        process = multiprocessing.Process(name=name, target=task.run, args=(self.events, True))
        self._processes[name] = {"obj": task, "process": process}
        process.start()

    def _any_stopped(self) -> bool:
        """What honcho's loop asks to know whether it has to end: here, whether somebody fell for good."""
        fallen = [name for name, process in self._processes.items() if "returncode" in process]
        if self._terminating:
            return bool(fallen)
        return not all(self._picked_up(name) for name in fallen)

    def _picked_up(self, name: str) -> bool:
        """Start a fallen process again, unless it falls too often."""
        falls, now = self.falls[name], time.monotonic()
        falls.append(now)
        if len(falls) == MOST_FALLS and now - falls[0] < FALL_SECONDS:
            self._system_print(f"{name} fell {MOST_FALLS} times within {FALL_SECONDS:.0f} s; stopping\n")
            return False
        self._system_print(f"{name} is started again\n")
        self._launch(name)
        # It was the fallen one's; what ends the whole run is its own.
        self.returncode = None
        return True

    def terminate(self) -> None:
        if not self._terminating:
            self._terminating = True
            threading.Thread(target=self._stop_in_order, daemon=True).start()

    def _stop_in_order(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        for group in reversed(self.groups):
            for name in group:
                # The process alone, not its whole group: a worker sees to its own children.
                if self._runs(name):
                    os.kill(self._processes[name]["pid"], signal.SIGTERM)
            while any(self._runs(name) for name in group) and time.monotonic() < deadline:
                time.sleep(0.05)

    def _runs(self, name: str) -> bool:
        process: dict[str, Any] = self._processes[name]
        return "pid" in process and "returncode" not in process


def processes_of(name: str) -> dict[str, str]:
    """The commands of a Procfile; without the board's where nobody has made a board yet."""
    found: dict[str, str] = dict(parse_procfile((ROOT / name).read_text()).processes)
    if name == WORLD and not (Path(os.environ["CANCELA_VAR"]) / "controller" / "config.json").exists():
        found.pop("gate", None)
    return found


def supervise() -> int:
    """Run all processes until one ends or somebody presses Ctrl-C; 0 where it was somebody."""
    manager = OrderedManager([processes_of(name) for name in START_ORDER])
    threading.Thread(target=ready.announce, args=(manager.events,), daemon=True).start()
    manager.loop()
    sys.stdout.write("Everything has stopped; the data is kept.\n")
    return 0 if manager.returncode in STOPPED_BY_HAND else manager.returncode or 1
