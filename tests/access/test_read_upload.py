"""Pictures that are sent to us take the same road as a camera's."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from PIL import Image

from access import engines
from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from access.uploads import UploadAnswer, UploadError, read_upload, upload_lane
from cameras.models import Source
from gates.models import GateCommand
from premises.clients import create_client
from premises.models import ApiClient, Condominium, Membership, User
from recognition import ImageError
from tests.access.conftest import ALICES, FAR, STRANGERS, Reader, jpeg, read


@pytest.fixture
def client_program(condominium: Condominium) -> ApiClient:
    return create_client(condominium, "Intercom", ["pictures.upload"])[0]


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr(engines, "engine", lambda name: reader)
    return reader


def test_a_picture_without_a_lane_is_recorded_at_once(
    client_program: ApiClient, vehicle: Vehicle, reader: Reader, condominium: Condominium
) -> None:
    reader.reads = [read(ALICES)]

    answer = read_upload(client_program, jpeg())

    passage = Passage.objects.get()
    assert answer == UploadAnswer(ALICES, passage)
    assert (passage.outcome, passage.reason, passage.vehicle) == (Outcome.RECORD, Reason.NO_GATE, vehicle)
    assert (passage.lane, passage.lane.gate) == (upload_lane(condominium), None)
    assert GateCommand.objects.count() == 0


def test_a_stranger_is_recorded_at_the_first_picture_too(client_program: ApiClient, reader: Reader) -> None:
    reader.reads = [read(STRANGERS)]

    answer = read_upload(client_program, jpeg())

    assert answer.passage is not None
    assert answer.passage.outcome == Outcome.RECORD


def test_one_lane_serves_all_uploads_of_a_condominium(client_program: ApiClient, reader: Reader) -> None:
    for count in range(3):
        read_upload(client_program, jpeg(count))

    assert Lane.objects.filter(camera__source=Source.UPLOAD).count() == 1


def test_the_surest_plate_is_answered(client_program: ApiClient, reader: Reader) -> None:
    reader.reads = [read(STRANGERS, 0.5), read(ALICES, 0.9, FAR)]

    assert read_upload(client_program, jpeg()).plate == ALICES


def test_a_picture_without_a_plate_is_no_passage(client_program: ApiClient, reader: Reader) -> None:
    assert read_upload(client_program, jpeg()) == UploadAnswer(None, None)
    assert Passage.objects.count() == 0


def test_a_picture_for_a_lane_with_a_gate_opens_it(
    condominium: Condominium, lane: Lane, vehicle: Vehicle, reader: Reader
) -> None:
    camera_program, _token = create_client(condominium, "Gate camera", ["pictures.upload", "gates.open"])
    reader.reads = [read(ALICES)]

    answer = read_upload(camera_program, jpeg(), lane=lane)

    assert answer.passage is not None
    assert answer.passage.outcome == Outcome.OPEN
    assert GateCommand.objects.get().passage_id == answer.passage.pk


def test_who_may_not_open_gates_sends_no_picture_to_a_lane_that_has_one(
    client_program: ApiClient, lane: Lane, vehicle: Vehicle, reader: Reader
) -> None:
    reader.reads = [read(ALICES)]

    with pytest.raises(PermissionDenied, match="may not open gates"):
        read_upload(client_program, jpeg(), lane=lane)
    assert Passage.objects.count() == 0


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 200 megapixels."""
    header = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9999))) + chunk(b"IEND", b"")
    )


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 not a picture", "not_an_image"),
        (b"<html>", "not_an_image"),
        (jpeg()[:-200], "truncated"),
        (png()[:-20], "truncated"),
        (bomb(), "too_large"),
    ],
)
def test_what_is_no_picture_is_refused(client_program: ApiClient, data: bytes, code: str) -> None:
    with pytest.raises(ImageError) as refused:
        read_upload(client_program, data)

    assert refused.value.code == code
    assert Passage.objects.count() == 0


def test_what_is_too_long_is_refused_unread(client_program: ApiClient, settings: Any, reader: Reader) -> None:
    settings.UPLOAD_MAX_BYTES = 1000

    with pytest.raises(ImageError) as refused:
        read_upload(client_program, jpeg())

    assert (refused.value.code, reader.asked) == ("too_large", 0)


def test_a_png_is_read_and_kept_as_one(client_program: ApiClient, reader: Reader) -> None:
    reader.reads = [read(ALICES, box=FAR)]

    passage = read_upload(client_program, png()).passage

    assert passage is not None
    kept = passage.detections.get()
    assert (kept.frame.name or "").endswith(".png")
    assert (kept.crop.name or "").endswith(".jpg")


def test_who_may_not_send_does_not(condominium: Condominium, lane: Lane, charlie: User, reader: Reader) -> None:
    viewer, _token = create_client(condominium, "Viewer", ["passages.view"])

    for somebody in (charlie, viewer, AnonymousUser(), None):
        with pytest.raises(PermissionDenied):
            read_upload(somebody, jpeg(), lane=lane)
        with pytest.raises(PermissionDenied):
            read_upload(somebody, jpeg(), condominium=condominium)
    assert (reader.asked, Passage.objects.count()) == (0, 0)


def test_who_has_two_condominiums_must_say_which(
    alice: User, condominium: Condominium, elsewhere: Condominium, reader: Reader
) -> None:
    Membership.objects.create(user=alice, condominium=elsewhere, role="manager")
    reader.reads = [read(ALICES)]

    with pytest.raises(UploadError):
        read_upload(alice, jpeg())

    passage = read_upload(alice, jpeg(), condominium=elsewhere).passage
    assert passage is not None
    assert passage.condominium == elsewhere
