"""Slots become a text that is written as plates are written; checked against trying every text there is."""

import itertools
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from recognition.cancela.decoding import BLANK, SLOTS, TWIN, Decoder, decoder
from recognition.formats import Format
from recognition.reads import POSITION

PLAIN = Format("plain", "", "LNLN", 1.0, letters="ABO")
TWINS = Format("twins", "", "LNNN", 0.7, letters="IOX", twins=True)
LONGER = Format("longer", "", "NLLLN{0,1}", 0.5, letters="AB")
LISTED = Format("listed", "", "LLNN", 0.9, ("AB", "OX", "XA"))
MIXED = Format("mixed", "", "A{4,4}", 0.1, letters="AB", mixed=True)
SMALL = (PLAIN, TWINS, LONGER, LISTED, MIXED)

Slots = NDArray[np.float32]
# Few levels, so that equal texts, zeros and certainties come up often.
LEVELS = st.sampled_from([0.0, 0.0, 0.01, 0.1, 0.3, 0.9])


def slots_of(text: str, sure: float = 0.95) -> Slots:
    """Slots that show a text, each character as surely as that."""
    slots = np.full((SLOTS, BLANK + 1), (1 - sure) / BLANK, np.float32)
    columns = [*(POSITION[character] for character in text), *[BLANK] * (SLOTS - len(text))]
    slots[np.arange(SLOTS), columns] = sure
    return slots


def with_mass(slots: Slots, place: int, character: str, share: float) -> Slots:
    changed = slots.copy()
    changed[place] *= 1 - share
    changed[place, POSITION[character]] += share
    return changed


@cache
def texts_of(row: Format) -> tuple[str, ...]:
    """Every text that a format allows, by trying."""
    classes = {"L": row.letters, "N": "0123456789", "A": row.letters + "0123456789"}
    tried = ("".join(each) for shape in row.patterns for each in itertools.product(*(classes[kind] for kind in shape)))
    return tuple(text for text in tried if row.fits(text))


def worth(row: Format, text: str, slots: Slots) -> float:
    """The weight of the format times the probability of the text, computed character by character."""
    seen = slots.astype(np.float64) + 3e-5
    seen /= seen.sum(axis=1, keepdims=True)
    twin = {"O": "0", "0": "O", "I": "1", "1": "I"} if row.twins else {}
    worth = row.weight
    for place, character in enumerate(text):
        worth *= seen[place, POSITION[character]]
        if character in twin:
            worth *= 1 + TWIN * seen[place, POSITION[twin[character]]] / seen[place, POSITION[character]]
    return float(worth * np.prod(seen[len(text) :, BLANK]))


def every(rows: tuple[Format, ...], slots: Slots) -> Iterator[tuple[str, float]]:
    for row in rows:
        for text in texts_of(row):
            yield text, worth(row, text, slots)


@pytest.mark.parametrize(
    "rows", [(row,) for row in SMALL] + [SMALL], ids=lambda rows: rows[0].name if rows[1:] == () else "all"
)
@settings(max_examples=12, deadline=None)
@given(drawn=arrays(np.float32, (SLOTS, BLANK + 1), elements=LEVELS))
def test_the_text_its_share_and_its_lead_are_those_of_trying_every_text(rows: tuple[Format, ...], drawn: Slots) -> None:
    slots = drawn + np.float32(1e-6)
    slots[4:, BLANK] += 3  # four or five characters, as these formats have them
    slots /= slots.sum(axis=1, keepdims=True)

    decoded = Decoder(rows).decode(slots)

    tried = list(every(rows, slots))
    best = max(worth for _, worth in tried)
    others = max(worth for text, worth in tried if text != decoded.text)
    assert decoded.format.fits(decoded.text)
    assert worth(decoded.format, decoded.text, slots) == pytest.approx(best, rel=1e-6)
    assert decoded.posterior == pytest.approx(np.log(best / sum(worth for _, worth in tried)), abs=1e-6)
    assert decoded.margin == pytest.approx(np.log(best / others), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ABC1234", "br_old"),
        ("ABC1D23", "br_mercosul"),
        ("MH20EE7601", "in_state"),
        ("KL53E964", "in_short"),
        ("22BH1234AA", "in_bharat"),
        ("LA51ABC", "gb_current"),
        ("1234BCD", "es"),
        ("7ABC123", "us_california"),
        ("AB3DE", "generic"),
    ],
)
def test_a_plate_is_decoded_in_the_format_of_its_country(text: str, name: str) -> None:
    decoded = decoder().decode(slots_of(text))
    assert (decoded.text, decoded.format.name) == (text, name)
    assert decoded.fit == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(("place", "twin"), [(2, "1"), (3, "O"), (5, "I")])
def test_twins_of_the_old_typeface_are_what_their_place_says(place: int, twin: str) -> None:
    decoded = decoder().decode(with_mass(slots_of("GKI0012"), place, twin, 0.8))
    assert (decoded.text, decoded.format.name) == ("GKI0012", "br_old")


def test_a_letter_that_is_likelier_than_its_twin_keeps_a_plate_of_the_mercosul_one() -> None:
    decoded = decoder().decode(with_mass(slots_of("LUF7I13"), 4, "1", 0.3))
    assert (decoded.text, decoded.format.name) == ("LUF7I13", "br_mercosul")


def test_a_digit_in_a_letters_place_of_a_mercosul_plate_is_no_twin_of_it() -> None:
    seen = with_mass(slots_of("ABC1I23"), 4, "1", 0.5)
    assert decoder().decode(seen).text == "ABC1123"  # the old plate, whose one shape is both


def test_an_indian_plate_begins_with_a_state() -> None:
    seen = with_mass(slots_of("HH20EE7601"), 0, "M", 0.3)
    assert decoder().decode(seen).text == "MH20EE7601"


def test_a_word_and_a_number_are_far_from_every_format() -> None:
    assert [decoder().decode(slots_of(text)).fit < -3 for text in ("PADARIA", "1234567")] == [True, True]


def test_each_place_has_a_distribution_within_the_formats_of_that_length() -> None:
    decoded = decoder().decode(with_mass(slots_of("ABC1D23", 0.99), 4, "0", 0.4))
    assert decoded.probabilities.shape == (7, 36)
    np.testing.assert_allclose(decoded.probabilities.sum(axis=1), 1.0, atol=1e-5)
    fifth = decoded.probabilities[4]
    assert fifth[POSITION["D"]] > 0.5
    assert fifth[POSITION["0"]] > 0.3  # the old plate is still in play


def test_what_is_sure_leads_by_more_than_what_is_doubtful() -> None:
    sure = decoder().decode(slots_of("ABC1D23", 0.99))
    doubtful = decoder().decode(with_mass(slots_of("ABC1D23", 0.99), 1, "8", 0.2))
    torn = decoder().decode(with_mass(slots_of("ABC1D23", 0.99), 1, "D", 0.45))
    assert sure.margin > torn.margin
    assert sure.posterior > torn.posterior
    assert doubtful.text == sure.text
