"""Finding the plates of a frame: boxes in its pixels, best first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.cancela.finder import PADDING, Finder, blocks, decode, fitted, suppress
from recognition.reads import Box, Image
from recognition.training.drawing import draw_style


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder()


def street(width: int, height: int, box: Box, seed: int = 5) -> Image:
    """A drawn plate on a car's dark rear before a bright street."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 3), 150, np.uint8)
    cv2.rectangle(picture, (0, 0), (width, height // 3), (205, 195, 185), -1)
    margin = box.w
    cv2.rectangle(
        picture, (box.x - margin, box.y - margin), (box.x + box.w + margin, box.y + box.h + box.h), (52, 44, 40), -1
    )
    drawn = draw_style("br_old", rng).image
    picture[box.y : box.y + box.h, box.x : box.x + box.w] = cv2.resize(
        drawn, (box.w, box.h), interpolation=cv2.INTER_AREA
    )
    grain = rng.normal(0, 4, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (3, 3), 0) + grain, 0, 255).astype(np.uint8)


def best(finder: Finder, picture: Image) -> Box:
    return finder.find(picture)[0].box


@pytest.mark.parametrize("width", [60, 130, 320, 800])
def test_a_plate_is_found_whether_it_is_small_or_fills_the_frame(finder: Finder, width: int) -> None:
    box = Box(640 - width // 2, 600 - width // 6, width, width // 3)
    assert best(finder, street(1280, 960, box)).overlap(box) > 0.6


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (500, 500), (333, 251)])
def test_frames_of_any_shape_are_searched(finder: Finder, width: int, height: int) -> None:
    across = min(width, height) // 3
    box = Box(width // 2 - across // 2, height // 2, across, across // 3)
    assert best(finder, street(width, height, box)).overlap(box) > 0.6


def test_a_grey_frame_is_searched_like_one_in_colour(finder: Finder) -> None:
    box = Box(500, 500, 200, 65)
    grey = np.asarray(cv2.cvtColor(street(1280, 960, box), cv2.COLOR_BGR2GRAY), np.uint8)
    assert best(finder, grey).overlap(box) > 0.6


def test_nothing_is_found_on_an_even_wall(finder: Finder) -> None:
    assert finder.find(np.full((480, 640, 3), 120, np.uint8)) == []


def test_at_most_the_wanted_number_of_places_comes_best_first() -> None:
    eager = Finder(threshold=0.001, most=3)
    scores = [found.score for found in eager.find(street(1280, 960, Box(500, 500, 200, 65)))]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_boxes_stay_within_the_frame() -> None:
    picture = street(640, 480, Box(470, 400, 160, 55))[:440, :600]
    boxes = [found.box for found in Finder(threshold=0.001).find(np.ascontiguousarray(picture))]
    assert boxes
    assert [b for b in boxes if b.x < 0 or b.y < 0 or b.x + b.w > 600 or b.y + b.h > 440] == []


def test_threads_that_share_a_finder_get_what_each_would_get_alone(finder: Finder) -> None:
    pictures = [street(640, 480, Box(100 + 60 * n, 200, 120, 40), seed=n) for n in range(6)]
    alone = [finder.find(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(finder.find, pictures)) == alone


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.onnx"):
        Finder(tmp_path / "nowhere.onnx")


def test_a_frame_is_reduced_whole_and_padded_right_and_below() -> None:
    canvas, scale = fitted(np.zeros((720, 1280, 3), np.uint8))
    assert canvas.shape == (256, 448, 3)
    assert scale == 448 / 1280
    assert canvas[:252].max() == 0
    assert canvas[252:].min() == PADDING


def test_pixels_go_to_the_network_in_blocks_of_two_by_two() -> None:
    canvas = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    made = blocks(canvas)
    assert made.shape == (1, 12, 2, 3)
    assert made[0, :, 1, 2].tolist() == [*canvas[2, 4], *canvas[2, 5], *canvas[3, 4], *canvas[3, 5]]


def test_a_cell_of_the_map_becomes_the_box_it_describes() -> None:
    small, large = np.full((1, 5, 40, 52), -9.0, np.float32), np.full((1, 5, 20, 26), -9.0, np.float32)
    small[0, :, 10, 20] = [3.0, 0.25, -0.5, np.log(2), np.log(0.5)]
    boxes, scores = decode([small, large], 0.5)
    # Stride 8: the centre is at ((20.5 + 0.25) * 8, (10.5 - 0.5) * 8), the size 2 and 0.5 times four cells.
    np.testing.assert_allclose(boxes, [[134, 72, 198, 88]], atol=1e-4)
    np.testing.assert_allclose(scores, [1 / (1 + np.exp(-3.0))], atol=1e-6)


def test_of_boxes_on_one_plate_the_best_stays() -> None:
    boxes = np.array([[0, 0, 100, 30], [4, 1, 104, 31], [200, 0, 300, 30], [10, 5, 60, 25]], np.float32)
    assert suppress(boxes, np.array([0.5, 0.9, 0.3, 0.8], np.float32), 5) == [1, 2]
