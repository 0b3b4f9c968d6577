"""Saying which plate it really was: what was read, the evidence and the decision stay beside it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Lane, Passage
from access.vehicles import VehicleError, find_vehicle, read_plate
from premises import journal
from premises.models import ApiClient, User
from premises.tenancy import allows


def correct(passage: Passage, plate: str, *, by: User | ApiClient) -> Passage:
    """Say that the plate was misread. What was read, the evidence and the decision stay; nothing opens by it.

    Raises `PermissionDenied`, and `vehicles.VehicleError` for what cannot be a plate and for a passage that was erased.
    """
    if not allows(by, "passages.change", passage.condominium_id):
        raise PermissionDenied(_("You may not correct the passages of this condominium."))
    plate = read_plate(plate)
    with transaction.atomic():
        # A picture of this lane that is being taken in now has the passage in hand.
        Lane.objects.select_for_update().get(pk=passage.lane_id)
        passage.refresh_from_db()
        if passage.erased_at:
            raise VehicleError("erased", _("What was seen of this passage was erased because somebody asked for it."))
        before = passage.shown_plate
        _rename(passage, plate)
        journal.record(
            passage.condominium_id,
            "passage.corrected",
            actor=by,
            subject=plate,
            passage_id=passage.pk,
            data={"from": before, "to": plate},
        )
    return passage


def _rename(passage: Passage, plate: str) -> None:
    vehicle = find_vehicle(passage.condominium_id, plate)
    passage.corrected_plate = "" if plate == passage.plate else plate
    passage.reviewed_at = timezone.now()
    passage.spell()
    passage.vehicle = vehicle
    passage.unit_name = vehicle.unit_name[:42] if vehicle else ""
    passage.owner_name = vehicle.owner_name[:120] if vehicle else ""
    changed = ["corrected_plate", "plate_key", "vehicle", "unit_name", "owner_name", "reviewed_at"]
    passage.save(update_fields=changed)
