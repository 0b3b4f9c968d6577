"""Pictures that are sent to us."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access import engines, passages
from access.models import Lane, Passage
from access.reading import read_picture
from access.regions import region_of
from cameras.models import Camera, Source
from premises.models import Condominium
from premises.tenancy import allows, condominium_ids
from recognition import ImageError

PERMISSION = "pictures.upload"


class UploadError(ValueError):
    """A picture of which nobody can say where it belongs; the message is for people."""


@dataclass(frozen=True, slots=True)
class UploadAnswer:
    """The surest plate of the picture, and its passage; neither where none was found."""

    plate: str | None
    passage: Passage | None


def read_upload(
    actor: object, data: bytes, *, lane: Lane | None = None, condominium: Condominium | None = None
) -> UploadAnswer:
    """Read a picture, and take it in like a camera's: of the lane given, or else of the condominium's upload lane.

    A picture for a lane with a gate may open it, so that only who may open gates may send one. Raises
    `recognition.ImageError`, `recognition.EngineError`, `PermissionDenied`, and `UploadError` where the actor's
    condominium is not clear.
    """
    home = lane.condominium if lane else condominium or _only_condominium(actor)
    if not allows(actor, PERMISSION, home.pk):
        raise PermissionDenied(_("You may not send pictures to this condominium."))
    if lane and lane.gate_id and not allows(actor, "gates.open", home.pk):
        raise PermissionDenied(_("A picture for this lane may open its gate, and you may not open gates."))
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise ImageError("too_large", f"The picture has more than {settings.UPLOAD_MAX_BYTES} bytes.")
    lane = lane or upload_lane(home)
    reader = engines.engine(lane.engine)
    picture, reads = read_picture(data, timezone.now(), reader, region=region_of(lane.region))
    seen = passages.observe(lane, picture, reads, reader, timezone.now())
    return UploadAnswer(seen[0].plate, seen[0]) if seen else UploadAnswer(None, None)


def _only_condominium(actor: object) -> Condominium:
    ids = list(condominium_ids(actor, PERMISSION))
    if len(ids) > 1:
        raise UploadError(_("Say of which condominium this picture is."))
    if not ids:
        raise PermissionDenied(_("You may not send pictures."))
    return Condominium.objects.get(pk=ids[0])


@transaction.atomic
def upload_lane(condominium: Condominium) -> Lane:
    """The condominium's lane for pictures that name none: without a gate, so that they are only recorded."""
    # Two first uploads at once shall not make two lanes.
    Condominium.objects.select_for_update().get(pk=condominium.pk)
    lanes = Lane.objects.filter(condominium=condominium, camera__source=Source.UPLOAD, gate=None)
    lane = lanes.order_by("pk").first()
    if lane is None:
        camera = Camera.objects.create(condominium=condominium, name=_("Uploads"), source=Source.UPLOAD)
        lane = Lane.objects.create(condominium=condominium, name=_("Uploads"), camera=camera, frames_to_refuse=1)
    return lane
