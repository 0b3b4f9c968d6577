"""What a person may enter for a recorder and a camera, and what is refused with a reason at its field."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cameras.models import Camera, Make, Recorder, Source
from premises.models import Condominium


def complaints(row: Recorder | Camera) -> set[str]:
    """The fields that are complained of."""
    try:
        row.full_clean()
    except ValidationError as error:
        return set(error.message_dict)
    return set()


def recorder(condominium: Condominium, **values: Any) -> Recorder:
    return Recorder(condominium=condominium, name="R", **({"host": "192.168.0.20"} | values))


@pytest.mark.parametrize("host", ["192.168.0.20", "nvr.local", "NVR_2", "fe80::1", "gravador.exemplo.com.br"])
def test_a_host_is_a_name_or_an_ip_address(host: str, condominium: Condominium) -> None:
    assert complaints(recorder(condominium, host=host)) == set()


@pytest.mark.parametrize(
    "host",
    ["http://10.0.0.1", "10.0.0.1:80", "admin:x@10.0.0.1", "a/b", "a b", "nvr?x", "nvr#", "-x", "a\\b", "ví.local"],
)
def test_nothing_stands_around_a_host(host: str, condominium: Condominium) -> None:
    assert complaints(recorder(condominium, host=host)) == {"host"}


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("", True),
        ("snap.jpg", True),
        ("//elsewhere/snap.jpg", True),
        ("/snap {channel}.jpg", True),
        ("/{user}.jpg", True),
        ("/portão.jpg", True),
        ("/snap/{channel}.jpg?x=1", False),
    ],
)
def test_another_make_needs_the_path_of_its_picture(path: str, refused: bool, condominium: Condominium) -> None:
    row = recorder(condominium, make=Make.GENERIC, snapshot_path=path)
    assert complaints(row) == ({"snapshot_path"} if refused else set())


def test_a_password_needs_a_user(condominium: Condominium) -> None:
    assert complaints(recorder(condominium, password="x")) == {"password"}


def test_a_channel_needs_a_recorder_of_the_same_condominium(condominium: Condominium, elsewhere: Condominium) -> None:
    ours, theirs = recorder(condominium), recorder(elsewhere)
    ours.save()
    theirs.save()
    for row, expected in ((None, {"recorder"}), (theirs, {"recorder"}), (ours, set())):
        assert complaints(Camera(condominium=condominium, name="C", recorder=row)) == expected
    assert complaints(Camera(condominium=condominium, name="C", recorder=ours, channel=0)) == {"channel"}


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://10.0.0.9/snap.jpg", False),
        ("https://camera.local:8443/snap.jpg?size=1", False),
        ("http://admin:secret@10.0.0.9/snap.jpg", True),
        ("http://admin@10.0.0.9/snap.jpg", True),
        ("http://10.0.0.9/portão.jpg", True),
        ("ftp://10.0.0.9/snap.jpg", True),
        ("http://10.0.0.9:99999/", True),
        ("", True),
    ],
)
def test_an_address_is_http_without_a_password(url: str, refused: bool, condominium: Condominium) -> None:
    camera = Camera(condominium=condominium, name="C", source=Source.URL, url=url)
    assert complaints(camera) == ({"url"} if refused else set())


def test_a_folder_is_one_that_is_opened_to_cameras(settings: Any, tmp_path: Path, condominium: Condominium) -> None:
    (tmp_path / "open").mkdir()
    settings.CAMERA_FOLDERS = [tmp_path / "open"]
    for folder, expected in (
        ("", {"folder"}),
        ("/etc", {"folder"}),
        (str(tmp_path), {"folder"}),
        (str(tmp_path / "open" / "none"), {"folder"}),
        (str(tmp_path / "open"), set()),
    ):
        camera = Camera(condominium=condominium, name="C", source=Source.FOLDER, folder=folder)
        assert complaints(camera) == expected
