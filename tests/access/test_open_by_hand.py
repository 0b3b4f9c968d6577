"""Opening by hand: somebody named, a reason, a photo where one can be had."""

import hashlib
import socket
import time
import uuid
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from kombu.exceptions import OperationalError

from access import queueing
from access.models import Lane, OpeningPhoto
from access.openings import keep_photo, open_gate
from access.reasons import Outcome
from cameras.models import Source
from gates.models import Gate, GateCommand
from premises.clients import create_client
from premises.models import Condominium, JournalEntry, User
from tests.access.conftest import STRANGERS, Road, jpeg, read
from tests.access.test_watch import Put, put

__all__ = ["put"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the task queue."""
    calls: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: calls.append((name, args)))
    return calls


@pytest.mark.django_db(transaction=True)
def test_a_guard_opens_with_a_reason_and_a_photo_is_asked_for(
    gate: Gate, lane: Lane, bob: User, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("gates.commands.send", lambda command_id, asked: sent.append(str(command_id)))

    command = open_gate(gate, by=bob, reason="Ambulance")

    assert (command.requested_by, command.requested_by_name, command.reason) == (bob, "bob", "Ambulance")
    assert sent == [str(command.pk)]
    assert asked == [("access.tasks.keep_photo", [str(command.pk), lane.pk])]
    entry = JournalEntry.objects.get(action="gate.requested")
    assert (entry.actor, entry.data["reason"]) == ("bob", "Ambulance")


def test_an_opening_for_a_passage_carries_its_id(road: Road, gate: Gate, bob: User) -> None:
    for _ in range(3):
        (passage,) = road.sees(read(STRANGERS))

    command = open_gate(gate, by=bob, reason="Expected guest", passage=passage)

    assert command.passage_id == passage.pk
    assert JournalEntry.objects.filter(passage_id=passage.pk, actor="bob").count() == 1
    passage.refresh_from_db()
    assert passage.outcome == Outcome.REFUSE


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_without_a_reason_nothing_opens(gate: Gate, bob: User, reason: str) -> None:
    with pytest.raises(ValidationError):
        open_gate(gate, by=bob, reason=reason)
    assert GateCommand.objects.count() == 0


def test_who_may_not_open_does_not(gate: Gate, condominium: Condominium, charlie: User) -> None:
    reader, _token = create_client(condominium, "Reader", ["passages.view"])

    for somebody in (charlie, reader):
        with pytest.raises(PermissionDenied):
            open_gate(gate, by=somebody, reason="Because")
    assert GateCommand.objects.count() == 0


def test_a_client_with_the_scope_opens(gate: Gate, lane: Lane, condominium: Condominium) -> None:
    client, _token = create_client(condominium, "Intercom", ["gates.open"])

    assert open_gate(gate, by=client, reason="Rang", lane=lane).requested_by_name == "API: Intercom"


def test_a_lane_of_another_gate_is_a_mistake(gate: Gate, lane: Lane, bob: User) -> None:
    other = Gate.objects.create(condominium=gate.condominium, name="Back gate")

    with pytest.raises(ValueError, match="no lane of"):
        open_gate(other, by=bob, reason="Ambulance", lane=lane)
    assert GateCommand.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("no queue"), ConnectionError("no queue")])
def test_a_task_queue_that_is_down_prevents_nothing(
    gate: Gate, lane: Lane, bob: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    sent: list[object] = []
    monkeypatch.setattr("gates.commands.send", lambda command_id, asked: sent.append(command_id))
    monkeypatch.setattr(current_app, "send_task", fail)

    command = open_gate(gate, by=bob, reason="Ambulance")

    assert sent == [command.pk]


@pytest.mark.django_db(transaction=True)
def test_a_task_queue_that_hangs_keeps_nobody_waiting_for_long(
    gate: Gate, lane: Lane, bob: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[object] = []
    monkeypatch.setattr("gates.commands.send", lambda command_id, asked: sent.append(command_id))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        monkeypatch.setitem(queueing.PATIENCE, "socket_timeout", 0.1)
        begun = time.monotonic()
        command = open_gate(gate, by=bob, reason="Ambulance")

    assert time.monotonic() - begun < 20  # without a limit it would be for ever
    assert sent == [command.pk]
    assert f"no photo of gate command {command.pk}" in caplog.text


def test_the_photo_is_the_cameras_picture_with_its_digest(gate: Gate, lane: Lane, bob: User, put: Put) -> None:
    command = open_gate(gate, by=bob, reason="Ambulance")
    put(jpeg(7))

    keep_photo(str(command.pk), lane.pk)
    keep_photo(str(command.pk), lane.pk)

    photo = OpeningPhoto.objects.get()
    assert (photo.command_id, photo.lane) == (command.pk, lane)
    with photo.frame.open("rb") as file:
        assert file.read() == jpeg(7)
    assert photo.frame_digest == hashlib.sha256(jpeg(7)).hexdigest()


def test_a_camera_without_a_picture_gives_no_photo(
    gate: Gate, lane: Lane, bob: User, put: Put, caplog: pytest.LogCaptureFixture
) -> None:
    command = open_gate(gate, by=bob, reason="Ambulance")

    assert keep_photo(str(command.pk), lane.pk) is None
    assert "no photo of the opening by hand" in caplog.text


def test_what_is_gone_is_shrugged_at(lane: Lane) -> None:
    assert keep_photo(str(uuid.uuid4()), lane.pk) is None


def test_a_gate_without_a_camera_opens_without_a_photo(gate: Gate, lane: Lane, bob: User, asked: list[Any]) -> None:
    lane.camera.source = Source.UPLOAD
    lane.camera.save()

    assert open_gate(gate, by=bob, reason="Ambulance").pk
    assert asked == []
