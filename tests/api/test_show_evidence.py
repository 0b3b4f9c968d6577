"""GET /evidence/<detection>/<part> and /openings/<command>/photo: pictures, for who may see them."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from PIL import Image
from rest_framework.test import APIClient

from access.models import Detection, OpeningPhoto
from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import NOON, Rows, program, signed_in


def jpeg(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def detection(mine: Rows) -> Detection:
    found: Detection = mine["passages"].detections.earliest("taken_at")
    found.frame.save("frame.jpg", ContentFile(jpeg("grey")))
    found.crop.save("crop.jpg", ContentFile(jpeg("white")))
    return found


def address(detection: Detection, part: str = "frame") -> str:
    return f"/evidence/{detection.pk}/{part}"


def body(answer: Any) -> bytes:
    return b"".join(answer)


def test_the_very_bytes_that_were_kept(condominium: Condominium, detection: Detection) -> None:
    api = program(condominium, "passages.view")
    for part, colour in (("frame", "grey"), ("crop", "white")):
        answer = api.get(address(detection, part))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert body(answer) == jpeg(colour)
        assert answer["Cache-Control"].startswith("private")
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_small_picture_is_smaller(api: APIClient, detection: Detection) -> None:
    small = Image.open(io.BytesIO(body(api.get(address(detection, "thumb")))))
    assert 0 < small.width < 640


def test_a_session_sees_it_too(bob: User, detection: Detection) -> None:
    assert body(signed_in(bob).get(address(detection))) == jpeg("grey")


def test_elsewhere_it_does_not_exist(stranger: APIClient, charlie: User, detection: Detection) -> None:
    for api in (stranger, signed_in(charlie)):
        for part in ("frame", "crop", "thumb", "screen"):
            assert api.get(address(detection, part)).status_code == 404
    assert JournalEntry.objects.filter(action="passage.viewed").count() == 0


def test_a_token_is_needed_with_the_scope(condominium: Condominium, detection: Detection) -> None:
    assert APIClient().get(address(detection)).status_code == 401
    assert program(condominium, "pictures.upload", "registry.view").get(address(detection)).status_code == 403


@pytest.mark.parametrize("part", ["original", "..", "frame.jpg", "%2e%2e%2f"])
def test_another_part_does_not_exist(api: APIClient, detection: Detection, part: str) -> None:
    assert api.get(address(detection, part)).status_code == 404


def test_a_picture_that_is_gone_is_not_found(api: APIClient, detection: Detection) -> None:
    detection.frame.storage.delete(str(detection.frame.name))
    assert api.get(address(detection)).status_code == 404


def test_who_looked_is_written_down_once_for_each_of_them_and_hour(
    api: APIClient, bob: User, detection: Detection
) -> None:
    def looked() -> list[str]:
        return list(JournalEntry.objects.filter(action="passage.viewed").order_by("id").values_list("actor", flat=True))

    with time_machine.travel(NOON, tick=False) as clock:
        bobs = signed_in(bob)
        for _ in range(2):
            api.get(address(detection))
            api.get(address(detection, "crop"))
            bobs.get(address(detection))
        assert looked() == ["API: a program", "bob"]
        clock.shift(timedelta(minutes=61))
        bobs.get(address(detection))
        assert looked() == ["API: a program", "bob", "bob"]
    entry = JournalEntry.objects.filter(action="passage.viewed").first()
    assert entry is not None
    assert entry.passage_id == detection.passage_id


def test_the_photo_of_an_opening(api: APIClient, stranger: APIClient, mine: Rows) -> None:
    command = mine["gate-commands"]
    photo = OpeningPhoto(
        condominium=mine["condominiums"],
        command_id=command.pk,
        lane=mine["lanes"],
        taken_at=NOON,
        frame_digest="0" * 64,
    )
    photo.frame.save("photo.jpg", ContentFile(jpeg("black")))
    assert body(api.get(f"/openings/{command.pk}/photo")) == jpeg("black")
    assert stranger.get(f"/openings/{command.pk}/photo").status_code == 404
    assert APIClient().get(f"/openings/{command.pk}/photo").status_code == 401
