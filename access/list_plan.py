"""What an import would write, worked out without writing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

from django.utils.translation import gettext as _

from access.list_checks import check_possible, check_texts, key_of_plate
from access.list_keys import key_of, name_key, unit_key
from access.list_report import Change, Difference, Kind, Refusal, Report, RowError
from access.list_rows import Entry
from access.list_stock import Stock
from access.models import Vehicle
from access.sheets import one_line
from access.states import VehicleState
from premises.models import Unit
from recognition import PlateError, canonical

KINDS = {
    VehicleState.ACTIVE: Kind.CHANGED,
    VehicleState.WAITING: Kind.APPROVED,
    VehicleState.ENDED: Kind.TAKEN_UP,
}
# What stands in the vehicle's own row.
OWN = {"unit", "owner", "make", "colour", "note"}


class Plan:
    """What shall be written. A cell that is empty leaves what is on record as it is.

    `complete`: what the list does not name is signed off, if a list brought it.
    """

    def __init__(self, stock: Stock, entries: Iterable[Entry], *, complete: bool = False) -> None:
        self.stock = stock
        self.report = Report()
        self.named: set[str] = set()
        self.rows: dict[str, Entry] = {}
        self.vehicles: dict[Kind, list[Vehicle]] = {kind: [] for kind in Kind}
        # By field, so that what is written is what the list says and nothing beside it.
        self.changed: dict[str, list[Vehicle]] = defaultdict(list)
        for entry in entries:
            self._try(entry)
        if complete:
            self._end_others()
        self.report.units, self.report.people = len(stock.new_units), len(stock.new_people)

    def _try(self, entry: Entry) -> None:
        self.report.rows += 1
        with suppress(PlateError):  # a row that is refused for its e-mail still says that its vehicle is there
            self.named.add(canonical(entry.plate))
        try:
            self._take(entry)
        except RowError as refused:
            self.report.refused.append(Refusal(entry.row, entry.plate, refused.code, str(refused)))

    def _take(self, entry: Entry) -> None:
        key = key_of_plate(entry)
        vehicle = self.stock.vehicles.get(key)
        if vehicle is None:
            check_possible(entry)
        check_texts(entry)
        if key in self.rows:
            raise RowError("duplicate", _duplicate(self.rows[key], entry))
        self.rows[key] = entry
        if vehicle is None:
            self._add(entry)
        else:
            self._compare(vehicle, entry)

    def _add(self, entry: Entry) -> None:
        unit = self.stock.unit(entry)
        vehicle = Vehicle(
            condominium=self.stock.condominium,
            plate=entry.plate,
            unit=unit,
            owner=self.stock.person(entry, unit),
            make=entry.make,
            colour=entry.colour,
            note=entry.note,
            from_list=True,
        )
        vehicle.spell()  # rows that are written in bulk are not saved one by one
        self._note(Kind.ADDED, vehicle, entry, self.stock.reach(vehicle.owner, entry))

    def _compare(self, vehicle: Vehicle, entry: Entry) -> None:
        vehicle.owner = self.stock.owner_of(vehicle)
        _check_holder(vehicle, entry)
        differences = [*self._holder(vehicle, entry), *_details(vehicle, entry)]
        if not differences and vehicle.is_active:
            self.report.unchanged += 1
        else:
            for name in {each.field for each in differences} & OWN:
                self.changed[name].append(vehicle)
            self._note(KINDS[VehicleState(vehicle.state)], vehicle, entry, differences)

    def _holder(self, vehicle: Vehicle, entry: Entry) -> Iterator[Difference]:
        old = _home(vehicle)
        new = self.stock.unit(entry) or old
        if key_of(new) != key_of(old):
            yield Difference("unit", str(old or ""), str(new))
            vehicle.unit = new
        owner = vehicle.owner
        if entry.owner and (owner is None or name_key(owner.name) != name_key(entry.owner)):
            yield Difference("owner", vehicle.owner_name, entry.owner)
            vehicle.owner = self.stock.person(entry, new)
        elif owner and key_of(new) != key_of(old):
            self.stock.move(owner, old, new)
        yield from self.stock.reach(vehicle.owner, entry)

    def _note(self, kind: Kind, vehicle: Vehicle, entry: Entry | None, differences: Iterable[Difference] = ()) -> None:
        self.vehicles[kind].append(vehicle)
        row = entry.row if entry else None
        self.report.changes.append(Change(kind, row, vehicle.plate, tuple(differences)))

    def _end_others(self) -> None:
        for key, vehicle in self.stock.vehicles.items():
            if not vehicle.is_active or key in self.named:
                continue
            if vehicle.from_list:
                self._note(Kind.ENDED, vehicle, None)
            else:
                self.report.kept += 1


def _home(vehicle: Vehicle) -> Unit | None:
    return vehicle.unit or (vehicle.owner.unit if vehicle.owner else None)


def _details(vehicle: Vehicle, entry: Entry) -> Iterator[Difference]:
    for name in ("make", "colour", "note"):
        old, new = one_line(getattr(vehicle, name)), getattr(entry, name)
        if new and new != old:
            setattr(vehicle, name, new)
            yield Difference(name, old, new)


def _check_holder(vehicle: Vehicle, entry: Entry) -> None:
    """A vehicle that somebody entered by hand for somebody else is a question for a person."""
    if vehicle.from_list or vehicle.state == VehicleState.ENDED:
        return
    unit, asked = _home(vehicle), unit_key(entry.block, entry.unit)
    other_unit = unit and asked[1] and asked != key_of(unit)
    other_owner = entry.owner and vehicle.owner and name_key(entry.owner) != name_key(vehicle.owner.name)
    if other_unit or other_owner:
        message = _("%(plate)s is registered already, for %(holder)s. Change it there if that is no longer so.")
        raise RowError("differs", message % {"plate": vehicle.plate, "holder": vehicle.holder})


def _duplicate(first: Entry, second: Entry) -> str:
    said = _("The same vehicle stands in row %(row)d.") % {"row": first.row}
    if unit_key(first.block, first.unit) == unit_key(second.block, second.unit):
        return said
    said = _("The same vehicle stands in row %(row)d, for unit %(unit)s.")
    return said % {"row": first.row, "unit": f"{first.block} {first.unit}".strip() or "?"}
