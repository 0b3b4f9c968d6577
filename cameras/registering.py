"""Recorders and cameras written down: by a person, into the journal."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cameras.models import Camera, Recorder, Source
from premises import journal
from premises.models import User


@transaction.atomic
def keep(device: Recorder | Camera, *, by: User, fields: list[str]) -> None:
    """Write a recorder or a camera that was validated, whole where it is new, else these fields of it only: a worker
    may have written its health meanwhile."""
    verb = "added" if device._state.adding else "changed"
    device.save(update_fields=None if verb == "added" else fields)
    action = f"{device._meta.model_name}.{verb}"
    journal.record(device.condominium_id, action, actor=by, subject=device.name, data={"fields": fields})


def camera_of(recorder: Recorder, channel: int, name: str, *, by: User) -> Camera:
    """The camera of a recorder's channel; a new one under this name where there is none. Raises `ValidationError`."""
    known = Camera.objects.filter(recorder=recorder, source=Source.RECORDER, channel=channel).first()
    return known or _new(recorder, channel, name, by)


def _new(recorder: Recorder, channel: int, name: str, by: User) -> Camera:
    camera = Camera(condominium_id=recorder.condominium_id, recorder=recorder, channel=channel, name=name[:80])
    camera.full_clean()
    keep(camera, by=by, fields=["name", "recorder", "channel"])
    return camera


def turn_to(camera: Camera, recorder: Recorder, channel: int, *, by: User) -> None:
    """Let a camera's pictures come from another channel. Raises `ValidationError` where that has a camera already."""
    others = Camera.objects.filter(recorder=recorder, source=Source.RECORDER, channel=channel).exclude(pk=camera.pk)
    if others.exists():
        raise ValidationError({"channel": _("This channel has a camera already.")})
    if (camera.recorder_id, camera.channel) != (recorder.pk, channel):
        camera.recorder, camera.channel, camera.source = recorder, channel, Source.RECORDER
        keep(camera, by=by, fields=["recorder", "channel", "source"])
