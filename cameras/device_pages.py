"""Buttons of recorders and cameras: test the connection, find the channels, ask again after a stop.

Each asks first and works on a POST only: a login that is refused counts towards the lock of the account.
"""

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cameras.health import is_stopped, resume_if_told
from cameras.models import Camera, Recorder, Source
from cameras.snapshots import Channel, Frame, SnapshotError, detect_channels, resume, test_connection
from premises import journal, pages
from premises.roles import Permission
from premises.theme import action


class DevicePages:
    """For the admin pages of recorders and of cameras."""

    def get_actions_detail(self: Any, request: HttpRequest, object_id: Any) -> list[Any]:
        """The buttons of a row: "ask again" only where something is stopped."""
        buttons: list[Any] = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        device = self.get_object(request, object_id)
        stopped = device is not None and is_stopped(device)
        return [button for button in buttons if stopped or button.path != "resume"]

    def save_model(self: Any, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        if change and resume_if_told(obj, form.changed_data, request.user):  # type: ignore[arg-type]
            messages.success(request, _("Pictures are asked for again."))

    def has_device_change_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.CHANGE_DEVICES))

    @action(description=_("Test connection"), icon="photo_camera", permissions=["device_change"])
    def test_connection(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        device: Camera | Recorder = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return pages.show(
            request,
            "cameras/test_connection.html",
            title=_("Test connection: %(device)s") % {"device": device},
            back=_address(device),
            **(_tried(request, device) if request.method == "POST" else {}),
        )

    @action(description=_("Ask again after a stop"), icon="restart_alt", permissions=["device_change"])
    def resume(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        device: Camera | Recorder = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        if request.method == "POST" and resume(device, request.user):  # type: ignore[arg-type]
            messages.success(request, _("Pictures are asked for again."))
            return HttpResponseRedirect(_address(device))
        if not is_stopped(device):
            messages.info(request, _("It was not stopped."))
            return HttpResponseRedirect(_address(device))
        return pages.ask(
            request,
            title=_("Ask %(device)s again") % {"device": device},
            intro=_(
                "It was stopped so that the recorder does not lock the account. "
                "First make sure that user and password are right."
            ),
            form=forms.Form(),
            submit=_("Ask again"),
            back=_address(device),
        )


def _tried(request: HttpRequest, device: Camera | Recorder) -> dict[str, Any]:
    try:
        frame = test_connection(device, request.user)  # type: ignore[arg-type]
    except SnapshotError as error:
        return {"problem": error.message}
    return {"frame": frame, "picture": _inline(frame)}


def _inline(frame: Frame) -> str:
    """The picture within the page: it is shown once and kept nowhere."""
    return f"data:image/jpeg;base64,{base64.b64encode(frame.data).decode()}"


class ChannelsForm(forms.Form):
    channels = forms.MultipleChoiceField(label=_("channels"), widget=UnfoldAdminCheckboxSelectMultipleWidget)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = choices  # type: ignore[attr-defined]


class ChannelPages(DevicePages):
    """For recorders: the list of channels, and cameras made of them."""

    @action(description=_("Find channels"), icon="travel_explore", permissions=["device_change"])
    def find_channels(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        recorder: Recorder = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        if "channels" in request.POST:
            return _make_cameras(request, recorder, request.POST.getlist("channels"))
        context: dict[str, Any] = {}
        if request.method == "POST":
            context = _found(recorder)
        title = _("Channels of %(recorder)s") % {"recorder": recorder}
        return pages.show(request, "cameras/find_channels.html", title=title, back=_address(recorder), **context)


def _found(recorder: Recorder) -> dict[str, Any]:
    try:
        channels = detect_channels(recorder)
    except SnapshotError as error:
        return {"problem": error.message}
    known = set(_cameras(recorder).values_list("channel", flat=True))
    new = [channel for channel in channels if channel.number not in known]
    choices = [(f"{channel.number}:{channel.name}", _label(channel)) for channel in new]
    form = ChannelsForm(choices=choices, initial={"channels": [value for value, _text in choices]})
    return {"found": channels, "known": len(channels) - len(new), "form": form if new else None}


def _label(channel: Channel) -> str:
    return f"{channel.number} · {channel.name}" if channel.name else str(channel.number)


def _cameras(recorder: Recorder) -> Any:
    return Camera.objects.filter(recorder=recorder, source=Source.RECORDER)


@transaction.atomic
def _make_cameras(request: HttpRequest, recorder: Recorder, chosen: list[str]) -> HttpResponse:
    known = set(_cameras(recorder).values_list("channel", flat=True))
    made = 0
    for value in chosen:
        number, _colon, name = value.partition(":")
        if number.isdecimal() and int(number) not in known and 0 < int(number) < 1000:
            _make_camera(request, recorder, int(number), name)
            made += 1
    messages.success(request, _("%(number)s cameras added.") % {"number": made})
    return HttpResponseRedirect(_address(recorder))


def _make_camera(request: HttpRequest, recorder: Recorder, number: int, name: str) -> None:
    camera = Camera.objects.create(
        condominium_id=recorder.condominium_id,
        name=(name.strip() or f"{recorder} {number}")[:80],
        recorder=recorder,
        channel=number,
    )
    journal.record(camera.condominium_id, "camera.added", actor=request.user, subject=camera.name)  # type: ignore[arg-type]


def _address(device: Camera | Recorder) -> str:
    return reverse(f"admin:cameras_{device._meta.model_name}_change", args=[device.pk])
