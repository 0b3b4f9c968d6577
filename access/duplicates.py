"""What of the register needs an eye: one plate for two units, one person in two units, plates that look alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from access.likeness import pairs_alike
from access.list_keys import name_key
from access.models import Vehicle
from access.states import VehicleState
from premises.models import Condominium, Person

MOST = 50  # of each kind: who has more begins with these


@dataclass(frozen=True, slots=True)
class Group:
    """Vehicles that belong to `what` (a name, a phone number, an e-mail address) in several units."""

    what: str
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True, slots=True)
class Doubts:
    """`contested` are proposed by another unit too, `alike` differ in one character that is easily confused."""

    condominium: Condominium
    contested: list[Vehicle] = field(default_factory=list)
    owners: list[Group] = field(default_factory=list)
    alike: list[tuple[Vehicle, Vehicle]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.contested or self.owners or self.alike)


def doubts_of(condominium: Condominium) -> Doubts:
    """What is in doubt there, of vehicles that may pass or are to; plates that look alike only across units."""
    related = ("unit", "owner__unit", "claimed_by__unit")
    standing = Vehicle.objects.filter(condominium=condominium).exclude(state=VehicleState.ENDED)
    vehicles = list(standing.select_related(*related))
    contested = [vehicle for vehicle in vehicles if vehicle.claimed_by_id]
    return Doubts(condominium, contested[:MOST], _owners(vehicles)[:MOST], _alike(vehicles)[:MOST])


def _owners(vehicles: Iterable[Vehicle]) -> list[Group]:
    """By name first; a phone or an e-mail that the name says already is not said again."""
    owned = [(vehicle.owner, vehicle) for vehicle in vehicles if vehicle.owner]
    groups: dict[frozenset[int], Group] = {}
    for what in (lambda person: person.name, lambda person: person.phone, lambda person: person.email):
        for group in _in_two_units(owned, what):
            groups.setdefault(frozenset(vehicle.pk for vehicle in group.vehicles), group)
    return list(groups.values())


def _in_two_units(owned: list[tuple[Person, Vehicle]], what: Callable[[Person], str]) -> Iterator[Group]:
    groups: dict[str, list[tuple[str, Vehicle]]] = defaultdict(list)
    for person, vehicle in owned:
        if key := _key(what(person)):
            groups[key].append((what(person), vehicle))
    for members in groups.values():
        if len({vehicle.unit_name for _, vehicle in members}) > 1:
            yield Group(members[0][0], tuple(vehicle for _, vehicle in members))


def _key(text: str) -> str:
    """A phone number is its digits, whatever stands between them."""
    digits = "".join(filter(str.isdigit, text))
    return digits[-8:] if len(digits) >= 8 else name_key(text)


def _alike(vehicles: Iterable[Vehicle]) -> list[tuple[Vehicle, Vehicle]]:
    by_key = {vehicle.plate_key: vehicle for vehicle in vehicles}
    pairs = ((by_key[pair.one], by_key[pair.other]) for pair in pairs_alike(by_key) if pair.similar)
    return [(one, other) for one, other in pairs if one.unit_name != other.unit_name]
