"""The register of vehicles: enter them, find them by either spelling, say whose they are."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.models import PLATE_PROBLEMS, Passage, Permit, Vehicle, WatchlistEntry
from premises import journal
from premises.journal import Actor
from premises.models import Condominium, Person, Unit
from premises.tenancy import allows
from recognition import Place, PlateError, canonical, normalise, place_of_registration


class VehicleError(ValueError):
    """A vehicle that cannot be registered.

    `code` is "already_registered", "elsewhere" (an owner or a unit of another condominium), or one of
    `recognition.PlateError`; the message is for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class OwnerAnswer:
    """Whose a plate is. `place` is what the plate itself tells; `contact` a phone number or an e-mail address."""

    plate: str
    vehicle: Vehicle | None = None
    unit: str = ""
    owner: str = ""
    contact: str = ""
    place: Place | None = None
    watchlist: str | None = None


def register_vehicle(
    condominium: Condominium,
    plate: str,
    *,
    by: Actor,
    owner: Person | None = None,
    unit: Unit | None = None,
    make: str = "",
    colour: str = "",
    note: str = "",
    permit: bool = True,
) -> Vehicle:
    """Enter a vehicle, with a permit for all lanes without end unless `permit` is False.

    Without a unit it belongs to its owner's. Raises `VehicleError`, and `PermissionDenied` where `by` is somebody
    who may not change this register.
    """
    check_may_register(by, condominium)
    _check_tenant(condominium, owner, unit)
    plate = read_plate(plate)
    unit = unit or (owner.unit if owner else None)
    vehicle = Vehicle(condominium=condominium, plate=plate, owner=owner, unit=unit, make=make, colour=colour, note=note)
    try:
        with transaction.atomic():
            vehicle.save(force_insert=True)
            if permit:
                Permit.objects.create(condominium=condominium, vehicle=vehicle)
            journal.record(condominium, "vehicle.registered", actor=by, subject=vehicle.plate, data={"permit": permit})
    except IntegrityError as error:
        raise _twin(condominium, plate) from error
    return vehicle


def check_may_register(by: Actor, condominium: Condominium) -> None:
    if not isinstance(by, str) and not allows(by, "registry.change", condominium.pk):
        raise PermissionDenied(_("You may not change the vehicles of this condominium."))


def _check_tenant(condominium: Condominium, *rows: Person | Unit | None) -> None:
    if any(row is not None and row.condominium_id != condominium.pk for row in rows):
        raise VehicleError("elsewhere", _("This belongs to another condominium."))


def _twin(condominium: Condominium, plate: str) -> VehicleError:
    twin = find_vehicle(condominium, plate)
    if twin is None or twin.plate == plate:
        return VehicleError("already_registered", _("%(plate)s is already registered.") % {"plate": plate})
    message = _("%(plate)s is already registered, as %(twin)s.") % {"plate": plate, "twin": twin.plate}
    return VehicleError("already_registered", message)


def read_plate(text: str) -> str:
    """A plate as it is kept. Raises `VehicleError` with a sentence for people."""
    try:
        return normalise(text)
    except PlateError as error:
        raise VehicleError(error.code, str(PLATE_PROBLEMS.get(error.code, error))) from error


def find_vehicle(condominium: Condominium | int, plate: str) -> Vehicle | None:
    """The vehicle of that plate, in either spelling. None too for what cannot be a plate."""
    try:
        key = canonical(plate)
    except PlateError:
        return None
    condominium_id = condominium if isinstance(condominium, int) else condominium.pk
    rows = Vehicle.objects.select_related("owner", "unit", "owner__unit")
    return rows.filter(condominium_id=condominium_id, plate_key=key).first()


def look_up(condominium: Condominium, plate: str) -> OwnerAnswer:
    """What is known of a plate here. Raises `VehicleError` for what cannot be a plate."""
    plate = read_plate(plate)
    watched = WatchlistEntry.objects.filter(condominium=condominium, plate_key=canonical(plate), is_active=True).first()
    kind, place = watched.kind if watched else None, place_of_registration(plate)
    vehicle = find_vehicle(condominium, plate)
    if vehicle is None:
        return OwnerAnswer(plate, place=place, watchlist=kind)
    owner = vehicle.owner
    contact = (owner.phone or owner.email) if owner else ""
    return OwnerAnswer(plate, vehicle, vehicle.unit_name, vehicle.owner_name, contact, place, kind)


@transaction.atomic
def add_to_permits(passage: Passage, *, by: Actor) -> Permit:
    """Let the vehicle of a passage pass from now on, registering it where it is unknown.

    Nothing opens by it: the passage was decided. Raises `VehicleError` where the plate cannot be one, and
    `PermissionDenied` as `register_vehicle` does.
    """
    condominium = passage.condominium
    check_may_register(by, condominium)
    vehicle = find_vehicle(condominium, passage.shown_plate)
    if vehicle is None:
        vehicle = register_vehicle(condominium, passage.shown_plate, by=by, permit=False)
    elif not vehicle.is_active:
        vehicle.is_active = True
        vehicle.save(update_fields=["is_active"])
    permit = _permit_without_end(vehicle) or Permit.objects.create(condominium=condominium, vehicle=vehicle)
    Passage.objects.filter(pk=passage.pk).update(vehicle=vehicle)
    passage.vehicle = vehicle
    journal.record(
        condominium,
        "permit.added",
        actor=by,
        subject=vehicle.plate,
        passage_id=passage.pk,
        data={"permit": permit.pk},
    )
    return permit


def _permit_without_end(vehicle: Vehicle) -> Permit | None:
    everywhere = vehicle.permits.filter(is_active=True, lanes=None)
    return everywhere.filter(valid_from=None, valid_until=None).first()
