"""Visitors: a unit announces who comes; the pass is for one entry, or until a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from access.models import Lane, Permit, Vehicle
from access.permitting import PermitKind
from access.vehicles import VehicleError, enter, find_vehicle, read_plate
from premises import journal
from premises.journal import Actor
from premises.models import Unit
from premises.tenancy import allows


class Terms(TypedDict, total=False):
    """How long a pass is good for, and whose it is."""

    holder: str
    valid_from: datetime | None
    valid_until: datetime | None
    single_entry: bool
    note: str


@transaction.atomic
def announce(host: Unit, plate: str, *, by: Actor, lanes: Sequence[Lane] = (), **terms: Unpack[Terms]) -> Permit:
    """Let a visitor's vehicle in, on the word of the unit `host`; the vehicle is entered where it is unknown.

    Raises `VehicleError` for what cannot be a plate and for a vehicle that may pass anyway, `ValidationError` for
    a pass without an end or for another condominium's lanes, and `PermissionDenied`.
    """
    _check_may_announce(by, host)
    if any(lane.condominium_id != host.condominium_id for lane in lanes):
        raise ValidationError({"lanes": _("This belongs to another condominium.")})
    permit = Permit(
        condominium=host.condominium,
        vehicle=_visitors(host, plate, by),
        kind=PermitKind.VISITOR,
        host=host,
        **terms,
    )
    permit.full_clean()
    permit.save(force_insert=True)
    permit.lanes.set(lanes)
    _journal(permit, by)
    return permit


def _check_may_announce(by: Actor, host: Unit) -> None:
    if not isinstance(by, str) and not allows(by, "visits.announce", host.condominium_id):
        raise PermissionDenied(_("You may not announce visitors in this condominium."))


def _visitors(host: Unit, plate: str, by: Actor) -> Vehicle:
    vehicle = find_vehicle(host.condominium, read_plate(plate))
    if vehicle is None:
        return enter(Vehicle(condominium=host.condominium), plate, by=by, permit=False)
    if not vehicle.is_active:  # it would be announced, and not come in
        raise VehicleError("already_registered", vehicle.there_already(vehicle.plate))
    if vehicle.home is not None:
        known = {"plate": vehicle.plate, "unit": vehicle.unit_name}
        raise VehicleError("already_registered", _("%(plate)s is a vehicle of unit %(unit)s, not a visitor's.") % known)
    return vehicle


def _journal(permit: Permit, by: Actor) -> None:
    data = {
        "permit": permit.pk,
        "unit": str(permit.host),
        "single_entry": permit.single_entry,
        "until": permit.valid_until,
    }
    journal.record(permit.condominium, "visitor.announced", actor=by, subject=permit.vehicle.plate, data=data)
