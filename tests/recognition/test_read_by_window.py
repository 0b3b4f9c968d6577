"""The engine of the sliding window: when a window shows a plate, where windows lie, and what several of them say."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from recognition import EngineUnavailable, PlateReader, load_engine
from recognition.formats import BY_NAME, FORMATS
from recognition.reads import ALPHABET, Box, Image, Probabilities, certain
from recognition.window.decoding import decode
from recognition.window.geometry import CUT, MARGIN, STRIDE, WINDOW, Bounds, levels, shows, widths_shown
from recognition.window.grouping import Group, fuse, group
from recognition.window.network import WEIGHTS, Window


@pytest.fixture(scope="module")
def reader() -> PlateReader:
    if not (WEIGHTS / "presence.onnx").is_file():
        pytest.skip(f"there are no weights in {WEIGHTS}: make train")
    return load_engine("window")


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [
        ((20, 15, 90, 30), True),
        ((0, 0, 90, 30), True),
        ((38, 34, 90, 30), True),
        ((-1, 15, 90, 30), False),  # cut off at the left
        ((39, 15, 90, 30), False),  # and at the right
        ((20, 35, 90, 30), False),  # and below
        ((10, 15, 103, 34), False),  # as wide as 80 %
        ((10, 4, 80, 56), False),  # as high as 87.5 %
        ((20, 15, 76, 25), False),  # less than 60 % of width and of height
        ((20, 10, 50, 40), True),  # of a motorcycle: narrow, but 60 % of the height
    ],
)
def test_a_window_shows_a_plate_that_is_whole_and_neither_small_nor_large(bounds: Bounds, shown: bool) -> None:
    assert shows(bounds) is shown


@pytest.mark.parametrize("aspect", [1.0, 1.2, 2.2, 3.1, 4.7])
def test_the_widths_that_are_shown_are_those_of_the_rule(aspect: float) -> None:
    least, most = widths_shown(aspect)
    seen = [shows((1, 1, width, width / aspect)) for width in (least - 0.1, least + 0.1, most - 0.1, most + 0.1)]
    assert seen == [False, True, True, False]


def test_scales_fall_until_a_plate_as_wide_as_the_picture_is_shown() -> None:
    picture = np.zeros((480, 640), np.uint8)
    found = list(levels(picture))
    ratios = [later[0] / before[0] for before, later in pairwise(found)]
    np.testing.assert_allclose(ratios, 0.75)
    assert found[0][1].shape == (552 + 2 * MARGIN, 736 + 2 * MARGIN)
    least, most = widths_shown(4.0)
    assert least <= found[-1][0] * picture.shape[1] <= most


def test_every_scale_has_whole_places_and_at_least_one() -> None:
    for _, level in levels(np.zeros((31, 500), np.uint8)):
        assert level.shape[0] >= CUT[0]
        assert level.shape[1] >= CUT[1]
        assert {(side - 2 * MARGIN) % STRIDE for side in level.shape} == {0}


def _window(x: float, y: float, presence: float, scale: float = 1.0) -> Window:
    edges = (x, y, x + WINDOW[1] / scale, y + WINDOW[0] / scale)
    return Window(edges, presence, np.zeros(CUT, np.uint8))


def test_windows_that_overlap_are_one_plate_known_by_the_surest() -> None:
    windows = [_window(100, 80, 0.9), _window(500, 80, 0.8), _window(108, 88, 0.7), _window(96, 76, 0.6, 0.75)]
    groups = group(windows, most=10)
    assert [[window.presence for window in each.windows] for each in groups] == [[0.9, 0.7, 0.6], [0.8]]
    assert [each.presence for each in groups] == [0.9, 0.8]


def test_a_group_keeps_its_surest_windows() -> None:
    windows = [_window(100 + number, 80, 0.9 - 0.1 * number) for number in range(5)]
    (only,) = group(windows, most=2)
    assert [window.presence for window in only.windows] == [0.9, 0.8]


def test_a_plate_lies_where_its_windows_agree() -> None:
    windows = [_window(x, y, 0.9) for x, y in ((100, 80), (124, 80), (100, 96), (124, 96))]
    assert Group(windows).box(640, 480) == Box(124, 96, 104, 48)


def test_a_plates_box_ends_at_the_pictures_edge() -> None:
    assert Group([_window(-8, -8, 0.9)]).box(90, 40) == Box(0, 0, 90, 40)


def _distribution(text: str, confidence: float) -> Probabilities:
    return certain(text, [confidence] * len(text))


def test_the_surer_windows_decide_and_agreement_adds_nothing() -> None:
    one, other = _distribution("ABC1D23", 0.9), _distribution("XYZ9K87", 0.6)
    assert _text(fuse(np.stack([one, other]), [1.0, 1.0])) == "ABC1D23"
    assert _text(fuse(np.stack([one, other]), [0.1, 1.0])) == "XYZ9K87"
    np.testing.assert_allclose(fuse(np.stack([one, one]), [1.0, 0.5]), one, atol=1e-6)


def _text(rows: Probabilities) -> str:
    return "".join(ALPHABET[column] for column in rows.argmax(axis=1))


def test_look_alikes_are_read_as_the_format_has_them() -> None:
    decoded = decode(_distribution("AB01Z34", 0.4), FORMATS)
    assert decoded is not None
    assert (decoded.format.name, decoded.text[:2], decoded.text[3:]) == ("br_mercosul", "AB", "1Z34")
    assert decoded.text[2].isalpha()
    np.testing.assert_allclose(decoded.probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_a_british_plate_is_read_as_one() -> None:
    decoded = decode(_distribution("LM65WRC", 0.97), FORMATS)
    assert decoded is not None
    assert (decoded.text, decoded.format.name) == ("LM65WRC", "gb_current")
    assert 0.9 < decoded.score <= 1


def test_without_a_format_of_seven_characters_nothing_is_read() -> None:
    assert decode(_distribution("ABC1D23", 0.9), (BY_NAME["us_dash"],)) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 900, 3), (900, 7, 3), (40, 40, 3), (480, 640, 3)])
def test_a_picture_of_nothing_of_any_shape_is_read_as_nothing(reader: PlateReader, shape: tuple[int, ...]) -> None:
    assert reader.read(np.full(shape, 127, np.uint8)) == []


def test_noise_is_read_as_nothing(reader: PlateReader) -> None:
    noise: Image = np.random.default_rng(3).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    assert reader.read(noise) == []


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"presence\.onnx"):
        load_engine("window", weights=tmp_path)
