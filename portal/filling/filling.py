"""Filling a database: the registry first, then all that came and went, in one transaction."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from access.models import Detection, Permit, Vehicle, WatchlistEntry
from portal.filling import bulk
from portal.filling.looks import Looks
from portal.filling.places import Place, furnish, plates, shares
from portal.filling.records import MODELS, Records
from portal.filling.sheets import Write
from portal.filling.traffic import DAYS, Drawing, moments
from premises.models import Condominium, Person, Unit
from recognition import canonical

AT_ONCE = 20_000
MOST_STRANGERS = 1_000_000
# More than that, and SQLite takes hours.
SQLITE_MOST = 200_000
JOURNAL = timedelta(days=30)

Tell = Callable[[str], None]


class FillError(ValueError):
    """What cannot be filled, and why."""


@dataclass(frozen=True)
class Size:
    passages: int
    vehicles: int
    condominiums: int
    seed: int = 1

    def check(self) -> None:
        """Raises `FillError`."""
        if self.passages < 1 or self.condominiums < 1:
            raise FillError("At least one passage and one condominium.")
        if self.vehicles < 3 * self.condominiums:
            raise FillError(f"At least three vehicles for each condominium: {3 * self.condominiums}.")
        if connection.vendor != "postgresql" and self.passages > SQLITE_MOST:
            raise FillError(f"More than {SQLITE_MOST:,} passages need PostgreSQL: DATABASE_URL=postgres://…")
        if Condominium.objects.filter(slug__startswith="fill-").exists():
            raise FillError("This database was filled before; take a fresh one.")


def fill(size: Size, now: datetime, tell: Tell) -> None:
    """Invent an installation of that size and write it down. Nothing of it is left if it fails."""
    size.check()
    rng = np.random.default_rng(size.seed)
    with transaction.atomic():
        places, strangers = _invent(size, rng, now, tell)
        with bulk.bare(MODELS):
            _write(size, rng, now, places, strangers, tell)
            tell("building indexes")
        bulk.count_on(MODELS)
    tell("counting what is there, for the planner")
    bulk.settle([*MODELS, Vehicle, Permit, WatchlistEntry, Unit, Person])


def _invent(
    size: Size, rng: np.random.Generator, now: datetime, tell: Tell
) -> tuple[list[Place], list[tuple[str, str]]]:
    """The condominiums, and who comes that is registered nowhere, with the key of each plate."""
    strangers = max(50, min(MOST_STRANGERS, size.passages // 8))
    own = plates(rng, size.vehicles + size.vehicles // 100 + size.condominiums + strangers)
    parts = shares(size.condominiums)
    numbers = np.maximum(3, (parts * (size.vehicles - 3 * size.condominiums)).astype(int) + 3)
    numbers[0] += size.vehicles - numbers.sum()
    places = []
    for index, (part, number) in enumerate(zip(parts.tolist(), numbers.tolist(), strict=True)):
        places.append(furnish(rng, f"fill-{index + 1}", part, number, own, now - timedelta(days=DAYS + 1)))
        tell(f"{index + 1} of {size.condominiums} condominiums")
    return places, [(plate, canonical(plate)) for plate in islice(own, strangers)]


def _write(
    size: Size,
    rng: np.random.Generator,
    now: datetime,
    places: list[Place],
    strangers: list[tuple[str, str]],
    tell: Tell,
) -> None:
    first = Detection.objects.aggregate(last=Max("pk"))["last"] or 0
    drawing = Drawing(rng, [Looks.of(place) for place in places], shares(len(places)), strangers)
    records = Records(rng, places, first + 1, now - JOURNAL)
    opened = moments(rng, size.passages, now)
    # One heap is drawn while the database takes in the one before it.
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as writer:
        writing: Future[None] = writer.submit(_each, [], cursor)
        for start in range(0, size.passages, AT_ONCE):
            heap = opened[start : start + AT_ONCE]
            writes = records.of(list(drawing.arrivals(len(heap))), heap)
            writing.result()
            writing = writer.submit(_each, writes, cursor)
            tell(f"{start + len(heap):,} of {size.passages:,} passages")
        writing.result()
    records.close([place.condominium for place in places])


def _each(writes: list[Write], cursor: Any) -> None:
    for write in writes:
        write(cursor)
