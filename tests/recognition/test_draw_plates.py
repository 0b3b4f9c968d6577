"""Drawn plates: what training learns letters from."""

from collections import Counter
from itertools import product
from string import ascii_uppercase, digits

import numpy as np
import pytest

from recognition.formats import LONGEST, match_format
from recognition.training.drawing import STYLES, draw_negative, draw_plate, draw_style
from recognition.training.drawing.alphabets import FE, MANDATORY
from recognition.training.drawing.strokes import render
from recognition.training.splits import is_held

FORMATS_OF_STYLES = {
    "br_mercosul": {"br_mercosul"},
    "br_mercosul_moto": {"br_mercosul"},
    "br_old": {"br_old"},
    "br_old_moto": {"br_old"},
    "in_one": {"in_state", "in_short", "in_bharat"},
    "in_two": {"in_state", "in_short", "in_bharat"},
    "gb": {"gb_current", "gb_prefix", "gb_suffix", "generic"},
}
TWO_LINES = {"br_mercosul_moto", "br_old_moto", "in_two"}


def formats_of(style: str) -> set[str | None]:
    rng = np.random.default_rng(3)
    rows = (match_format(draw_style(style, rng).text) for _ in range(30))
    return {row.name if row else None for row in rows}


@pytest.mark.parametrize("style", sorted(FORMATS_OF_STYLES))
def test_a_style_draws_the_formats_of_its_country(style: str) -> None:
    assert formats_of(style) - FORMATS_OF_STYLES[style] == set()


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_drawn_text_is_a_possible_plate(style: str) -> None:
    assert None not in formats_of(style)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_pictures_are_small_colour_pictures_with_the_lines_of_their_style(style: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(8):
        plate = draw_style(style, rng)
        assert plate.image.dtype == np.uint8
        assert plate.image.shape[2] == 3
        assert plate.image.shape[1] == (200 if style in TWO_LINES else 256)
        assert 50 <= plate.image.shape[0] <= 170
        assert plate.lines == (2 if style in TWO_LINES else 1)
        assert plate.style == style
        assert len(plate.text) <= LONGEST


def test_the_same_seed_draws_the_same_plates() -> None:
    first, second = ([draw_plate(rng) for _ in range(20)] for rng in (np.random.default_rng(7) for _ in range(2)))
    for one, other in zip(first, second, strict=True):
        assert (one.text, one.style) == (other.text, other.style)
        assert np.array_equal(one.image, other.image)


def test_styles_come_as_often_as_their_weights_say() -> None:
    rng = np.random.default_rng(1)
    counted = Counter(draw_plate(rng).style for _ in range(400))
    whole = sum(STYLES.values())
    for style, weight in STYLES.items():
        assert counted[style] / 400 == pytest.approx(weight / whole, abs=0.06), style


@pytest.mark.parametrize("style", ["br_mercosul", "br_old"])
def test_no_character_is_rare(style: str) -> None:
    rng = np.random.default_rng(2)
    counted = Counter("".join(draw_style(style, rng).text for _ in range(300)))
    assert set(counted) == set(ascii_uppercase + digits)
    assert min(counted.values()) > 5


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_given_text_is_drawn(style: str) -> None:
    assert draw_style(style, np.random.default_rng(0), "ABC1D23").text == "ABC1D23"


def test_a_style_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        draw_style("moon", np.random.default_rng(0))


def test_both_brazilian_faces_have_every_character() -> None:
    for alphabet in (FE, MANDATORY):
        assert set(alphabet.shapes) == set(ascii_uppercase + digits)


def test_characters_of_the_mercosul_face_all_differ() -> None:
    drawn = {character: render(shape, 40, 64, 9.5).astype(int) for character, shape in FE.shapes.items()}
    for one, other in product(drawn, repeat=2):
        if one < other:
            assert np.abs(drawn[one] - drawn[other]).mean() > 4, one + other


def test_the_old_face_writes_o_as_0_and_i_as_1() -> None:
    assert MANDATORY.shapes["O"] == MANDATORY.shapes["0"]
    assert MANDATORY.shapes["I"] == MANDATORY.shapes["1"]


def test_a_stroke_reaches_the_border_of_its_letter() -> None:
    stem = render("5,0 5,10", 30, 64, 10)
    assert stem[0].max() == 255
    assert stem[-1].max() == 255
    assert (stem > 127).sum(1).tolist() == [10] * 64


def test_negatives_are_pictures_about_as_large_as_plates() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        image = draw_negative(rng)
        assert image.dtype == np.uint8
        assert image.ndim == 3
        assert image.shape[2] == 3
        assert 50 <= image.shape[0] <= 170
        assert image.shape[1] == 256


def test_a_third_of_all_plates_is_held_back() -> None:
    plates = [f"{letter}BC{number:04}" for letter in ascii_uppercase for number in range(200)]
    assert np.mean([is_held(plate) for plate in plates]) == pytest.approx(1 / 3, abs=0.02)


def test_a_plate_is_always_on_the_same_side() -> None:
    # Written down once: a change here would leak test pictures into training.
    sides = {"FHI9G00": False, "ABC1234": False, "ABC1D23": False, "BRA2E19": True, "XYZ9A99": True, "QQQ0O00": True}
    assert {plate: is_held(plate) for plate in sides} == sides
