"""The second step: where the recorder is, who signs in there, and a picture of it."""

from typing import Any

from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse

from cameras import registering
from cameras.admin import RecorderForm
from cameras.health import resume_if_told
from cameras.models import Recorder
from cameras.snapshots import SnapshotError, test_connection
from portal.setup import pictures
from portal.setup.entering import show, user_of
from portal.setup.steps import Sitting
from portal.setup.words import plain

FIELDS = ("name", "make", "host", "port", "username", "password", "use_https", "verify_tls", "snapshot_path")
ADVANCED = ("use_https", "verify_tls", "snapshot_path")
Form: Any = modelform_factory(Recorder, form=RecorderForm, fields=FIELDS)


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    recorder = recorder_of(sitting) or Recorder(condominium=sitting.condominium)
    form = plain(Form(request.POST or None, instance=recorder))
    tried: dict[str, Any] = {}
    if form.is_valid():
        _keep(request, form)
        tried = _tried(request, form.instance)
    split = [[field for field in form if (field.name in ADVANCED) == advanced] for advanced in (False, True)]
    return show(request, sitting, "recorder", form=form, split=split, next=sitting.address("camera"), **tried)


def recorder_of(sitting: Sitting) -> Recorder | None:
    """The lane's recorder; before there is a lane the condominium's newest."""
    if sitting.lane is not None and sitting.lane.camera.recorder is not None:
        return sitting.lane.camera.recorder
    return Recorder.objects.filter(condominium=sitting.condominium).order_by("-pk").first()


def _keep(request: HttpRequest, form: Any) -> None:
    if form.changed_data or form.instance._state.adding:
        was_there = not form.instance._state.adding
        registering.keep(form.instance, by=user_of(request), fields=form.changed_data)
        if was_there:
            resume_if_told(form.instance, form.changed_data, user_of(request))


def _tried(request: HttpRequest, recorder: Recorder) -> dict[str, Any]:
    """One try, so that no account is locked."""
    try:
        return {"picture": pictures.shown(test_connection(recorder, user_of(request)))}
    except SnapshotError as error:
        return {"trouble": pictures.trouble(error)}
