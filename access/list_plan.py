"""What an import would write, worked out without writing; and then written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from access import rolls
from access.columns import squash
from access.list_rows import Entry
from access.models import PLATE_PROBLEMS, Permit, Vehicle
from premises.models import Condominium, Person, Unit
from recognition import PlateError, canonical, is_possible


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is left out. `row` is its number as the spreadsheet shows it, from 1."""

    row: int
    plate: str
    code: str
    message: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do.

    `rows` counts plates: a row with two plates counts as two, an empty row as none. `columns` says under which
    heading each thing was found.
    """

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    units: int = 0
    people: int = 0
    refused: list[Refusal] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    applied: bool = False


class RowError(ValueError):
    """A row that cannot be taken."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


LIMITS = {"owner": 120, "block": 20, "unit": 20, "make": 60, "colour": 30, "phone": 30, "email": 254, "note": 200}
_WORDS = re.compile(r"^(?:apartamento|apto|apt|ap|unidade|unit|flat|bloco|bl|block|torre|tower)\b[.:º°]?\s*", re.I)
_BLOCK_AND_NUMBER = re.compile(r"([A-Za-z]{1,3}|\d{1,2}(?=\s*[-/]))[\s/-]*(\d+[A-Za-z]?)")


class Plan:
    """What shall be written, worked out without writing."""

    def __init__(self, condominium: Condominium, entries: Iterable[Entry]) -> None:
        self.condominium = condominium
        self.report = Report()
        mine = {"condominium": condominium}
        registered = Vehicle.objects.filter(**mine).select_related("unit", "owner__unit")
        self.registered = {vehicle.plate_key: vehicle for vehicle in registered}
        self.known_units = {_unit_key(unit.block, unit.number): unit for unit in Unit.objects.filter(**mine)}
        people = Person.objects.filter(**mine).select_related("unit")
        self.known_people = {_person_key(person.name, person.unit): person for person in people}
        self.seen: dict[str, int] = {}
        self.vehicles: list[Vehicle] = []
        self.units: list[Unit] = []
        self.people: list[Person] = []
        for entry in entries:
            self._try(entry)

    def _try(self, entry: Entry) -> None:
        self.report.rows += 1
        try:
            self._take(entry)
        except RowError as refused:
            self.report.refused.append(Refusal(entry.row, entry.plate, refused.code, str(refused)))

    def _take(self, entry: Entry) -> None:
        key = _checked(entry)
        if key in self.seen:
            raise RowError("duplicate", _("The same vehicle stands in row %(row)d.") % {"row": self.seen[key]})
        self.seen[key] = entry.row
        if (vehicle := self.registered.get(key)) is not None:
            self._compare(vehicle, entry)
            self.report.unchanged += 1
            return
        unit = self._unit(entry)
        vehicle = Vehicle(
            condominium=self.condominium,
            plate=entry.plate,
            unit=unit,
            owner=self._person(entry, unit),
            make=entry.make,
            colour=entry.colour,
            note=entry.note,
        )
        vehicle.spell()  # rows that are written in bulk are not saved one by one
        self.vehicles.append(vehicle)
        self.report.added += 1

    def _compare(self, vehicle: Vehicle, entry: Entry) -> None:
        """A vehicle that is registered for somebody else is a question for a person."""
        block, number = split_unit(entry.block, entry.unit)
        unit = vehicle.unit or (vehicle.owner.unit if vehicle.owner else None)
        other_unit = number and unit and _unit_key(block, number) != _unit_key(unit.block, unit.number)
        other_owner = entry.owner and vehicle.owner and squash(entry.owner) != squash(vehicle.owner.name)
        if other_unit or other_owner:
            known = " · ".join(filter(None, (vehicle.unit_name, vehicle.owner_name)))
            message = _("%(plate)s is registered already, for %(holder)s. Change it there if that is no longer so.")
            raise RowError("differs", message % {"plate": vehicle.plate, "holder": known})

    def _unit(self, entry: Entry) -> Unit | None:
        block, number = split_unit(entry.block, entry.unit)
        if not number:
            return None
        key = _unit_key(block, number)
        if key not in self.known_units:
            self.known_units[key] = Unit(condominium=self.condominium, block=block, number=number)
            self.units.append(self.known_units[key])
            self.report.units += 1
        return self.known_units[key]

    def _person(self, entry: Entry, unit: Unit | None) -> Person | None:
        if not entry.owner:
            return None
        key = _person_key(entry.owner, unit)
        if key not in self.known_people:
            self.known_people[key] = Person(
                condominium=self.condominium, name=entry.owner, unit=unit, phone=entry.phone, email=entry.email
            )
            self.people.append(self.known_people[key])
            self.report.people += 1
        return self.known_people[key]

    def apply(self) -> None:
        """Write it, in the caller's transaction. Each kind refers to those written before it."""
        Unit.objects.bulk_create(self.units, batch_size=500)
        for person in self.people:
            person.unit = person.unit
        Person.objects.bulk_create(self.people, batch_size=500)
        for vehicle in self.vehicles:
            vehicle.unit, vehicle.owner = vehicle.unit, vehicle.owner
        Vehicle.objects.bulk_create(self.vehicles, batch_size=500)
        permits = [Permit(condominium=self.condominium, vehicle=vehicle) for vehicle in self.vehicles]
        Permit.objects.bulk_create(permits, batch_size=500)
        rolls.changed(self.condominium.pk)  # rows written in bulk tell nobody


def _checked(entry: Entry) -> str:
    """The key of the entry's plate; raises `RowError` for what cannot be taken."""
    try:
        key = canonical(entry.plate)
    except PlateError as error:
        raise RowError(error.code, str(PLATE_PROBLEMS.get(error.code, error))) from error
    if not is_possible(entry.plate):
        raise RowError(
            "impossible", _("No country we know gives out such a plate. Register it by hand if it is right.")
        )
    for name, limit in LIMITS.items():
        if len(getattr(entry, name)) > limit:
            raise RowError("too_long_text", _("“%(text)s…” is too long.") % {"text": getattr(entry, name)[:30]})
    if entry.email:
        _check_email(entry.email)
    return key


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise RowError("email", _("“%(email)s” is no e-mail address.") % {"email": email}) from error


def split_unit(block: str, unit: str) -> tuple[str, str]:
    """Block and number: ("", "Bloco A apto 101") and ("A", "101") are one."""
    number, block = unit, _WORDS.sub("", block)
    bare = _WORDS.sub("", unit)
    if not block and (
        found := _BLOCK_AND_NUMBER.fullmatch(
            re.sub(r"[,\s]+(?:apartamento|apto|apt|ap)\b\.?", " ", bare, flags=re.I).strip()
        )
    ):
        return found[1].upper(), found[2]
    return block, bare or number


def _unit_key(block: str, number: str) -> str:
    return re.sub(r"\W", "", f"{block}{number}").casefold()


def _person_key(name: str, unit: Unit | None) -> tuple[str, str]:
    return squash(name), _unit_key(unit.block, unit.number) if unit else ""
