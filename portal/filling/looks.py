"""How one arrival looks in the records: what was read, whose it is, what was decided and from which facts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from access.models import Passage, Vehicle, WatchlistEntry
from access.reasons import Outcome, Reason, sentence
from portal.filling.places import Place
from portal.filling.sheets import NULL
from recognition import canonical

# What a careless reader makes of a character.
CONFUSED = str.maketrans("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "8172538694RECOFECNTTXJWWQFOFSIVUVYXS")
# Badges and signs that were read as if they were plates.
NO_PLATES = ("C00D", "T300", "S10LT", "X350H", "GLS63", "ABS4")


class Look(NamedTuple):
    """Text as a row holds it; `facts` is JSON but for its end, which names the lane and its gate."""

    plate: str
    key: str
    outcome: str
    reason: str
    facts: str
    corrected: str = ""
    vehicle: str = NULL
    unit: str = ""
    owner: str = ""
    permit: str = NULL
    opening: str = ""


@dataclass(frozen=True)
class Looks:
    """All looks of one condominium's own: `vehicles` read rightly, `misread` as another plate and yet known."""

    vehicles: list[Look]
    misread: list[Look]
    watched: list[Look]
    place: Place = field(repr=False)

    @classmethod
    def of(cls, place: Place) -> "Looks":
        known = {vehicle.plate_key for vehicle in place.vehicles}
        return cls(
            [_registered(place, index, vehicle.plate) for index, vehicle in enumerate(place.vehicles)],
            [_registered(place, index, misread(vehicle, known)) for index, vehicle in enumerate(place.vehicles)],
            [_watched(entry) for entry in place.watched],
            place,
        )

    def unsure(self, index: int, *, corrected: bool) -> Look:
        """A plate that may be the vehicle's; in the end somebody said that it was."""
        vehicle, misread = self.place.vehicles[index], self.misread[index].plate
        facts = _open_json({"plate": misread, "texts": [misread], "candidates": [vehicle.plate]})
        if not corrected or misread == vehicle.plate:
            return Look(misread, canonical(misread), Outcome.ASK, Reason.UNSURE, facts)
        found = self.vehicles[index]
        said = Passage(plate=misread, corrected_plate=vehicle.plate)
        said.spell()
        whose = {"vehicle": found.vehicle, "unit": found.unit, "owner": found.owner}
        return Look(misread, said.plate_key, Outcome.ASK, Reason.UNSURE, facts, said.corrected_plate, **whose)

    def ambiguous(self, index: int, other: int) -> Look:
        plate = self.misread[index].plate
        fitting = sorted({self.vehicles[index].plate, self.vehicles[other].plate})
        facts = _open_json({"plate": plate, "candidates": fitting})
        return Look(plate, canonical(plate), Outcome.ASK, Reason.AMBIGUOUS, facts)


def stranger(plate: str, key: str) -> Look:
    return Look(plate, key, Outcome.REFUSE, Reason.UNKNOWN_PLATE, f'{{"plate": "{plate}"')


def no_plate(text: str) -> Look:
    return Look(text, canonical(text), Outcome.REFUSE, Reason.IMPOSSIBLE, f'{{"plate": "{text}"')


def misread(vehicle: Vehicle, known: set[str]) -> str:
    """The plate with its last character but one confused; the plate itself where that is another vehicle's."""
    plate = vehicle.plate
    other = plate[:-2] + plate[-2].translate(CONFUSED) + plate[-1]
    return plate if canonical(other) in known else other


def _registered(place: Place, index: int, read: str) -> Look:
    vehicle, reason = place.vehicles[index], place.standings[index]
    permit = place.permits.get(vehicle.pk)
    facts: dict[str, Any] = {
        "plate": vehicle.plate,
        "registered": True,
        "unit": vehicle.unit_name,
        "owner": vehicle.owner_name,
    }
    if reason == Reason.EXPIRED and permit is not None:
        facts["until"] = _there(place, permit.valid_until)
    if read != vehicle.plate:
        facts["read"] = read
    weighed = facts | {"shares": {vehicle.plate_key: 0.999}, "stranger": 0.001}
    opens = reason == Reason.PERMITTED
    return Look(
        read,
        vehicle.plate_key,
        Outcome.OPEN if opens else Outcome.REFUSE,
        reason,
        _open_json(weighed),
        vehicle=str(vehicle.pk),
        unit=vehicle.unit_name[:42],
        owner=vehicle.owner_name[:120],
        permit=str(permit.pk) if opens and permit else NULL,
        opening=sentence(reason, facts)[:200] if opens else "",
    )


def _watched(entry: WatchlistEntry) -> Look:
    facts = _open_json({"plate": entry.plate, "kind": entry.kind})
    return Look(entry.plate, entry.plate_key, Outcome.REFUSE, Reason.WATCHLISTED, facts)


def _there(place: Place, moment: datetime | None) -> str:
    return (moment or datetime.now(UTC)).astimezone(ZoneInfo(place.condominium.time_zone)).isoformat()


def _open_json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)[:-1]


def lane_ends(places: Sequence[Place]) -> list[list[str]]:
    """What closes the facts at each lane of each place."""
    return [
        [f", {json.dumps({'lane': lane.name, 'gate': str(lane.gate)}, ensure_ascii=False)[1:]}" for lane in place.lanes]
        for place in places
    ]
