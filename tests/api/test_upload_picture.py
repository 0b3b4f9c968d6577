"""POST /upload-camera-image: a picture in, a plate out, a passage kept."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from access import engines
from access.models import Passage
from premises.models import Condominium, User
from recognition import Box, EngineUnavailable, Look, Read
from recognition.reads import certain
from tests.api.conftest import Rows, program, signed_in

ADDRESS = "/upload-camera-image"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "grey").save(data, kind)
    return data.getvalue()


def send(api: APIClient, data: bytes | None = None, *, field: str = "image", name: str = "car.jpg", **more: Any):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile(name, picture() if data is None else data, "image/jpeg")
    return api.post(ADDRESS, {field: file, **more}, format="multipart")


class Reader:
    """A reader that sees what the test says; pictures are decoded by the real one's rules before."""

    name, version = "scripted", "1"

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def read(self, image: Any) -> list[Read]:
        return [read_of(text) for text in self.texts]

    def look(self, image: Any) -> Look:
        return Look(self.read(image))


def read_of(text: str) -> Read:
    return Read(Box(5, 5, 30, 10), text, certain(text, [0.99] * len(text)), 0.99, None)


@pytest.fixture
def sees(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Say what the reader sees in every picture."""
    yield lambda *texts: monkeypatch.setattr(engines, "engine", lambda name: Reader(*texts))


def test_a_plate_is_found_and_kept_as_a_passage(condominium: Condominium, sees: Any) -> None:
    sees("AB1234CD")
    answer = send(program(condominium, "pictures.upload"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"message": "License plate AB1234CD found", "status": 200}
    kept = Passage.objects.get()
    assert (kept.plate, kept.condominium, kept.lane.gate) == ("AB1234CD", condominium, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_without_a_plate(api: APIClient, kind: str) -> None:
    answer = send(api, picture(kind))
    assert answer.status_code == 200
    assert answer.json() == {"message": "No license plate found", "status": 404}
    assert Passage.objects.count() == 0


def test_a_lane_whose_recognition_cannot_run_answers_that_and_no_folder_of_the_server(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(name: str) -> None:
        raise EngineUnavailable("The weights /srv/weights/finder.onnx are damaged.")

    monkeypatch.setattr(engines, "engine", missing)
    answer = send(api)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "cannot run on this site" in answer.json()["message"]
    assert "/srv" not in answer.text
    assert "/srv/weights/finder.onnx are damaged" in caplog.text
    assert Passage.objects.count() == 0


def bomb() -> bytes:
    """A sound PNG of 200 megapixels in 200 kilobytes."""
    width, height = 20_000, 10_000

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * (width + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


BAD = {
    "empty": b"",
    "a PDF called .jpg": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "text": b"this is no picture",
    "a page of HTML": b"<!DOCTYPE html><title>401</title>",
    "a GIF": picture("GIF"),
    "a truncated JPEG": picture(size=(640, 480))[:-400],
    "a truncated PNG": picture("PNG")[:-20],
    "only the first bytes of a JPEG": b"\xff\xd8\xff\xe0",
    "a PNG without pixels": picture("PNG")[:16] + b"\0" * 8 + picture("PNG")[24:],
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_jpeg_or_png_is_refused(api: APIClient, name: str) -> None:
    answer = send(api, BAD[name])
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("image: ")
    assert Passage.objects.count() == 0


def test_a_bomb_of_200_megapixels_is_refused_by_its_header(api: APIClient) -> None:
    data = bomb()
    assert len(data) < 1_000_000
    answer = send(api, data, name="bomb.png")
    assert answer.status_code == 400
    assert "20000 × 10000 pixels" in answer.json()["message"]


HOW = "image: Send the picture, a JPEG or PNG, as multipart/form-data in a field named image."


def test_no_file_or_another_field_is_refused_with_a_word_on_how_to_send_it(api: APIClient) -> None:
    answers = [
        api.post(ADDRESS),
        api.post(ADDRESS, {}, format="multipart"),
        send(api, field="picture"),
        api.post(ADDRESS, {"image": "not a file"}, format="multipart"),
        api.post(ADDRESS, {"image": "…"}, format="json"),
        api.post(ADDRESS, picture(), content_type="image/jpeg"),
    ]
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [(400, HOW)] * 6


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x", "nonsense", "/"])
def test_a_malformed_body_is_refused(api: APIClient, content_type: str) -> None:
    answer = api.post(ADDRESS, b"not what it says", content_type=content_type)
    assert (answer.status_code, "message" in answer.json()) == (400, True)


def test_too_many_bytes_are_refused(api: APIClient, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    assert len(picture(size=(640, 480))) > 1000
    answer = send(api, picture(size=(640, 480)))
    assert (answer.status_code, answer.json()["message"]) == (413, "A picture may have 1000 bytes at most.")
    answer = send(api, b"\xff\xd8\xff" + b"0" * 100_000)
    assert (answer.status_code, answer.json()["message"]) == (413, "The request is too large.")


def test_a_body_in_chunks_is_refused_with_a_word_on_why(api: APIClient) -> None:
    answer = api.post(ADDRESS, headers={"transfer-encoding": "chunked"})
    assert (answer.status_code, "Content-Length" in answer.json()["message"]) == (411, True)


def test_the_lane_may_be_named(api: APIClient, mine: Rows, sees: Any) -> None:
    sees("AB1234CD")
    assert send(api, lane=mine["lanes"].pk).json()["status"] == 200
    assert Passage.objects.get(plate="AB1234CD").lane == mine["lanes"]


@pytest.mark.parametrize("lane", ["999999", "x", "-1", "²", "9" * 40])
def test_a_lane_that_is_none_is_refused(api: APIClient, lane: str) -> None:
    answer = send(api, lane=lane)
    assert (answer.status_code, answer.json()["message"]) == (400, "lane: There is no such lane.")


def test_a_lane_elsewhere_is_none(api: APIClient, charlie: User, mine: Rows, theirs: Rows, sees: Any) -> None:
    sees("AB1234CD")
    assert send(api, lane=theirs["lanes"].pk).status_code == 400
    assert send(signed_in(charlie), lane=mine["lanes"].pk).status_code == 400
    assert Passage.objects.filter(plate="AB1234CD").count() == 0


def test_what_is_sent_here_is_not_seen_elsewhere(api: APIClient, stranger: APIClient, sees: Any) -> None:
    sees("AB1234CD")
    send(api)
    assert api.get("/api/v1/passages").json()["count"] == 1
    assert stranger.get("/api/v1/passages").json()["count"] == 0


def test_a_token_is_needed_with_the_scope(condominium: Condominium) -> None:
    answer = send(APIClient())
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert send(program(condominium, "passages.view")).status_code == 403


def test_messages_are_english_whatever_the_language(api: APIClient) -> None:
    answer = api.post(ADDRESS, headers={"accept-language": "pt-br"})
    assert answer.json()["message"] == HOW


def test_a_manager_of_two_condominiums_names_the_lane(alice: User, elsewhere: Condominium, mine: Rows) -> None:
    alice.memberships.create(condominium=elsewhere, role="manager")
    answer = send(signed_in(alice))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])
    assert send(signed_in(alice), lane=mine["lanes"].pk).status_code == 200
