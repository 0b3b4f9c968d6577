"""What is on record as an import finds it, and what it adds to that."""

from collections import defaultdict

from access.list_keys import PersonKey, UnitKey, key_of, person_key, split_unit, unit_key
from access.list_report import Difference
from access.list_rows import Entry
from access.models import Vehicle
from access.sheets import one_line
from premises.models import Condominium, Person, Unit


class Stock:
    """The condominium's vehicles, units and people; new units and people are made where none is found.

    Nothing is written: what is new or changed is kept for `access.list_writing`. `lock` holds the vehicles against
    whoever else changes them, in the caller's transaction.
    """

    def __init__(self, condominium: Condominium, *, lock: bool) -> None:
        self.condominium = condominium
        mine = {"condominium": condominium}
        registered = Vehicle.objects.filter(**mine).select_related("unit", "owner__unit")
        registered = registered.select_for_update(of=("self",)) if lock else registered
        self.vehicles = {vehicle.plate_key: vehicle for vehicle in registered}
        self.units: dict[UnitKey, Unit] = {key_of(unit): unit for unit in Unit.objects.filter(**mine)}
        self.people: dict[PersonKey, Person] = {}
        # Whoever owns a vehicle is one object, so that what the list says of the owner is said of all vehicles.
        self.person_of: dict[int, Person] = {}
        for person in Person.objects.filter(**mine).select_related("unit"):
            self.person_of[person.pk] = self.people[person_key(person.name, key_of(person.unit))] = person
        self.new_units: list[Unit] = []
        self.new_people: list[Person] = []
        # By field, so that what is written is what the list says and nothing beside it.
        self.changed_people: dict[str, dict[int, Person]] = defaultdict(dict)
        self._told: set[tuple[int, str]] = set()

    def owner_of(self, vehicle: Vehicle) -> Person | None:
        return self.person_of[vehicle.owner_id] if vehicle.owner_id else None

    def unit(self, entry: Entry) -> Unit | None:
        block, number = split_unit(entry.block, entry.unit)
        if not number:
            return None
        key = unit_key(entry.block, entry.unit)
        if key not in self.units:
            self.units[key] = Unit(condominium=self.condominium, block=block, number=number)
            self.new_units.append(self.units[key])
        return self.units[key]

    def person(self, entry: Entry, unit: Unit | None) -> Person | None:
        if not entry.owner:
            return None
        key = person_key(entry.owner, key_of(unit))
        if key not in self.people:
            self.people[key] = Person(condominium=self.condominium, name=entry.owner, unit=unit)
            self.people[key].phone, self.people[key].email = entry.phone, entry.email
            self.new_people.append(self.people[key])
        return self.people[key]

    def move(self, person: Person, old: Unit | None, new: Unit | None) -> None:
        """Who lived where the vehicle was at home moves with it."""
        if key_of(person.unit) == key_of(old):
            person.unit = new
            self._keep(person, "unit")

    def reach(self, person: Person | None, entry: Entry) -> list[Difference]:
        """How to reach somebody. Of several rows with one person the first one that says it counts."""
        found = []
        for name in ("phone", "email"):
            new = getattr(entry, name)
            if person is None or not new or (id(person), name) in self._told:
                continue
            self._told.add((id(person), name))
            if new != (old := one_line(getattr(person, name))):
                setattr(person, name, new)
                found.append(Difference(name, old, new))
                self._keep(person, name)
        return found

    def _keep(self, person: Person, name: str) -> None:
        if person.pk:
            self.changed_people[name][person.pk] = person
