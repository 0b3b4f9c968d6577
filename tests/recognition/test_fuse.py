"""Frames of one passage made into one read."""

import numpy as np
import pytest

from recognition import Box, Read, fuse, match_format
from recognition.reads import certain, text_score


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


def test_no_frames_is_an_error() -> None:
    with pytest.raises(ValueError, match="no read"):
        fuse([])
