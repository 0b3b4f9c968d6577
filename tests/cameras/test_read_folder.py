"""A folder as a camera: its pictures one after the other, and nothing outside it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cameras.drawing import scenes
from cameras.drawing.scenes import Place
from cameras.drawing.traffic import vehicle_of
from cameras.models import Camera, Health, Source
from cameras.problems import Problem
from cameras.snapshots import SnapshotError, fetch
from premises.models import Condominium

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.CAMERA_FOLDERS = [tmp_path / "open"]
    (tmp_path / "open" / "gate").mkdir(parents=True)
    return tmp_path / "open" / "gate"


@pytest.fixture
def camera(folder: Path, condominium: Condominium) -> Camera:
    return Camera.objects.create(condominium=condominium, name="Folder", source=Source.FOLDER, folder=str(folder))


def put(folder: Path, name: str, at: datetime, data: bytes | None = None) -> None:
    place = Place(width=320, height=240)
    drawn = scenes.encode(scenes.render(place, vehicle_of("ABC1D23"), 1.0, at))
    (folder / name).write_bytes(drawn if data is None else data)
    os.utime(folder / name, (at.timestamp(), at.timestamp()))


def refusal(camera: Camera) -> Problem:
    with pytest.raises(SnapshotError) as caught:
        fetch(camera)
    return caught.value.code


def test_it_begins_with_the_newest_and_goes_on_one_after_the_other(folder: Path, camera: Camera) -> None:
    for number in range(3):
        put(folder, f"{9 - number}.jpg", NOON + timedelta(seconds=number))
    assert fetch(camera).taken_at == NOON + timedelta(seconds=2)
    put(folder, "a.JPG", NOON + timedelta(seconds=3))
    put(folder, "b.jpeg", NOON + timedelta(seconds=4))
    assert [fetch(camera).taken_at - NOON for _ in range(2)] == [timedelta(seconds=3), timedelta(seconds=4)]


def test_a_folder_without_news_gives_no_picture_and_is_no_failure(folder: Path, camera: Camera) -> None:
    put(folder, "1.jpg", NOON)
    fetch(camera)
    for _ in range(7):
        assert refusal(camera) == Problem.SAME_FRAME
    camera.refresh_from_db()
    assert (camera.health, camera.failures) == (Health.OK, 0)


def test_far_behind_the_oldest_are_passed_over(folder: Path, camera: Camera) -> None:
    put(folder, "first.jpg", NOON)
    fetch(camera)
    for number in range(1, 13):
        put(folder, f"{number}.jpg", NOON + timedelta(seconds=number))
    assert fetch(camera).taken_at == NOON + timedelta(seconds=5)


def test_an_empty_folder_has_no_picture(camera: Camera) -> None:
    assert refusal(camera) == Problem.NO_PICTURE
    assert Camera.objects.get().health == Health.UNKNOWN


def test_a_file_that_is_still_being_written_is_tried_again(folder: Path, camera: Camera) -> None:
    put(folder, "1.jpg", NOON)
    whole = (folder / "1.jpg").read_bytes()
    now = timezone.now()
    put(folder, "1.jpg", now, whole[:500])
    assert refusal(camera) == Problem.TRUNCATED
    put(folder, "1.jpg", now, whole)
    assert fetch(camera).data == whole


def test_a_file_that_stays_broken_is_passed_over(folder: Path, camera: Camera) -> None:
    put(folder, "1.jpg", NOON, b"\xff\xd8 broken")
    assert refusal(camera) == Problem.TRUNCATED
    assert refusal(camera) == Problem.SAME_FRAME


def test_a_picture_of_tomorrow_is_taken_now(folder: Path, camera: Camera) -> None:
    put(folder, "1.jpg", timezone.now() + timedelta(days=1))
    assert fetch(camera).taken_at <= timezone.now()


@pytest.mark.parametrize("path", ["", "/etc", "..", "gate/../../secret"])
def test_folders_that_are_not_opened_to_cameras_are_refused(path: str, folder: Path, camera: Camera) -> None:
    secret = folder.parent.parent / "secret"
    secret.mkdir()
    put(secret, "1.jpg", NOON)
    camera.folder = str(folder.parent / path) if path else ""
    assert refusal(camera) == Problem.FORBIDDEN


def test_links_lead_nowhere(folder: Path, camera: Camera) -> None:
    secret = folder.parent.parent / "secret"
    secret.mkdir()
    put(secret, "1.jpg", NOON)
    (folder / "link.jpg").symlink_to(secret / "1.jpg")
    assert refusal(camera) == Problem.NO_PICTURE
    (folder / "inside").symlink_to(secret)
    camera.folder = str(folder / "inside")
    assert refusal(camera) == Problem.FORBIDDEN
