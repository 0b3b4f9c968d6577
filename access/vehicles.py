"""The register of vehicles: enter them, find them by either spelling, say which may pass and which no longer."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access import answers
from access.hours import OnHolidays
from access.households import lives_in
from access.models import PLATE_PROBLEMS, Passage, Permit, Vehicle
from access.states import VehicleState
from premises import journal
from premises.journal import Actor
from premises.models import Condominium, Person, Unit
from premises.tenancy import allows
from recognition import PlateError, canonical, normalise


class VehicleError(ValueError):
    """A vehicle that cannot be registered.

    `code` is "already_registered", "elsewhere" (an owner or a unit of another condominium), "state" (what was asked
    is done already, or does not fit), or one of `recognition.PlateError`; the message is for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


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
    check_tenant(condominium, owner, unit)
    unit = unit or (owner.unit if owner else None)
    wanted = Vehicle(condominium=condominium, owner=owner, unit=unit, make=make, colour=colour, note=note)
    return enter(wanted, plate, by=by, permit=permit)


def enter(vehicle: Vehicle, plate: str, *, by: Actor, permit: bool) -> Vehicle:
    """Write a new vehicle's row and its journal entry. The caller checked that `by` may. Raises `VehicleError`."""
    vehicle.plate = plate = read_plate(plate)
    condominium = vehicle.condominium
    try:
        _enter(vehicle, by, permit=permit)
    except IntegrityError as error:
        raise _twin(condominium, plate) from error
    return vehicle


def enter_visitors(condominium: Condominium, plate: str, *, by: Actor) -> Vehicle:
    """A vehicle of nobody here, without a permit, for a visit that was allowed. Raises `VehicleError`."""
    try:
        return _enter(Vehicle(condominium=condominium, plate=plate), by, permit=False)
    except IntegrityError as error:
        raise VehicleError("already_registered", _("%(plate)s is already registered.") % {"plate": plate}) from error


@transaction.atomic
def _enter(vehicle: Vehicle, by: Actor, *, permit: bool) -> Vehicle:
    vehicle.save(force_insert=True)
    if permit:
        Permit.objects.create(condominium=vehicle.condominium, vehicle=vehicle)
    journal.record(vehicle.condominium, "vehicle.registered", actor=by, subject=vehicle.plate, data={"permit": permit})
    return vehicle


def check_may_register(by: Actor, condominium: Condominium) -> None:
    if not isinstance(by, str) and not allows(by, "registry.change", condominium.pk):
        raise PermissionDenied(_("You may not change the vehicles of this condominium."))


def check_tenant(condominium: Condominium, *rows: Person | Unit | None) -> None:
    if any(row is not None and row.condominium_id != condominium.pk for row in rows):
        raise VehicleError("elsewhere", _("This belongs to another condominium."))


def _twin(condominium: Condominium, plate: str) -> VehicleError:
    """Who may register a vehicle may hear whose the plate is already."""
    twin = find_vehicle(condominium, plate)
    message = twin.there_already(plate) if twin else _("%(plate)s is already registered.") % {"plate": plate}
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


def approve(vehicle: Vehicle, *, by: Actor) -> None:
    """Let a vehicle that waits for approval pass. Raises `VehicleError` where it does not wait."""
    check_may_register(by, vehicle.condominium)
    _move(vehicle, {VehicleState.WAITING}, VehicleState.ACTIVE, "approved", by, _open_permits)


def refuse(vehicle: Vehicle, *, by: Actor, reason: str) -> None:
    """Say no to a vehicle that waits for approval; the reason is for who proposed it. Raises `VehicleError`."""
    if not reason.strip():
        raise VehicleError("reason", _("Give the reason."))
    check_may_register(by, vehicle.condominium)
    _move(vehicle, {VehicleState.WAITING}, VehicleState.ENDED, "refused", by, _close_permits, reason.strip())


def end_vehicle(vehicle: Vehicle, *, by: Actor, reason: str = "") -> None:
    """Sign a vehicle off, sold for instance: it stays on record and never opens, and its permits end with it.

    Who lives in the vehicle's unit may, beside who may change the register. Raises `VehicleError` where it was signed
    off before.
    """
    if not lives_in(by, vehicle.home):
        check_may_register(by, vehicle.condominium)
    standing = {VehicleState.ACTIVE, VehicleState.WAITING}
    _move(vehicle, standing, VehicleState.ENDED, "ended", by, _close_permits, reason.strip())


def take_up_again(vehicle: Vehicle, *, by: Actor) -> None:
    """Let a vehicle that was signed off pass as before: with the permits that ended with it, or else a new one.

    Raises `VehicleError` where it was not signed off.
    """
    check_may_register(by, vehicle.condominium)
    _move(vehicle, {VehicleState.ENDED}, VehicleState.ACTIVE, "taken_up", by, _open_permits)


@transaction.atomic
def _move(
    vehicle: Vehicle,
    old: set[VehicleState],
    new: VehicleState,
    verb: str,
    by: Actor,
    permits: Callable[[Vehicle], None],
    reason: str = "",
) -> None:
    """Compare and set; the permits follow, and the journal. Who may was asked."""
    ended_at = timezone.now() if new == VehicleState.ENDED else None
    change = {"state": new, "ended_at": ended_at, "ended_because": reason[:200]}
    if not Vehicle.objects.filter(pk=vehicle.pk, state__in=old).update(**change):
        raise VehicleError("state", _("%(plate)s is in another state by now.") % {"plate": vehicle.plate})
    for name, value in change.items():
        setattr(vehicle, name, value)
    permits(vehicle)
    data = {"reason": reason} if reason else {}
    answers.tell(journal.record(vehicle.condominium, f"vehicle.{verb}", actor=by, subject=vehicle.plate, data=data))


def _close_permits(vehicle: Vehicle) -> None:
    vehicle.permits.filter(is_active=True).update(is_active=False, ended_at=vehicle.ended_at)


def _open_permits(vehicle: Vehicle) -> None:
    vehicle.permits.filter(ended_at__isnull=False).update(is_active=True, ended_at=None)
    if not vehicle.permits.filter(is_active=True).exists():
        _permit_without_end(vehicle)


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
    elif vehicle.state == VehicleState.WAITING:
        approve(vehicle, by=by)
    elif vehicle.state == VehicleState.ENDED:
        take_up_again(vehicle, by=by)
    permit = _permit_without_end(vehicle)
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


def _permit_without_end(vehicle: Vehicle) -> Permit:
    everywhere = vehicle.permits.filter(is_active=True, lanes=None, valid_from=None, valid_until=None)
    always = everywhere.filter(windows=None, single_entry=False, on_holidays=OnHolidays.SAME)
    return always.first() or Permit.objects.create(condominium=vehicle.condominium, vehicle=vehicle)
