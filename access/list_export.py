"""The register as a list: what an import takes."""

from django.utils.translation import gettext as _

from access.list_keys import split_unit, whole
from access.models import Vehicle
from access.sheet_writing import Format, written
from access.states import VehicleState
from access.vehicles import check_may_register
from premises import journal
from premises.journal import Actor
from premises.models import Condominium


def export_vehicles(condominium: Condominium, kind: Format, *, by: Actor) -> bytes:
    """The active vehicles with their units and owners, under headings that an import knows, in the language in use.

    Those that wait or were signed off are left out: an import would let them in. Who took the list is journalled.
    Raises `PermissionDenied`.
    """
    check_may_register(by, condominium)
    active = Vehicle.objects.filter(condominium=condominium, state=VehicleState.ACTIVE)
    rows = sorted(map(_row, active.select_related("unit", "owner__unit")), key=lambda row: (row[2], row[3], row[0]))
    journal.record(condominium, "vehicles.exported", actor=by, subject=kind.label, data={"vehicles": len(rows)})
    return written([headings(), *rows], kind)


def headings() -> list[str]:
    return [
        _("Plate"),
        _("Owner"),
        _("Block"),
        _("Unit"),
        _("Make and model"),
        _("Colour"),
        _("Phone"),
        _("E-mail"),
        _("Note"),
    ]


def _row(vehicle: Vehicle) -> list[str]:
    owner = vehicle.owner
    unit = vehicle.unit or (owner.unit if owner else None)
    block, number = split_unit(whole(unit.block), whole(unit.number)) if unit else ("", "")
    phone, email = (whole(owner.phone), owner.email) if owner else ("", "")
    return [
        vehicle.plate,
        vehicle.owner_name,
        block,
        number,
        vehicle.make,
        vehicle.colour,
        phone,
        email,
        vehicle.note,
    ]
