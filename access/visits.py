"""Visitors: a unit announces who comes; the pass is for one entry, or until a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from access.households import lives_in
from access.models import Lane, Permit, Vehicle
from access.permitting import PermitKind
from access.vehicles import VehicleError, enter_visitors, find_vehicle, read_plate
from premises import journal
from premises.journal import Actor
from premises.models import Unit, User
from premises.tenancy import allows

# What a resident may announce without asking anybody: longer, and more at once, is for the manager to say.
LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=180)
MOST_AT_ONCE = 30


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

    Who lives in that unit may, within bounds, beside who may change the register. Raises `VehicleError` for what cannot
    be a plate and for a vehicle that may pass anyway (a resident is not told whose), `ValidationError` for a pass
    without an end, beyond those bounds or for another condominium's lanes, and `PermissionDenied`.
    """
    as_resident = check_may_announce(by, host)
    if as_resident:
        check_bounds(host, terms.get("valid_from"), terms.get("valid_until"))
    if any(lane.condominium_id != host.condominium_id for lane in lanes):
        raise ValidationError({"lanes": _("This belongs to another condominium.")})
    permit = Permit(
        condominium=host.condominium,
        vehicle=_visitors(host, plate, by, as_resident),
        kind=PermitKind.VISITOR,
        host=host,
        **terms,
    )
    permit.full_clean()
    permit.save(force_insert=True)
    permit.lanes.set(lanes)
    _journal(permit, by)
    return permit


@transaction.atomic
def take_back(permit: Permit, *, by: Actor) -> None:
    """End a visitor's pass; who is inside may leave. Raises `VehicleError` where it had ended, `PermissionDenied`."""
    if permit.host is None or permit.kind != PermitKind.VISITOR:
        raise PermissionDenied(_("This is no visitor's pass."))
    check_may_announce(by, permit.host)
    if not Permit.objects.filter(pk=permit.pk, is_active=True).update(is_active=False):
        raise VehicleError("state", _("This was taken back already."))
    permit.is_active = False
    _journal(permit, by, "visitor.taken_back")


def check_may_announce(by: Actor, host: Unit) -> bool:
    """Whether it is as a resident that somebody may announce for a unit. Raises `PermissionDenied` for who may not."""
    if isinstance(by, str) or allows(by, "visits.announce", host.condominium_id):
        return False
    if isinstance(by, User) and lives_in(by, host):
        return True
    raise PermissionDenied(_("You may not announce visitors in this condominium."))


def check_bounds(host: Unit, valid_from: datetime | None, valid_until: datetime | None) -> None:
    """What a resident may announce: with an end, not for ever, not very many. Raises `ValidationError`."""
    now = timezone.now()
    begin = max(valid_from or now, now)
    if valid_until is None or valid_until <= now:
        raise ValidationError({"valid_until": _("Choose until when; a time that is still to come.")})
    if valid_from and valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The visit would end before it begins.")})
    if valid_until - begin > LONGEST:
        days = {"days": LONGEST.days}
        raise ValidationError(
            {"valid_until": _("A visit lasts at most %(days)s days. Ask the manager for more.") % days}
        )
    if begin - now > FARTHEST:
        raise ValidationError({"valid_from": _("That is too far ahead.")})
    _check_number(host, now)


def _check_number(host: Unit, now: datetime) -> None:
    open_passes = Permit.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), host=host, is_active=True)
    if open_passes.count() >= MOST_AT_ONCE:
        most = {"most": MOST_AT_ONCE}
        raise ValidationError(_("Your home has announced %(most)s guests already. Take one back first.") % most)


def _visitors(host: Unit, plate: str, by: Actor, as_resident: bool) -> Vehicle:
    plate = read_plate(plate)
    vehicle = find_vehicle(host.condominium, plate)
    if vehicle is None:
        return enter_visitors(host.condominium, plate, by=by)
    if vehicle.is_active and vehicle.home is None:
        return vehicle
    raise VehicleError("already_registered", _why_not(vehicle, plate, host if as_resident else None))


def _why_not(vehicle: Vehicle, plate: str, asks: Unit | None) -> str:
    """Why a vehicle is no visitor's. Who `asks` for the own unit is not told of others."""
    known = {"plate": vehicle.plate, "unit": vehicle.unit_name}
    if asks is not None and vehicle.home == asks:
        return _("%(plate)s is a vehicle of your own home: see “My vehicles”.") % known
    if asks is not None:
        return _("%(plate)s cannot be announced here. Please ask the gatehouse.") % {"plate": plate}
    if not vehicle.is_active:  # it would be announced, and not come in
        return vehicle.there_already(vehicle.plate)
    return _("%(plate)s is a vehicle of unit %(unit)s, not a visitor's.") % known


def _journal(permit: Permit, by: Actor, action: str = "visitor.announced") -> None:
    data: dict[str, Any] = {
        "permit": permit.pk,
        "unit": str(permit.host),
        "single_entry": permit.single_entry,
        "until": permit.valid_until,
    }
    journal.record(permit.condominium, action, actor=by, subject=permit.vehicle.plate, data=data)
