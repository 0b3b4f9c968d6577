"""Start and stop the simulated recorder, in this process."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cameras.drawing.traffic import Arrival
from cameras.drawing.vehicles import Kind
from cameras.simulator.faults import Fault
from cameras.simulator.pictures import Visitor
from cameras.simulator.recorder import Options, Served, SimulatedRecorder
from cameras.simulator.server import Server


class Simulator:
    """A running simulated recorder."""

    def __init__(self, recorder: SimulatedRecorder, host: str, port: int) -> None:
        self.recorder, self.host, self.port = recorder, host, port
        self.url = f"http://{host}:{port}"
        self.user, self.password = recorder.options.user, recorder.options.password

    def arrive(
        self,
        plate: str,
        channel: int = 1,
        *,
        stays: float | None = None,
        frames: int | None = None,
        kind: Kind | None = None,
    ) -> Arrival[Visitor]:
        """Let a vehicle drive up, now or as soon as the road is empty; it stays for `stays` seconds."""
        return self.recorder.arrive(channel, plate, kind=kind, stays=stays, frames=frames)

    def fault(self, fault: Fault | str, value: float | None = None, *, channel: int = 0, on: bool = True) -> None:
        """Switch a fault, for a channel or (0) for all."""
        self.recorder.faults.switch(Fault(fault), on=on, value=value, channel=channel)

    def clear(self) -> None:
        """Switch every fault off."""
        self.recorder.faults.clear()

    def log(self, since: float = 0.0) -> list[Served]:
        """The whole pictures served, oldest first."""
        return self.recorder.log(since)

    @property
    def logins(self) -> dict[str, Any]:
        """challenges, good, bad, bad_in_a_row, locks, locked, tries_left."""
        return self.recorder.logins.state()

    @property
    def requests(self) -> int:
        """Requests so far, those to /sim/ left out."""
        return self.recorder.requests

    @property
    def most_in_flight(self) -> int:
        """The most pictures that were asked for at the same moment."""
        return self.recorder.most_in_flight


@contextmanager
def running_simulator(
    *, host: str = "127.0.0.1", port: int = 0, user: str = "admin", password: str | None = None, **options: Any
) -> Iterator[Simulator]:
    """Run a simulated recorder until the block ends.

    `options` are those of `Options`; in difference to it, vehicles arrive only when they are sent, unless
    `auto=True`. Port 0 takes a free one, and without a password one is made up.
    """
    setup = Options(user, password or secrets.token_urlsafe(9), **({"auto": False} | options))
    recorder = SimulatedRecorder(setup)
    server = Server((host, port), recorder)
    threads = [
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True),
        threading.Thread(target=recorder.announce, daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Simulator(recorder, host, server.server_address[1])
    finally:
        recorder.stopping.set()
        server.shutdown()
        server.server_close()
        server.hang_up()
        for thread in threads:
            thread.join()
