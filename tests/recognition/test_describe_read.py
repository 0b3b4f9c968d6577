"""What a read of the default engine carries beside its text; and why nothing was read where nothing was."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from cameras.drawing.backdrop import Light
from recognition import Box, EngineUnavailable, Look, PlateReader, Read, Rejected, Unread, decode_image, load_engine
from recognition.cancela.engine import FILES, WEIGHTS, CancelaReader
from recognition.quality import complaint, sharpness, width_of
from recognition.reads import Image, certain
from tests.recognition.drawings import plate_crop, scene

PLATES = ("RKT4B82", "GKJ7349")


@pytest.fixture(scope="module")
def reader() -> PlateReader:
    return load_engine()


def _grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _flat(plate: str = PLATES[0]) -> Image:
    """A drawn plate as a rectified crop."""
    return np.asarray(cv2.resize(_grey(plate_crop(plate)), (128, 48), interpolation=cv2.INTER_AREA), np.uint8)


# --- what a read carries --------------------------------------------------------------------------------


@pytest.mark.parametrize("plate", PLATES)
def test_a_read_carries_all_that_was_seen_of_the_plate(reader: PlateReader, plate: str) -> None:
    image = decode_image(scene(plate))
    (read,) = reader.read(image)
    assert (read.text, read.format) == (plate, "br_mercosul" if plate == "RKT4B82" else "br_old")
    assert read.corners is not None
    assert read.crop is not None
    assert (read.corners.shape, read.crop.shape, read.probabilities.shape) == ((4, 2), (48, 128), (7, 36))
    assert read.probability is not None
    assert 0.5 < read.probability < 1
    assert read.certainty == read.probability


def test_the_characters_multiply_to_the_probability(reader: PlateReader) -> None:
    (read,) = reader.read(decode_image(scene(PLATES[0])))
    np.testing.assert_allclose(read.probabilities.sum(axis=1), 1.0, atol=1e-4)
    assert read.score ** len(read.text) == pytest.approx(read.probability, rel=0.05)


def test_corners_go_clockwise_round_the_plate_and_the_box_holds_them(reader: PlateReader) -> None:
    (read,) = reader.read(decode_image(scene(PLATES[0])))
    assert read.corners is not None
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = read.corners
    assert (x0 < x1, x3 < x2, y0 < y3, y1 < y2) == (True, True, True, True)
    assert read.box.x - 1 <= read.corners[:, 0].min()
    assert read.corners[:, 0].max() <= read.box.x + read.box.w + 1
    assert read.size == pytest.approx(width_of(read.corners))


def test_crops_are_read_together_as_one_by_one(reader: PlateReader) -> None:
    assert isinstance(reader, CancelaReader)
    crops = [plate_crop(PLATES[0]), plate_crop(PLATES[1], width=150), np.full((40, 120, 3), 128, np.uint8)]
    reads = reader.read_crops(crops)
    assert [read and read.text for read in reads] == [*PLATES, None]
    alone = load_engine(crops=True)
    for crop, read in zip(crops[:2], reads, strict=False):
        (same,) = alone.read(crop)
        assert read is not None
        assert (same.text, same.box) == (read.text, read.box)


def test_no_crops_are_no_reads(reader: PlateReader) -> None:
    assert isinstance(reader, CancelaReader)
    assert reader.read_crops([]) == []


def test_a_small_picture_that_is_a_plate_from_edge_to_edge_is_read(reader: PlateReader) -> None:
    assert [read.text for read in reader.read(plate_crop(PLATES[1]))] == [PLATES[1]]


def test_several_threads_may_share_the_reader(reader: PlateReader) -> None:
    images = [decode_image(scene(plate)) for plate in PLATES] * 4
    alone = [reader.look(image) for image in images]
    assert [[read.text for read in look.reads] for look in alone] == [[PLATES[0]], [PLATES[1]]] * 4
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(reader.look, images)) == alone


def test_a_folder_without_weights_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"lacks its weights: finder\.onnx, corners\.onnx, text\.onnx"):
        load_engine(weights=tmp_path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("data", [b"", b"no network", b"{}", b"[]"])
def test_damaged_weights_are_said(tmp_path: Path, name: str, data: bytes) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    (tmp_path / "weights" / name).write_bytes(data)
    with pytest.raises(EngineUnavailable, match=name):
        load_engine(weights=tmp_path / "weights")


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((48, 64, 4), np.uint8),
        np.zeros((48, 64, 1), np.uint8),
        np.zeros((48, 64, 3), np.float32),
        np.zeros((0, 64, 3), np.uint8),
        np.zeros(64, np.uint8),
    ],
    ids=lambda image: f"{image.shape} {image.dtype}",
)
@pytest.mark.parametrize("crops", [False, True])
def test_an_array_that_is_no_picture_is_refused(image: Image, crops: bool) -> None:
    with pytest.raises(ValueError, match=r"A picture is height × width × 3 of uint8"):
        load_engine(crops=crops).look(image)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 3000, 3), (3000, 1, 3), (20, 8000, 3), (8000, 20, 3), (40, 40)])
@pytest.mark.parametrize("shade", [0, 127, 255])
def test_a_picture_of_nothing_of_any_shape_is_read_as_nothing(
    reader: PlateReader, shape: tuple[int, ...], shade: int
) -> None:
    assert reader.read(np.full(shape, shade, np.uint8)) == []


def test_a_grey_or_a_mirrored_view_of_a_picture_is_read_as_its_copy_is(reader: PlateReader) -> None:
    image = decode_image(scene(PLATES[0]))
    for view in (image[:, :, 1], image[:, :, ::-1], np.asfortranarray(image)):
        assert [read.text for read in reader.read(view)] == [PLATES[0]]
        assert reader.look(view) == reader.look(np.ascontiguousarray(view))


def test_other_weights_are_another_version(reader: PlateReader) -> None:
    assert reader.version.startswith("1-")
    assert load_engine().version == reader.version


# --- sharpness and size ---------------------------------------------------------------------------------


def test_sharpness_falls_with_every_blur() -> None:
    crop = _flat()
    values = [sharpness(crop), *(sharpness(np.asarray(cv2.GaussianBlur(crop, (0, 0), s), np.uint8)) for s in (1, 2, 4))]
    assert values == sorted(values, reverse=True)
    assert 1 >= values[0] > values[1] + 0.05


def test_sharpness_does_not_depend_on_contrast_and_light() -> None:
    crop = _flat()
    dim = (crop.astype(np.float32) * 0.4 + 30).astype(np.uint8)
    assert sharpness(dim) == pytest.approx(sharpness(crop), abs=0.03)


def test_sharpness_does_not_depend_on_the_size_of_the_plate() -> None:
    widths = (160, 320, 640)
    values = [
        sharpness(np.asarray(cv2.resize(_grey(plate_crop(PLATES[0], width)), (128, 48), interpolation=cv2.INTER_AREA)))
        for width in widths
    ]
    assert max(values) - min(values) < 0.06


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_even_surface_has_no_sharpness(shade: int) -> None:
    assert sharpness(np.full((48, 128), shade, np.uint8)) == 0


def test_a_plates_width_is_measured_along_its_edges() -> None:
    corners = np.array([[0, 0], [30, 40], [27, 44], [-3, 4]], np.float32)
    assert width_of(corners) == pytest.approx(50)


# --- why nothing was read -------------------------------------------------------------------------------


def test_what_speaks_against_a_plate_is_said_in_this_order() -> None:
    crop = _flat()
    dark = (crop // 12).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(crop, (0, 0), 6), np.uint8)
    assert [complaint(crop, 120), complaint(dark, 20), complaint(dark, 120), complaint(blurred, 120)] == [
        None,
        Unread.TOO_SMALL,
        Unread.TOO_DARK,
        Unread.TOO_BLURRED,
    ]


def test_a_look_says_why_nothing_was_read_and_nothing_where_something_was() -> None:
    box = Box(0, 0, 9, 3)
    read = Read(box, "ABC1D23", certain("ABC1D23", [0.9] * 7), 0.9, None)
    no_plate, small = Rejected(box, Unread.NO_PLATE), Rejected(box, Unread.TOO_SMALL)
    looks = [Look([]), Look([], [no_plate]), Look([], [no_plate, small]), Look([read], [small])]
    assert [look.unread for look in looks] == [Unread.NO_PLATE, Unread.NO_PLATE, Unread.TOO_SMALL, None]


@pytest.mark.parametrize("engine", ["cancela", "classical"])
def test_an_empty_road_shows_no_plate(engine: str) -> None:
    look = load_engine(engine).look(decode_image(scene(None)))
    assert (look.reads, look.unread) == ([], Unread.NO_PLATE)


@pytest.mark.parametrize("engine", ["cancela", "classical"])
def test_a_look_reads_what_reading_reads(engine: str) -> None:
    image = decode_image(scene(PLATES[0], light=Light.DAY))
    reader = load_engine(engine)
    look = reader.look(image)
    assert ([read.text for read in look.reads], look.unread) == ([PLATES[0]], None)
    assert look.reads == reader.read(image)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda plate: cv2.GaussianBlur(plate, (0, 0), 14), Unread.TOO_BLURRED),
        (lambda plate: (plate * 0.012).astype(np.uint8), Unread.TOO_DARK),
        (lambda plate: cv2.resize(plate, (26, 9), interpolation=cv2.INTER_AREA), Unread.TOO_SMALL),
    ],
    ids=["blurred", "dark", "small"],
)
def test_a_plate_that_cannot_be_read_says_what_is_wrong_with_it(change: object, reason: Unread) -> None:
    assert callable(change)
    reader = CancelaReader(crops=True, presence=0.0, least=1.0, foreign=1.0)  # nothing is sure enough
    assert reader.look(change(plate_crop(PLATES[0]))).unread == reason
