"""Letting a visitor in at the gate: announced on a unit's word, and opened for, in one transaction."""

from typing import Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from access import corrections, openings, visits
from access.models import Lane, Passage
from access.vehicles import VehicleError, read_plate
from gates.models import GateCommand
from premises.models import Unit, User
from premises.tenancy import allows


@transaction.atomic
def admit(
    lane: Lane, host: Unit, plate: str, *, by: User, passage: Passage | None = None, **terms: Unpack[visits.Terms]
) -> GateCommand:
    """Announce a visitor of `host`, and open the lane's gate for them.

    The passage, where one is given, is corrected to the plate. Raises `VehicleError`, `ValidationError` and
    `PermissionDenied`, and then nothing was written at all. Whether it opened is in the command.
    """
    if lane.gate is None:
        raise ValidationError(_("This lane has no gate."))
    if not allows(by, "gates.open", lane.condominium_id):
        raise PermissionDenied(_("You may not open this gate."))
    if host.condominium_id != lane.condominium_id:
        raise VehicleError("elsewhere", _("This belongs to another condominium."))
    permit = visits.announce(host, plate, by=by, **terms)
    if passage is not None and passage.shown_plate != read_plate(plate):
        corrections.correct(passage, plate, by=by)
    name = permit.holder or permit.vehicle.plate
    reason = _("Visitor %(name)s of unit %(unit)s") % {"name": name, "unit": host}
    return openings.open_gate(lane.gate, by=by, reason=reason, lane=lane, passage=passage)
