"""The canvases on which the corner network and the text network are trained. No photograph, no PyTorch."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from recognition.cancela.cropping import CANVAS, MARGIN, cut, surroundings
from recognition.cancela.decoding import BLANK
from recognition.cancela.reader import PLATE, flattened
from recognition.reads import ALPHABET
from recognition.training.drawing import draw_style
from recognition.training.reader import degrading, geometry, photographs
from recognition.training.reader.samples import UNKNOWN, drawn, photographed, slots_of, without_plate

GROUND = np.full((60, 90), 70, np.uint8)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cameras without faults."""
    monkeypatch.setattr(degrading, "degraded", lambda rng, picture, strength=1.0: picture)
    monkeypatch.setattr(degrading, "shaded", lambda rng, picture: picture)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.astype(float).ravel(), other.astype(float).ravel())[0, 1])


@pytest.mark.parametrize("seed", range(8))
def test_the_corners_of_a_drawn_sample_lead_back_to_the_flat_plate(clean: None, seed: int) -> None:
    plate = draw_style("br_mercosul", rng(seed))
    sample = drawn(rng(seed), plate.image, plate.text, GROUND)
    flat = flattened(sample.canvas, sample.corners * np.array(CANVAS[::-1], np.float32))
    grey = cv2.cvtColor(plate.image, cv2.COLOR_BGR2GRAY)
    expected = cv2.resize(grey, (PLATE[1] - 8, PLATE[0] - 6), interpolation=cv2.INTER_AREA)
    assert abs(likeness(flat[3:-3, 4:-4], expected)) > 0.6


def test_a_drawn_sample_knows_its_text_and_its_corners() -> None:
    plate = draw_style("br_old", rng(), text="ABC1234")
    sample = drawn(rng(), plate.image, plate.text, GROUND)
    assert "".join(ALPHABET[column] for column in sample.slots if column != BLANK) == "ABC1234"
    assert sample.canvas.shape == CANVAS
    assert sample.presence == 1.0
    assert not np.isnan(sample.corners).any()
    assert np.isnan(sample.box).all()


def test_a_photograph_knows_its_box_and_no_corners() -> None:
    patch = np.full((120, 240, 3), 90, np.uint8)
    sample = photographed(rng(), patch, (60, 40, 120, 40), None)
    assert np.isnan(sample.corners).all()
    assert (sample.slots == UNKNOWN).all()
    left, top, right, bottom = sample.box
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1


def test_the_box_of_a_turned_photograph_stays_on_its_plate(clean: None) -> None:
    patch = np.full((120, 240, 3), 20, np.uint8)
    patch[40:80, 60:180] = 230
    samples = [photographed(rng(seed), patch, (60, 40, 120, 40), None) for seed in range(30)]
    marked = [sample for sample in samples if not np.isnan(sample.box).any()]
    assert 15 <= len(marked) < 30, "a few are turned so far that their box tells nothing"
    for sample in marked:
        level = cv2.threshold(sample.canvas, 0, 255, cv2.THRESH_OTSU)[1]
        x, y, width, height = cv2.boundingRect(level if level[64, 96] else 255 - level)
        seen = np.array([x, y, x + width, y + height]) / [192, 128, 192, 128]
        assert np.abs(seen - np.clip(sample.box, 0, 1)).max() < 0.06  # a tight box leaves a part of it outside


def test_a_ground_is_no_plate() -> None:
    sample = without_plate(rng(), np.full((50, 80, 3), 120, np.uint8))
    assert sample.presence == 0.0
    assert (sample.slots == UNKNOWN).all()


def test_the_same_seed_makes_the_same_sample() -> None:
    plate = draw_style("us", rng())
    one, other = (drawn(rng(5), plate.image, plate.text, GROUND) for _ in range(2))
    assert np.array_equal(one.canvas, other.canvas)


def test_slots_after_the_text_are_blank() -> None:
    assert slots_of("B4").tolist() == [11, 4, *[BLANK] * 8]


def test_degrading_answers_grey_pictures_and_now_and_then_coarser_ones() -> None:
    picture = rng().integers(0, 255, (40, 100), dtype=np.uint8)
    changed = [degrading.degraded(rng(seed), picture) for seed in range(40)]
    assert {each.dtype for each in changed} == {np.dtype(np.uint8)}
    assert all(each.ndim == 2 for each in changed)
    assert sum(each.shape != picture.shape for each in changed) >= 3


@pytest.mark.parametrize("aspect", [1.2, 3.1, 4.7])
def test_a_plate_seen_from_aside_keeps_the_order_of_its_corners(aspect: float) -> None:
    for seed in range(200):
        corners = geometry.seen_from_aside(rng(seed), aspect)
        edges = np.roll(corners, -1, axis=0) - corners
        after = np.roll(edges, -1, axis=0)
        assert (edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0] > 0).all()


def test_a_canvas_shows_the_box_and_its_margin() -> None:
    grey = np.zeros((200, 300), np.uint8)
    grey[80:120, 100:200] = 255
    canvas, window = cut(grey, surroundings(100, 80, 100, 40))
    assert window.tolist() == [85, 71, 130, 58]
    assert canvas.mean() == pytest.approx(255 * 100 * 40 / (130 * 58), rel=0.02)
    assert MARGIN == (0.15, 0.22)


def test_a_canvas_beyond_the_frame_repeats_its_edge() -> None:
    grey = np.full((50, 60), 200, np.uint8)
    canvas, _ = cut(grey, (-20.0, -10.0, 30.0, 20.0))
    assert (canvas == 200).all()


def test_a_canvas_wholly_outside_is_black() -> None:
    canvas, _ = cut(np.full((50, 60), 200, np.uint8), (100.0, 100.0, 130.0, 120.0))
    assert canvas.max() == 0


def test_a_cut_out_photograph_keeps_its_plate_where_the_box_says() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[5:25, 10:90] = 255
    patch, (x, y, width, height) = photographs.cut_out(picture, (10, 5, 80, 20))
    inside = patch[round(y) : round(y + height), round(x) : round(x + width)]
    assert inside.min() == 255
    assert (width, height) == (80, 20)


def test_rows_without_a_box_teach_no_corners(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(
        "file,plate,country,x,y,w,h\na.jpg,ABC1234,BR,,,,\nb.jpg,,BR,5,6,70,20\nc.jpg,,BR,5,6,4,2\n", encoding="utf-8"
    )
    assert list(photographs.rows(tmp_path)) == [("b.jpg", "", (5.0, 6.0, 70.0, 20.0))]
