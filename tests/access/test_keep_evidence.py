"""Evidence pictures: the very frame, the plate cut out of it, a small one for lists."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from access import evidence
from access.models import Detection
from recognition import Box
from tests.access.conftest import ALICES, Road, jpeg, read


@pytest.fixture
def kept(road: Road) -> Detection:
    (passage,) = road.sees(read(ALICES))
    detection: Detection = passage.detections.get()
    return detection


def size(data: bytes | None) -> tuple[int, int]:
    assert data is not None
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def test_the_frame_is_kept_as_it_came(kept: Detection) -> None:
    assert evidence.read(kept, "frame") == jpeg(1)
    assert evidence.is_intact(kept)


def test_a_frame_that_was_tampered_with_is_not_intact(kept: Detection) -> None:
    with default_storage.open(kept.frame.name or "", "wb") as file:
        file.write(jpeg(2))

    assert not evidence.is_intact(kept)


def test_a_frame_that_is_gone_is_not_intact(kept: Detection) -> None:
    evidence.discard([kept.frame.name or ""])

    assert evidence.read(kept, "frame") is None
    assert not evidence.is_intact(kept)


def test_the_crop_is_the_plate_with_a_margin(kept: Detection) -> None:
    assert size(evidence.read(kept, "crop")) == (180, 80)


def test_a_crop_at_the_edge_stays_in_the_picture() -> None:
    assert size(evidence.cut(jpeg(), Box(600, 460, 120, 40))) == (70, 40)


def test_a_thumbnail_is_small_and_made_once(kept: Detection) -> None:
    first = evidence.read(kept, "thumb")
    assert size(first) == (320, 240)

    with default_storage.open(evidence.small_name(kept.frame.name or "", "thumb"), "wb") as file:
        file.write(b"kept")
    assert evidence.read(kept, "thumb") == b"kept"


def test_without_a_frame_the_crop_is_the_thumbnail(kept: Detection) -> None:
    kept.frame = ""

    assert size(evidence.read(kept, "thumb")) == (180, 80)


def test_without_any_picture_there_is_no_thumbnail() -> None:
    assert evidence.read(Detection(), "thumb") is None
    assert evidence.read(Detection(), "crop") is None


def test_a_crop_that_cannot_be_cut_is_logged_and_leaves_the_frame(
    kept: Detection, caplog: pytest.LogCaptureFixture
) -> None:
    evidence.keep_crop(kept, b"no picture")

    assert f"The plate of detection {kept.pk} could not be cut out" in caplog.text
    assert evidence.is_intact(kept)
