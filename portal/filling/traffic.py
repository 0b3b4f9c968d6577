"""A year of arrivals at all the invented condominiums, drawn by lot, in the order in which they came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from access.models import Lane
from portal.filling.looks import NO_PLATES, Look, Looks, no_plate, stranger

DAYS = 365
# Of a day's arrivals, by the hour: people go to work, and come home.
HOURS = np.array([4, 2, 1, 1, 2, 8, 30, 62, 60, 38, 32, 36, 46, 42, 34, 36, 46, 62, 74, 60, 42, 30, 20, 10], float)
WEEKEND = 0.75
# Of all arrivals; what is left over are strangers.
RESIDENTS, MISREAD, UNSURE, AMBIGUOUS, WATCHED, NO_PLATE = 0.62, 0.02, 0.02, 0.002, 0.003, 0.01
CORRECTED = 0.05  # of the unsure: somebody said what it was
SECOND = 1_000_000  # in microseconds

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Arrival:
    """One vehicle at one lane, `place` and `lane` by their numbers in order."""

    look: Look
    place: int
    number: int
    lane: Lane


def moments(rng: np.random.Generator, number: int, now: datetime) -> Ints:
    """When they came, in microseconds since 1970, in order; the last shortly before now."""
    days = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    weights = np.array([WEEKEND if (days + timedelta(days=day)).weekday() > 4 else 1.0 for day in range(DAYS)])
    day = rng.choice(DAYS, number, p=weights / weights.sum())
    hour = rng.choice(24, number, p=HOURS / HOURS.sum())
    began = int(days.timestamp() * SECOND)
    drawn = began + ((day * 24 + hour) * 3600 * SECOND) + rng.integers(0, 3600 * SECOND, number)
    limit = int((now - timedelta(minutes=1)).timestamp() * SECOND)
    # What would be later today was a year ago.
    drawn[drawn > limit] -= DAYS * 24 * 3600 * SECOND
    drawn.sort()
    return drawn


class Drawing:
    """Draws who comes where."""

    def __init__(
        self,
        rng: np.random.Generator,
        looks: Sequence[Looks],
        shares: NDArray[np.float64],
        strangers: Sequence[tuple[str, str]],
    ) -> None:
        self.rng, self.looks, self.shares, self.strangers = rng, looks, shares, strangers
        self.vehicles = np.array([len(each.vehicles) for each in looks])
        self.lanes = np.array([len(each.place.lanes) for each in looks])
        each = (1 - UNSURE - AMBIGUOUS - WATCHED - NO_PLATE - RESIDENTS - MISREAD, RESIDENTS, MISREAD)
        self.odds = np.array([*each, UNSURE, AMBIGUOUS, WATCHED, NO_PLATE])

    def arrivals(self, number: int) -> Iterator[Arrival]:
        rng = self.rng
        places = rng.choice(len(self.looks), number, p=self.shares)
        kinds = rng.choice(len(self.odds), number, p=self.odds)
        lanes = rng.integers(0, self.lanes[places])
        vehicles = rng.integers(0, self.vehicles[places])
        # Some strangers come often: couriers, the post.
        whose = (len(self.strangers) * rng.random(number) ** 2).astype(np.int64)
        columns = (places, kinds, lanes, vehicles, whose)
        for place, kind, lane, vehicle, who in zip(*(column.tolist() for column in columns), strict=True):
            looks = self.looks[place]
            yield Arrival(self._look(looks, kind, vehicle, who), place, lane, looks.place.lanes[lane])

    def _look(self, looks: Looks, kind: int, vehicle: int, who: int) -> Look:
        match kind:
            case 0:
                return stranger(*self.strangers[who])
            case 1:
                return looks.vehicles[vehicle]
            case 2:
                return looks.misread[vehicle]
            case 3:
                return looks.unsure(vehicle, corrected=who * CORRECTED % 1 < CORRECTED)
            case 4:
                return looks.ambiguous(vehicle, who % len(looks.vehicles))
            case 5:
                return looks.watched[who % len(looks.watched)]
            case _:
                return no_plate(NO_PLATES[who % len(NO_PLATES)])
