"""The third step: which channel looks at which entrance."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from access import lanes
from access.models import Direction, Lane
from cameras import registering
from cameras.models import Recorder, Source
from cameras.snapshots import SnapshotError, detect_channels, test_connection
from portal.setup import pictures
from portal.setup.entering import show, user_of
from portal.setup.recorder import recorder_of
from portal.setup.steps import Sitting

MOST_CHANNEL = 999


class LaneForm(forms.Form):
    """An entrance and the channel that sees it. `channels` are what the recorder listed, where it was asked."""

    name = forms.CharField(label=_("Name of the entrance or exit"), max_length=80)
    direction = forms.ChoiceField(label=_("Vehicles there drive"), choices=Direction.choices)
    channel = forms.IntegerField(label=_("Channel of the recorder"), min_value=1, max_value=MOST_CHANNEL, initial=1)

    def __init__(self, *args: Any, channels: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channels:
            self.fields["channel"].widget = forms.Select(choices=channels)


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    recorder = recorder_of(sitting)
    other = sitting.lane is not None and sitting.lane.camera.source != Source.RECORDER
    if recorder is None and not other:
        messages.info(request, _("First tell where the recorder is."))
        return HttpResponseRedirect(sitting.address("recorder"))
    if recorder is None or other:
        return show(
            request, sitting, "camera", camera=sitting.lane and sitting.lane.camera, next=sitting.address("region")
        )
    if "find" in request.POST:
        return _with_channels(request, sitting, recorder)
    form = LaneForm(request.POST or None, initial=_initial(sitting.lane))
    if form.is_valid() and (lane := _kept(request, sitting, recorder, form)):
        return _with_picture(request, Sitting(sitting.condominium, lane), lane)
    return show(request, sitting, "camera", form=form, recorder=recorder, picture=_picture(sitting))


def _initial(lane: Lane | None) -> dict[str, Any]:
    if lane is None:
        return {"name": _("Entrance"), "direction": Direction.IN}
    return {"name": lane.name, "direction": lane.direction, "channel": lane.camera.channel}


def _picture(sitting: Sitting) -> pictures.Shown | None:
    return pictures.kept(sitting.lane) if sitting.lane else None


def _with_channels(request: HttpRequest, sitting: Sitting, recorder: Recorder) -> HttpResponse:
    """The same page, with the channels that the recorder lists to choose from; what was typed stays."""
    found: dict[str, Any] = {}
    channels: list[tuple[int, str]] = []
    try:
        channels = [(each.number, f"{each.number} · {each.name}".rstrip(" ·")) for each in detect_channels(recorder)]
        found = {"found": len(channels)}
    except SnapshotError as error:
        found = {"trouble": pictures.trouble(error)}
    typed = {name: request.POST.get(name, value) for name, value in _initial(sitting.lane).items()}
    form = LaneForm(initial=typed, channels=channels)
    return show(request, sitting, "camera", form=form, recorder=recorder, picture=_picture(sitting), **found)


def _kept(request: HttpRequest, sitting: Sitting, recorder: Recorder, form: LaneForm) -> Lane | None:
    """The camera and its lane, written together; None where the form now says what is wrong."""
    try:
        with transaction.atomic():
            return _write(request, sitting, recorder, form.cleaned_data)
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return None


def _write(request: HttpRequest, sitting: Sitting, recorder: Recorder, asked: dict[str, Any]) -> Lane:
    by, channel, name = user_of(request), asked["channel"], asked["name"]
    if sitting.lane is not None:
        camera = sitting.lane.camera
        registering.turn_to(camera, recorder, channel, by=by)
    else:
        camera = registering.camera_of(recorder, channel, name, by=by)
        if Lane.objects.filter(camera=camera).exists():
            raise ValidationError(_("Another lane looks through this channel already."))
    return lanes.lay_out(camera, name, asked["direction"], by=by)


def _with_picture(request: HttpRequest, sitting: Sitting, lane: Lane) -> HttpResponse:
    try:
        pictures.keep(lane, test_connection(lane.camera, user_of(request)))
    except SnapshotError as error:
        trouble = pictures.trouble(error)
        messages.error(request, f"{trouble.problem} {trouble.advice}")
        return HttpResponseRedirect(sitting.address("camera"))
    return HttpResponseRedirect(sitting.address("region"))
