"""The region of interest: plates outside it are not read, and where a plate stood is told in the whole picture."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from access import lanes, regions
from access.models import Lane
from access.reading import read_picture
from access.regions import Region, look_in, percents, read_in, region_of
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.vehicles import Vehicle as Drawn
from premises.models import JournalEntry, User
from recognition import Box, PlateReader, Read, decode_image, load_engine
from tests.access.conftest import ALICES, Reader, read


@pytest.fixture(scope="module")
def engine() -> PlateReader:
    return load_engine()


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A drawn vehicle in the middle of its picture."""
    return encode(render(Place(), Drawn(ALICES), 1.0, datetime(2026, 11, 21, 12, tzinfo=UTC)))


def test_a_plate_within_the_region_is_read_where_it_stands(picture: bytes, engine: PlateReader) -> None:
    image = decode_image(picture)
    (everywhere,) = engine.read(image)
    (within,) = read_in(Region(0.1, 0.2, 0.8, 0.8), image, engine)
    assert within.text == everywhere.text == ALICES
    assert within.box.overlap(everywhere.box) > 0.7
    assert within.corners is not None and everywhere.corners is not None
    assert np.abs(within.corners - everywhere.corners).max() < 8


@pytest.mark.parametrize("region", [Region(0, 0, 1, 0.2), Region(0, 0.2, 0.2, 0.8)])
def test_a_plate_outside_is_not_read(picture: bytes, engine: PlateReader, region: Region) -> None:
    image = decode_image(picture)
    assert read_in(region, image, engine) == []
    assert look_in(region, image, engine).reads == []


def test_a_tick_and_an_upload_read_the_region_only(picture: bytes, engine: PlateReader) -> None:
    _kept, reads = read_picture(picture, timezone.now(), engine, region=Region(0, 0, 1, 0.2))
    assert reads == []


def test_without_a_region_the_whole_picture_is_read(picture: bytes) -> None:
    seen: list[tuple[int, ...]] = []

    class Looking(Reader):
        def read(self, image: object) -> list[Read]:
            assert isinstance(image, np.ndarray)
            seen.append(image.shape)
            return [read(ALICES)]

    image = decode_image(picture)
    read_in(None, image, Looking())
    read_in(region_of([0, 0, 1, 1]), image, Looking())
    assert seen == [image.shape, image.shape]


def test_a_region_is_a_share_of_any_resolution() -> None:
    region = Region(0.25, 0.5, 0.5, 0.5)
    assert region.pixels(1280, 720) == Box(320, 360, 640, 360)
    assert region.pixels(640, 480) == Box(160, 240, 320, 240)


@pytest.mark.parametrize(
    "nonsense",
    [None, "all", [0, 0, 1], [0, 0, 1.2, 1], [-0.1, 0, 1, 1], [0, 0, 0.05, 1], [0, 0, True, 1], [0, 0, "1", 1]],
)
def test_what_is_no_region_is_refused_and_reads_everything(nonsense: object) -> None:
    assert region_of(nonsense) is None
    with pytest.raises(ValidationError):
        regions.check(nonsense)


def test_a_drawn_region_is_kept_and_written_down(lane: Lane, alice: User) -> None:
    lanes.draw_region(lane, [0.1, 0.2, 0.55567, 0.5], by=alice)
    lane.refresh_from_db()
    assert (lane.region, percents(lane.region)) == ([0.1, 0.2, 0.5557, 0.5], [10, 20, 55.6, 50])
    entry = JournalEntry.objects.get(action="lane.changed")
    assert (entry.actor, entry.data) == ("alice", {"fields": ["region"]})
    lanes.draw_region(lane, lane.region, by=alice)
    assert JournalEntry.objects.filter(action="lane.changed").count() == 1


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), True, "0.5", None])
def test_what_is_no_number_is_no_region(place: int, nonsense: object) -> None:
    sides: list[object] = [0.1, 0.1, 0.5, 0.5]
    sides[place] = nonsense
    assert region_of(sides) is None
    with pytest.raises(ValidationError):
        regions.check(sides)
