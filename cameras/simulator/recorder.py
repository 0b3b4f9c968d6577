"""The simulated recorder without its network: channels, logins, faults, requests in flight, the log."""

import hashlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cameras.drawing import traffic
from cameras.drawing.traffic import Arrival, Road
from cameras.drawing.vehicles import Kind
from cameras.simulator import pictures
from cameras.simulator.faults import Fault, Faults
from cameras.simulator.logins import Logins
from cameras.simulator.pictures import Channel, Photograph, Shown, Visitor

logger = logging.getLogger(__name__)

TITLES = ("PORTARIA", "SAIDA", "GARAGEM", "SERVICO")


@dataclass(frozen=True)
class Options:
    """How the simulated recorder is set up. Times in seconds."""

    user: str
    password: str = field(repr=False)
    channels: int = 2
    plates: tuple[str, ...] = ()
    unknown_share: float = 0.25
    frames: Path | None = None  # a folder whose pictures are shown instead of drawings
    auto: bool = True  # False: vehicles arrive only when they are sent
    stays: float = 4.0
    gap: float = 4.0
    seed: int = 1
    serial: str = "SIM0A1B2C3D4E5"
    schemes: tuple[str, ...] = ("digest",)
    max_in_flight: int = 2


@dataclass(frozen=True)
class Served:
    """One whole picture that left the recorder. `sent_at` is wall-clock time, seconds since 1970."""

    channel: int
    sha256: str
    sent_at: float
    plate: str | None
    visitor: str | None


class SimulatedRecorder:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.faults = Faults()
        self.logins = Logins(
            options.user, options.password, realm=f"Login to {options.serial}", schemes=options.schemes
        )
        began = time.time()
        self.channels = {number: self._channel(number, began) for number in range(1, options.channels + 1)}
        self.stopping = threading.Event()
        self.in_flight, self.most_in_flight, self.requests = 0, 0, 0
        self._last: dict[int, Shown] = {}
        self._log: deque[Served] = deque(maxlen=5000)
        self._lock = threading.Lock()

    def _channel(self, number: int, began: float) -> Channel:
        title = TITLES[number - 1] if number <= len(TITLES) else f"CAMERA {number}"
        options = self.options
        road: Road[Visitor] = Road(self._visitors(number), begins=began, stays=options.stays, gap=options.gap)
        return Channel(number, title, road)

    def _visitors(self, number: int) -> Callable[[], Visitor] | None:
        options = self.options
        if not options.auto:
            return None
        if options.frames is not None:
            return pictures.from_folder(options.frames, number, options.channels)
        return pictures.from_plan(list(options.plates), options.unknown_share, options.seed, number)

    def snapshot(self, number: int) -> Shown:
        """The picture of a channel now, or its last one again while it is frozen. KeyError: no such channel."""
        channel = self.channels[number]
        if self.faults.has(Fault.FROZEN, number) and number in self._last:
            return self._last[number]
        self._last[number] = channel.frame(time.time())
        return self._last[number]

    def arrive(
        self,
        channel: int,
        plate: str,
        *,
        kind: Kind | None = None,
        stays: float | None = None,
        frames: int | None = None,
    ) -> Arrival[Visitor]:
        """Let a drawn vehicle drive up, now or as soon as the road is empty. KeyError: no such channel."""
        vehicle = traffic.vehicle_of(plate, kind)
        return self.channels[channel].road.arrive(vehicle, time.time(), stays, frames)

    def arrive_photograph(self, channel: int, name: str, *, stays: float | None = None) -> Arrival[Visitor]:
        """Show a picture of the folder as an arrival. KeyError: no such channel or picture."""
        folder = self.options.frames
        known = {} if folder is None else {one.path.name: one for one in pictures.photographs(folder)}
        return self.channels[channel].road.arrive(known[name], time.time(), stays)

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """One of the requests that the recorder can serve at a time; False where there is none left."""
        with self._lock:
            free = self.in_flight < self.options.max_in_flight
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            yield free
        finally:
            with self._lock:
                self.in_flight -= 1

    def note(self, number: int, shown: Shown, sent_at: float) -> None:
        digest = hashlib.sha256(shown.data).hexdigest()
        self._log.append(Served(number, digest, sent_at, shown.plate, name_of(shown.visitor)))

    def log(self, since: float = 0.0) -> list[Served]:
        """Every whole picture served since a time, oldest first; the last 5000 are kept."""
        return [served for served in list(self._log) if served.sent_at >= since]

    def state(self) -> dict[str, object]:
        return {
            "logins": self.logins.state(),
            "faults": self.faults.listing(),
            "requests": self.requests,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "channels": [
                {"number": one.number, "title": one.title, "plate": plate_of(one.road.at(time.time()))}
                for one in self.channels.values()
            ],
        }

    def announce(self) -> None:
        """Write a line whenever a vehicle arrives, until the recorder stops."""
        seen: dict[int, Arrival[Visitor] | None] = {}
        while not self.stopping.wait(0.1):
            for channel in self.channels.values():
                arrival = channel.road.at(time.time())
                if arrival is not None and arrival != seen.get(channel.number):
                    logger.info("channel %d: %s arrives", channel.number, name_of(arrival.visitor))
                seen[channel.number] = arrival


def name_of(visitor: Visitor | None) -> str | None:
    if isinstance(visitor, Photograph):
        return visitor.path.name
    return visitor.plate if visitor is not None else None


def plate_of(arrival: Arrival[Visitor] | None) -> str | None:
    return arrival.visitor.plate if arrival is not None else None


def listing(served: list[Served]) -> list[dict[str, object]]:
    return [asdict(one) for one in served]
