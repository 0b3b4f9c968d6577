"""The invented condominiums: units, people, vehicles with their permits, gates and lanes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice, product

import numpy as np
from numpy.typing import NDArray

from access import rolls
from access.models import Lane, Permit, Vehicle, WatchlistEntry
from access.reasons import Reason
from access.strangers import Strangers
from cameras.models import Camera, Source
from gates.models import Controller, Gate
from premises.models import Condominium, Person, Unit
from recognition import canonical

LARGEST = 0.2  # of everything is in the largest condominium
FLAT = 0.7  # how quickly the others get smaller: the share of the one at place n goes as 1 / n ** FLAT
BUSY = 0.01  # with more than this share a condominium has four lanes, else two
WATCHED = 0.002  # entries of the watch-list for each vehicle
# Of a hundred vehicles: the permit ended, there is none, there is one.
STANDINGS = {Reason.EXPIRED: 2, Reason.NO_PERMIT: 1, Reason.PERMITTED: 97}

FIRST = "Ana Bruno Carla Diego Elaine Fábio Gabriela Heitor Isabel João Karina Luís Mônica Nelson Olga Paulo Rita"
LAST = "Almeida Barbosa Cardoso Dias Esteves Farias Gomes Lima Moraes Nunes Oliveira Prado Rocha Silva Souza Teixeira"
MAKES = ("Fiat Argo", "VW Polo", "Chevrolet Onix", "Ford Ka", "Honda Fit", "Toyota Corolla", "Jeep Renegade")
COLOURS = ("prata", "branco", "vermelho", "azul", "cinza", "preto", "verde")
AT_ONCE = 5000


@dataclass(frozen=True)
class Place:
    """A condominium with what comes and goes there. `standings` says of each vehicle how it would be decided."""

    condominium: Condominium
    lanes: list[Lane]
    vehicles: list[Vehicle]
    permits: dict[int, Permit]
    standings: list[Reason]
    watched: list[WatchlistEntry]


def shares(condominiums: int) -> NDArray[np.float64]:
    """What part of everything is in each, the largest first; together 1."""
    others = np.arange(1, condominiums) ** -FLAT
    parts = np.array([LARGEST, *(others / others.sum() * (1 - LARGEST))])
    return np.sort(parts / parts.sum())[::-1]


def plates(rng: np.random.Generator, number: int) -> Iterator[str]:
    """Plates of the whole country in both spellings, never two of one vehicle; at least so many."""
    drawn, seen = Strangers.near([]), set[str]()
    while len(seen) < number:
        for plate in drawn.draw(rng, number):
            if (key := canonical(plate)) not in seen:
                seen.add(key)
                yield plate


def furnish(
    rng: np.random.Generator, slug: str, share: float, vehicles: int, own: Iterator[str], began: datetime
) -> Place:
    """One condominium with so many vehicles. Whose permit ended, ended when the passages began."""
    condominium = Condominium.objects.create(name=f"Residencial {slug}", slug=slug, city="Campinas")
    lanes = _lanes(condominium, 4 if share > BUSY else 2)
    kept = _vehicles(rng, condominium, vehicles, own)
    reasons, odds = list(STANDINGS), np.array(list(STANDINGS.values()))
    standings = [reasons[index] for index in rng.choice(len(reasons), vehicles, p=odds / odds.sum())]
    permits = _permits(kept, standings, began)
    watched = [
        WatchlistEntry(condominium=condominium, plate=plate, kind=WatchlistEntry.Kind.BANNED)
        for plate in islice(own, max(1, int(vehicles * WATCHED)))
    ]
    for entry in watched:
        entry.spell()
    WatchlistEntry.objects.bulk_create(watched, AT_ONCE)
    rolls.changed(condominium.pk)
    return Place(condominium, lanes, kept, permits, standings, watched)


def _lanes(condominium: Condominium, number: int) -> list[Lane]:
    """Lanes that nobody watches: their cameras wait for pictures that are sent."""
    controller = Controller.objects.create(
        condominium=condominium, name="Placa", device=f"fill-{condominium.pk}", key="00" * 32
    )
    return [_lane(condominium, controller, index) for index in range(number)]


def _lane(condominium: Condominium, controller: Controller, index: int) -> Lane:
    direction, name = (("in", "Entrada"), ("out", "Saída"))[index % 2]
    name = f"{name} {index // 2 + 1}"
    camera = Camera.objects.create(condominium=condominium, name=f"Câmera {name}", source=Source.UPLOAD)
    gate = Gate.objects.create(condominium=condominium, name=f"Cancela {name}", controller=controller, relay=index + 1)
    return Lane.objects.create(condominium=condominium, name=name, camera=camera, gate=gate, direction=direction)


def _vehicles(rng: np.random.Generator, condominium: Condominium, number: int, own: Iterator[str]) -> list[Vehicle]:
    """Three vehicles for two units; each unit has one person, whose vehicles they are."""
    people = _people(rng, condominium, -(-number * 2 // 3))
    kept = [
        Vehicle(
            condominium=condominium,
            plate=plate,
            owner=people[index % len(people)],
            unit=people[index % len(people)].unit,
            make=MAKES[index % len(MAKES)],
            colour=COLOURS[index % len(COLOURS)],
        )
        for index, plate in enumerate(islice(own, number))
    ]
    for vehicle in kept:
        vehicle.spell()
    return Vehicle.objects.bulk_create(kept, AT_ONCE)


def _people(rng: np.random.Generator, condominium: Condominium, number: int) -> list[Person]:
    names = [f"{first} {last}" for first, last in product(FIRST.split(), LAST.split())]
    doors = ((f"{chr(65 + block % 26)}{block // 26 or ''}", door) for block in count() for door in range(100))
    units = [
        Unit(condominium=condominium, block=block, number=f"{door + 1:03}") for block, door in islice(doors, number)
    ]
    Unit.objects.bulk_create(units, AT_ONCE)
    whose = rng.integers(0, len(names), number)
    people = [
        Person(condominium=condominium, name=names[which], unit=unit) for which, unit in zip(whose, units, strict=True)
    ]
    return Person.objects.bulk_create(people, AT_ONCE)


def _permits(vehicles: list[Vehicle], standings: list[Reason], began: datetime) -> dict[int, Permit]:
    given = [
        Permit(
            condominium=vehicle.condominium,
            vehicle=vehicle,
            valid_until=began if standing == Reason.EXPIRED else None,
        )
        for vehicle, standing in zip(vehicles, standings, strict=True)
        if standing != Reason.NO_PERMIT
    ]
    return {permit.vehicle_id: permit for permit in Permit.objects.bulk_create(given, AT_ONCE)}
