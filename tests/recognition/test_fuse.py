"""Frames of one passage made into one read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import Box, Read, fuse, match_format
from recognition.quality import CROP
from recognition.reads import Image, certain, text_score


def _read(text: str, *confidences: float, x: int = 0) -> Read:
    rows = certain(text, confidences if len(confidences) == len(text) else confidences * len(text))
    row = match_format(text)
    return Read(Box(x, 0, 10, 5), text, rows, text_score(text, rows), row.name if row else None)


def test_one_frame_is_that_frame() -> None:
    alone = _read("ABC1D23", 0.9)
    fused = fuse([alone])
    assert (fused, round(fused.score, 4)) == (alone, 0.9)
    np.testing.assert_allclose(fused.probabilities, alone.probabilities, atol=1e-5)


def test_frames_that_agree_are_surer_than_each_of_them() -> None:
    fused = fuse([_read("ABC1D23", 0.8)] * 3)
    assert fused.text == "ABC1D23"
    assert 0.8 < fused.score < 0.999


def test_two_sure_frames_outvote_one_that_misread() -> None:
    assert fuse([_read("ABC1D23", 0.9), _read("ABC1O23", 0.7), _read("ABC1D23", 0.8)]).text == "ABC1D23"


def test_each_frame_gives_what_it_saw_best() -> None:
    left = _read("ABC1D28", 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.3)
    right = _read("A8C1D23", 0.95, 0.3, 0.95, 0.95, 0.95, 0.95, 0.95)
    assert fuse([left, right]).text == "ABC1D23"


def test_frames_that_lost_a_character_are_left_out() -> None:
    assert fuse([_read("ABC123", 0.6), _read("ABC1D23", 0.9), _read("ABC1D23", 0.9)]).text == "ABC1D23"


def test_the_box_is_that_of_the_best_frame() -> None:
    assert fuse([_read("ABC1D23", 0.7, x=1), _read("ABC1D23", 0.9, x=2)]).box.x == 2


def test_rows_of_a_fused_read_sum_to_one() -> None:
    fused = fuse([_read("ABC1D23", 1.0), _read("XYZ9W87", 1.0)])
    np.testing.assert_allclose(fused.probabilities.sum(axis=1), 1.0, atol=1e-5)
    assert fused.probabilities.shape == (7, 36)


def test_a_read_without_text_says_nothing() -> None:
    empty, plate = _read(""), _read("ABC1D23", 0.9)
    assert (fuse([empty, plate, empty]), fuse([empty, empty])) == (plate, empty)


def test_no_frames_is_an_error() -> None:
    with pytest.raises(ValueError, match="no read"):
        fuse([])


# --- calibrated reads with crops ------------------------------------------------------------------------


def _crop(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (CROP[1], CROP[0]), np.uint8)


def _calibrated(text: str, probability: float, crop: Image | None) -> Read:
    rows = certain(text, [probability ** (1 / len(text))] * len(text))
    return Read(Box(0, 0, 10, 5), text, rows, text_score(text, rows), None, probability=probability, crop=crop)


@settings(deadline=None)
@given(st.floats(0.05, 0.99), st.integers(2, 6))
def test_the_same_frame_again_adds_nothing(probability: float, times: int) -> None:
    fused = fuse([_calibrated("ABC1D23", probability, _crop(1))] * times)
    assert fused.text == "ABC1D23"
    assert fused.probability == pytest.approx(probability, rel=1e-3)


def test_the_same_frame_again_does_not_outvote_another() -> None:
    twice, other = _calibrated("ABC1D23", 0.6, _crop(1)), _calibrated("ABC1O23", 0.7, _crop(2))
    assert fuse([twice, twice, other]).text == "ABC1O23"


def test_frames_that_look_alike_are_worth_less_than_frames_that_do_not() -> None:
    crop = _crop(1)
    nearly = np.clip(crop.astype(np.int16) + 8, 0, 255).astype(np.uint8)
    alone = _calibrated("ABC1D23", 0.7, crop)
    alike = fuse([alone, _calibrated("ABC1D23", 0.7, nearly)]).probability
    unlike = fuse([alone, _calibrated("ABC1D23", 0.7, _crop(2))]).probability
    assert alike is not None
    assert unlike is not None
    assert 0.7 <= alike < unlike < 1


def test_many_frames_of_one_plate_never_make_it_certain() -> None:
    frames = [_calibrated("ABC1D23", 0.99, _crop(seed)) for seed in range(25)]
    for frame in frames:
        frame.probabilities[4] = 0.6 * frame.probabilities[4] + 0.4 * certain("O", [1.0])[0]
    fused = fuse(frames)
    assert fused.probability is not None
    assert 0.6 < fused.probability < 0.9


def test_frames_that_contradict_one_another_are_less_sure_than_each_of_them() -> None:
    fused = fuse([_calibrated("ABC1D23", 0.9, _crop(1)), _calibrated("ABC1O23", 0.85, _crop(2))])
    assert fused.text == "ABC1D23"
    assert fused.probability is not None
    assert fused.probability < 0.8


def test_a_frame_of_another_length_lowers_the_probability() -> None:
    two = [_calibrated("ABC1D23", 0.8, _crop(seed)) for seed in (1, 2)]
    alone, with_shorter = fuse(two), fuse([*two, _calibrated("ABC123", 0.7, _crop(3))])
    assert with_shorter.text == "ABC1D23"
    assert alone.probability is not None
    assert with_shorter.probability is not None
    assert with_shorter.probability < alone.probability


def test_a_read_that_is_not_calibrated_leaves_the_fused_one_so() -> None:
    assert fuse([_calibrated("ABC1D23", 0.8, _crop(1)), _read("ABC1D23", 0.8)]).probability is None


def test_the_crop_is_that_of_the_surest_frame() -> None:
    sure, unsure = _calibrated("ABC1D23", 0.9, _crop(1)), _calibrated("ABC1D23", 0.5, _crop(2))
    fused = fuse([unsure, sure])
    assert fused.crop is sure.crop
