"""What drives up when: one vehicle after another, with empty road between. Time decides, not the asking."""

import random
import string
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cameras.drawing.vehicles import PAINTS, Kind, Vehicle, View

T = TypeVar("T")

# Share of the stay in which the vehicle comes nearer; then it waits at the gate.
APPROACH = 0.6


@dataclass(frozen=True)
class Arrival(Generic[T]):
    """One visitor's stay. Times are seconds of the caller's clock; `steps` positions on the way to the gate."""

    visitor: T
    begins: float
    stays: float
    steps: int = 4

    @property
    def ends(self) -> float:
        return self.begins + self.stays

    def progress(self, now: float) -> float:
        """How near it is at `now`: 0 where it appears, 1 at the gate, in as many steps as it has."""
        step = int((now - self.begins) / (self.stays * APPROACH) * self.steps)
        return min(1.0, step / max(1, self.steps - 1))


class Road(Generic[T]):
    """The visitors of one lane. Several clients that look at the same moment see the same.

    `next_visitor` is asked for one visitor after another while nobody was sent by hand; None means that
    the road is only driven by `arrive`. Safe to be used by several threads.
    """

    def __init__(
        self, next_visitor: Callable[[], T] | None, *, begins: float, stays: float, gap: float, steps: int = 4
    ) -> None:
        self._next_visitor = next_visitor
        self._stays, self._gap, self._steps = stays, gap, steps
        self._arrivals: deque[Arrival[T]] = deque(maxlen=1024)
        self._free_at = begins + gap
        self._lock = threading.Lock()

    def arrive(self, visitor: T, now: float, stays: float | None = None, steps: int | None = None) -> Arrival[T]:
        """Send a visitor: at once where the road is empty, else when it is."""
        with self._lock:
            begins = max(now, self._busy_until(now))
            arrival = Arrival(visitor, begins, stays or self._stays, steps or self._steps)
            self._append(arrival)
            return arrival

    def at(self, now: float) -> Arrival[T] | None:
        """Who stands on the road at `now`; None while it is empty. `now` must not go back far."""
        with self._lock:
            while self._next_visitor is not None and self._free_at <= now:
                # After a pause in which nobody looked, the traffic goes on from now.
                begins = max(self._free_at, now - self._stays)
                self._append(Arrival(self._next_visitor(), begins, self._stays, self._steps))
            return next((one for one in self._arrivals if one.begins <= now < one.ends), None)

    def _append(self, arrival: Arrival[T]) -> None:
        self._arrivals.append(arrival)
        self._free_at = arrival.ends + self._gap

    def _busy_until(self, now: float) -> float:
        return self._arrivals[-1].ends if self._arrivals and self._arrivals[-1].ends > now else now


def plan(plates: Sequence[str], *, unknown_share: float, seed: int) -> Iterator[Vehicle]:
    """Vehicles for ever: the given plates in turn, strangers between them, each plate always on the same car."""
    chance = random.Random(seed)  # noqa: S311  # pictures, not secrets
    turn = 0
    while True:
        if not plates or chance.random() < unknown_share:
            yield vehicle_of(stranger(chance))
        else:
            yield vehicle_of(plates[turn % len(plates)])
            turn += 1


def vehicle_of(plate: str, kind: Kind | None = None) -> Vehicle:
    """The vehicle that carries a plate in our drawings: the same plate, the same vehicle, always."""
    chance = random.Random(plate)  # noqa: S311
    drawn, paint = chance.choice(list(Kind)), chance.choice(list(PAINTS))
    view = View.REAR if chance.random() < 0.25 else View.FRONT
    return Vehicle(plate, kind or drawn, paint, view)


def stranger(chance: random.Random) -> str:
    """A plate out of the blue, Mercosul or old, without the letters and digits that look alike."""
    letters = "".join(letter for letter in string.ascii_uppercase if letter not in "IOQ")
    head = "".join(chance.choices(letters, k=3))
    digits = [str(digit) for digit in chance.choices(range(2, 10), k=4)]
    if chance.random() < 0.6:
        digits[1] = chance.choice("ABCDEFGHJ")
    return head + "".join(digits)
