"""How much one picture speaks for a plate."""

import pytest

from access.speaking import speaks_for
from recognition import ALPHABET
from recognition.reads import certain


def probabilities(text: str, score: float = 0.9) -> list[list[float]]:
    rows: list[list[float]] = certain(text, [score] * len(text)).tolist()
    return rows


def test_is_the_product_of_its_characters() -> None:
    assert speaks_for(probabilities("ABC1D23"), "ABC1D23") == pytest.approx(0.9**7)


def test_counts_the_likelier_spelling() -> None:
    assert speaks_for(probabilities("ABC1323"), "ABC1D23") == pytest.approx(0.9**7)


def test_one_character_off_leaves_what_the_picture_gave_the_other() -> None:
    rest = 0.1 / (len(ALPHABET) - 1)
    assert speaks_for(probabilities("ABC1D24"), "ABC1D23") == pytest.approx(0.9**6 * rest)


@pytest.mark.parametrize("plate", ["AB1234", "", "🚗", "A" * 40])
def test_says_nothing_for_another_length_or_what_is_no_plate(plate: str) -> None:
    assert speaks_for(probabilities("ABC1D23"), plate) == 0.0


def test_a_detection_without_distributions_says_nothing() -> None:
    assert speaks_for([], "ABC1D23") == 0.0
