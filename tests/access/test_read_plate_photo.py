"""A phone's photo of a plate: read upright, with candidates, or refused in words; kept nowhere."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from access.plate_photos import candidates, read_photo
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.vehicles import Vehicle as Drawn
from recognition import ALPHABET, Box, Read
from recognition.reads import certain

PLATE = "BRA2E19"


@pytest.fixture(scope="module")
def photo() -> bytes:
    return encode(render(Place(), Drawn(PLATE), 1.0, datetime(2026, 11, 21, 12, tzinfo=UTC)))


def changed(photo: bytes, change: Any, **saved: Any) -> bytes:
    out = io.BytesIO()
    change(Image.open(io.BytesIO(photo))).save(out, "JPEG", quality=90, **saved)
    return out.getvalue()


def test_a_plate_is_read_and_nothing_kept(photo: bytes, settings: Any) -> None:
    read = read_photo(photo)

    assert (read.plates[0], read.is_sure, read.problem) == (PLATE, True, "")
    assert not list(Path(settings.MEDIA_ROOT).glob("**/*.*"))


@pytest.mark.parametrize(("turn", "noted"), [(Image.Transpose.ROTATE_90, 6), (Image.Transpose.ROTATE_180, 3)])
def test_a_phone_may_be_held_in_any_way(photo: bytes, turn: Any, noted: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = noted

    assert read_photo(changed(photo, lambda picture: picture.transpose(turn), exif=exif)).plates[0] == PLATE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda picture: Image.new("RGB", picture.size, "grey"), "No plate was found"),
        (lambda picture: picture.resize((80, 60)), ""),
        (lambda picture: picture.filter(ImageFilter.GaussianBlur(14)), ""),
    ],
    ids=["nothing there", "tiny", "blurred"],
)
def test_what_cannot_be_read_is_said_in_words(photo: bytes, change: Any, said: str) -> None:
    read = read_photo(changed(photo, change))

    assert (read.plates, read.is_sure) == ((), False)
    assert said in read.problem
    assert "type" in read.problem


@pytest.mark.parametrize("data", [b"", b"no picture", b"GIF89a" + b"0" * 100])
def test_what_is_no_photo_is_refused_in_words(data: bytes) -> None:
    assert "no photo that can be read" in read_photo(data).problem


def test_half_a_photo_and_a_huge_one_are_refused(photo: bytes, settings: Any) -> None:
    assert read_photo(photo[: len(photo) // 3]).problem
    settings.UPLOAD_MAX_BYTES = 1000
    assert "too large" in read_photo(photo).problem


def test_a_doubtful_character_is_offered_otherwise() -> None:
    probabilities = certain(PLATE, [0.99] * 7)
    probabilities[4] = 0.0
    probabilities[4, [ALPHABET.index("E"), ALPHABET.index("F"), ALPHABET.index("8")]] = (0.5, 0.4, 0.1)
    read = Read(Box(0, 0, 9, 9), PLATE, np.asarray(probabilities), 0.8, "br_mercosul")

    assert candidates(read) == [PLATE, "BRA2F19", "BRA2819"]
