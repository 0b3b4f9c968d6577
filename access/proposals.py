"""Vehicles that are proposed: they wait for the manager, and never open a gate before."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.households import home_in
from access.models import Vehicle
from access.states import VehicleState
from access.vehicles import VehicleError, check_may_register, check_tenant, find_vehicle, read_plate
from premises import journal
from premises.journal import Actor
from premises.models import Condominium, Person, Unit
from premises.tenancy import allows

AGAIN = ("unit", "owner", "make", "colour", "note")


def propose_vehicle(
    condominium: Condominium,
    plate: str,
    *,
    by: Actor,
    owner: Person | None = None,
    unit: Unit | None = None,
    make: str = "",
    colour: str = "",
    note: str = "",
) -> Vehicle | None:
    """Enter a vehicle that waits for approval, and has no permit until then.

    A resident proposes for the own person and its unit, whatever `owner` and `unit` say; a manager for anybody. One
    that was signed off waits again, for whom it is proposed now. None where another unit holds the plate and a resident
    proposes: the resident is not told who, the manager is shown both.

    Raises `VehicleError` where the plate cannot be one or is registered for the same unit (for a manager: for anybody,
    named), and `PermissionDenied`.
    """
    manages = isinstance(by, str) or allows(by, "registry.change", condominium.pk)
    if not manages:
        owner = _resident(by, condominium)
        unit = owner.unit
    check_tenant(condominium, owner, unit)
    plate = read_plate(plate)
    wanted = Vehicle(condominium=condominium, plate=plate, owner=owner, make=make, colour=colour, note=note)
    wanted.unit = unit or (owner.unit if owner else None)
    try:
        with transaction.atomic():
            return _entered(wanted, find_vehicle(condominium, plate), by, manages)
    except IntegrityError as error:  # registered or proposed by somebody else this very moment
        raise VehicleError("already_registered", _("%(plate)s is already registered.") % {"plate": plate}) from error


def _resident(by: Actor, condominium: Condominium) -> Person:
    """Who a resident is here; with a unit, since an approval is for a unit."""
    home = home_in(by, condominium)
    if home is None:
        raise PermissionDenied(_("You may not propose vehicles in this condominium."))
    return home.person


def _entered(wanted: Vehicle, twin: Vehicle | None, by: Actor, manages: bool) -> Vehicle | None:
    if twin is None:
        wanted.state = VehicleState.WAITING
        wanted.save(force_insert=True)
        return _noted(wanted, by)
    if twin.state == VehicleState.ENDED:
        return _noted(_again(twin, wanted), by)
    if manages or twin.unit_name == wanted.unit_name:
        message = twin.there_already(wanted.plate)
        raise VehicleError("already_registered", message)
    _contest(twin, wanted, by)
    return None


def _noted(vehicle: Vehicle, by: Actor) -> Vehicle:
    data = {"unit": vehicle.unit_name}
    journal.record(vehicle.condominium, "vehicle.proposed", actor=by, subject=vehicle.plate, data=data)
    return vehicle


def _again(ended: Vehicle, wanted: Vehicle) -> Vehicle:
    """What it was permitted before was another's: nothing of that comes back."""
    for name in AGAIN:
        setattr(ended, name, getattr(wanted, name))
    ended.state, ended.ended_at, ended.ended_because = VehicleState.WAITING, None, ""
    ended.from_list, ended.claimed_by = False, None
    ended.save()
    ended.permits.update(is_active=False, ended_at=None)
    return ended


def _contest(vehicle: Vehicle, wanted: Vehicle, by: Actor) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(claimed_by=wanted.owner)
    data = {"unit": wanted.unit_name, "registered_for": vehicle.unit_name}
    journal.record(vehicle.condominium, "vehicle.contested", actor=by, subject=vehicle.plate, data=data)


@transaction.atomic
def hand_over(vehicle: Vehicle, *, by: Actor) -> None:
    """Register a vehicle for the one who also proposed it; its state and its permits stay. Raises `VehicleError`."""
    check_may_register(by, vehicle.condominium)
    claimant = vehicle.claimed_by
    if claimant is None:
        raise VehicleError("state", _("Nobody else proposed %(plate)s.") % {"plate": vehicle.plate})
    before = vehicle.unit_name
    vehicle.owner, vehicle.unit, vehicle.claimed_by = claimant, claimant.unit, None
    vehicle.save(update_fields=["owner", "unit", "claimed_by"])
    data = {"from": before, "to": vehicle.unit_name}
    journal.record(vehicle.condominium, "vehicle.handed_over", actor=by, subject=vehicle.plate, data=data)


@transaction.atomic
def leave_with_holder(vehicle: Vehicle, *, by: Actor) -> None:
    """Whom a vehicle is registered for keeps it; the other proposal is dropped. Raises `VehicleError`."""
    check_may_register(by, vehicle.condominium)
    if not Vehicle.objects.filter(pk=vehicle.pk, claimed_by__isnull=False).update(claimed_by=None):
        raise VehicleError("state", _("Nobody else proposed %(plate)s.") % {"plate": vehicle.plate})
    vehicle.claimed_by = None
    data = {"unit": vehicle.unit_name}
    journal.record(vehicle.condominium, "vehicle.left_with_holder", actor=by, subject=vehicle.plate, data=data)
