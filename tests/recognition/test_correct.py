"""From what Tesseract saw to a plate: position by position, by format."""

import numpy as np
import pytest

from recognition.classical.confusions import LOOK_ALIKES, MEASURED, SPREADING
from recognition.classical.correction import align, correct, spread
from recognition.classical.ocr import Symbol
from recognition.formats import BY_NAME

BRAZIL = [BY_NAME["br_old"], BY_NAME["br_mercosul"]]


def _seen(text: str, confidence: float = 0.95) -> list[Symbol]:
    return [Symbol(each, confidence, 20 * place, 20 * place + 15) for place, each in enumerate(text)]


def _corrected(text: str, gap: float | None = None) -> str:
    centres = [20 * place + 7.5 for place in range(len(text))]
    return correct(spread(align(_seen(text), centres)), BRAZIL, gap)[0].text


@pytest.mark.parametrize(
    ("seen", "gap", "plate"),
    [
        ("ABC1234", 4.0, "ABC1234"),
        ("ABC1D23", 1.0, "ABC1D23"),
        ("A8C1234", 4.0, "ABC1234"),
        ("ABCIZ34", 4.0, "ABC1234"),
        ("0BC1234", 4.0, "OBC1234"),
        ("KN21378", 4.0, "KNZ1378"),
        ("LPAS161", 4.0, "LPA5161"),
        ("FHI9GGG", 1.0, "FHI9G00"),
        ("QOY8F27", 1.0, "QOY8F27"),
    ],
)
def test_look_alikes_become_what_their_place_allows(seen: str, gap: float, plate: str) -> None:
    assert _corrected(seen, gap) == plate


@pytest.mark.parametrize(("gap", "plate"), [(4.0, "ABC1034"), (0.8, "ABC1G34")])
def test_the_dot_of_the_old_plate_decides_where_the_fifth_character_may_be_either(gap: float, plate: str) -> None:
    seen = _seen("ABC1034")
    seen[4] = Symbol("0", 0.02, 80, 95)  # hardly seen
    seen.insert(5, Symbol("G", 0.02, 81, 95))
    centres = [20 * place + 7.5 for place in range(7)]
    assert correct(spread(align(seen, centres)), BRAZIL, gap)[0].text == plate


def test_a_word_bent_into_a_plate_scores_low() -> None:
    plate = correct(spread(align(_seen("ABC1D23"), [20 * n + 7.5 for n in range(7)])), BRAZIL)[0]
    word = correct(spread(align(_seen("MERCADO"), [20 * n + 7.5 for n in range(7)])), BRAZIL)[0]
    assert plate.seen > 0.6
    assert word.seen < 0.3


def test_a_symbol_too_many_goes_to_the_place_where_it_stands() -> None:
    seen = [*_seen("ABC1D23"), Symbol("I", 0.2, 100, 102)]
    rows = align(sorted(seen, key=lambda symbol: symbol.left), [20 * place + 7.5 for place in range(7)])
    assert correct(spread(rows), BRAZIL)[0].text == "ABC1D23"


def test_a_place_where_nothing_was_seen_tells_nothing() -> None:
    rows = align(_seen("ABC1D2"), [20 * place + 7.5 for place in range(7)])
    np.testing.assert_allclose(rows[6], 1 / 36, atol=1e-6)


def test_an_indian_plate_begins_with_a_state_that_exists() -> None:
    found = correct(spread(align(_seen("HH20EE7601"), [20 * n + 7.5 for n in range(10)])), [BY_NAME["in_state"]])
    assert found[0].text == "MH20EE7601"


def test_probabilities_are_rows_of_36_that_sum_to_one_and_favour_the_text() -> None:
    best = correct(spread(align(_seen("ABC1D23"), [20 * n + 7.5 for n in range(7)])), BRAZIL)[0]
    assert best.probabilities.shape == (7, 36)
    np.testing.assert_allclose(best.probabilities.sum(axis=1), 1.0, atol=1e-5)
    assert 0 < best.score <= 1


def test_the_table_of_confusions_is_one_of_probabilities() -> None:
    np.testing.assert_allclose(SPREADING.sum(axis=1), 1.0, atol=1e-5)
    assert set(LOOK_ALIKES) == set(MEASURED)
    assert (SPREADING.argmax(axis=1) == np.arange(36)).sum() >= 34  # G and 0 share what is seen as G
