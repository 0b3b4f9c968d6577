"""Opening by hand: a named person, a reason, and a photo of it where one can be had."""

import logging
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from access.models import Lane, OpeningPhoto, Passage
from access.queueing import offer
from cameras.models import Source
from cameras.snapshots import SnapshotError, fetch
from gates.commands import request_open
from gates.models import Gate, GateCommand
from premises.models import ApiClient, User

logger = logging.getLogger("access")

KEEP_PHOTO = "access.tasks.keep_photo"


def open_gate(
    gate: Gate,
    *,
    by: User | ApiClient,
    reason: str,
    lane: Lane | None = None,
    passage: Passage | None = None,
) -> GateCommand:
    """Ask for an opening by hand, perhaps for a passage.

    Raises `PermissionDenied`, and `ValidationError` for a missing reason. The photo is taken afterwards, in the
    background, by the lane given or else by the gate's first with a camera. It neither delays nor prevents the opening.
    """
    lane = lane or (passage.lane if passage else None)
    if lane is not None and lane.gate_id != gate.pk:
        raise ValueError(f"{lane} is no lane of {gate}")
    with transaction.atomic():
        command = request_open(gate, by=by, reason=reason, passage_id=passage.pk if passage else None)
        if seen_by := lane or _lane_of(gate):
            transaction.on_commit(lambda: _ask_for_photo(command.pk, seen_by.pk), robust=True)
    return command


def _lane_of(gate: Gate) -> Lane | None:
    lanes = Lane.objects.filter(gate=gate, is_active=True).exclude(camera__source=Source.UPLOAD)
    return lanes.order_by("direction", "pk").first()


def _ask_for_photo(command_id: UUID, lane_id: int) -> None:
    offer(KEEP_PHOTO, [str(command_id), lane_id], otherwise=f"no photo of gate command {command_id}", expires=30)


def keep_photo(command_id: str, lane_id: int) -> OpeningPhoto | None:
    """Take the photo of an opening, once; None where the camera gives none."""
    command = GateCommand.objects.filter(pk=command_id).first()
    lane = Lane.objects.select_related("camera__recorder").filter(pk=lane_id).first()
    if command is None or lane is None or OpeningPhoto.objects.filter(command_id=command.pk).exists():
        return None
    try:
        frame = fetch(lane.camera)
    except SnapshotError as error:
        logger.warning("%s: no photo of the opening by hand: %s", lane, error)
        return None
    photo = OpeningPhoto(
        condominium_id=command.condominium_id,
        command_id=command.pk,
        lane=lane,
        taken_at=frame.taken_at or timezone.now(),
        frame_digest=frame.digest,
    )
    photo.frame.save(f"{command.pk}.jpg", ContentFile(frame.data), save=True)
    return photo
