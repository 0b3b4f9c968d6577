"""Plates as text: how they are stored, which of them are possible, and which are one vehicle."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import PlateError, canonical, is_possible, match_format, normalise, spellings
from recognition.formats import FORMATS, expand

LETTERS = st.text(string.ascii_uppercase, min_size=3, max_size=3)
DIGIT = st.sampled_from(string.digits)
OLD = st.builds("{}{}".format, LETTERS, st.text(string.digits, min_size=4, max_size=4))
MERCOSUL = st.builds("{}{}{}{}{}".format, LETTERS, DIGIT, st.sampled_from(string.ascii_uppercase), DIGIT, DIGIT)


@pytest.mark.parametrize("text", ["abc-1d23 ", "ABC1D23", " a b c 1 d 2 3", "ABC·1D23", "abc 1d23", "ABC–1D23"])
def test_a_plate_is_stored_in_one_way_however_it_is_typed(text: str) -> None:
    assert normalise(text) == "ABC1D23"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("🚗🚗🚗🚗", "characters"),
        ("АВС1234", "characters"),  # Cyrillic
        ("ABC１２３４", "characters"),  # full-width digits
        ("ABCß234", "characters"),
        ("ıBC1234", "characters"),  # a dotless i that upper() would turn to I
        ("ABC1234'; --", "characters"),
        ("ABC\x001234", "characters"),
        ("ABCDE123456", "too_long"),
        ("A" * 1_000_000, "too_long"),
        ("AB1", "too_short"),
    ],
)
def test_what_cannot_be_a_plate_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(PlateError) as caught:
        normalise(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("plate", "name"),
    [
        ("ABC1234", "br_old"),
        ("ABC1D23", "br_mercosul"),
        ("MH20EE7601", "in_state"),
        ("KL53E964", "in_short"),
        ("22BH1234AA", "in_bharat"),
        ("LA51ABC", "gb_current"),
        ("AB1234CD", "ua"),
        ("1234BCD", "es"),
        ("7ABC123", "us_california"),
        ("B1O2K", "generic"),
    ],
)
def test_a_plate_has_the_format_of_its_country(plate: str, name: str) -> None:
    row = match_format(plate)
    assert row is not None
    assert row.name == name


@pytest.mark.parametrize("text", ["C00D", "1234567", "ABCDEFG", "GUARITA", "🚗", "", "ABC12345678"])
def test_a_badge_a_number_and_a_word_are_no_plates(text: str) -> None:
    assert not is_possible(text)


def test_a_pattern_with_a_range_stands_for_every_length() -> None:
    assert expand("LN{1,3}L{0,1}") == ("LN", "LNL", "LNN", "LNNL", "LNNN", "LNNNL")


def test_every_row_of_the_table_has_a_name_of_its_own_and_a_pattern() -> None:
    assert len({row.name for row in FORMATS}) == len(FORMATS)
    assert [row.name for row in FORMATS if not row.patterns] == []


@pytest.mark.parametrize(
    ("plate", "both"),
    [
        ("ABC1234", ("ABC1234", "ABC1C34")),
        ("ABC1C34", ("ABC1234", "ABC1C34")),
        ("abc-1c34", ("ABC1234", "ABC1C34")),
        ("ABC1K34", ("ABC1K34",)),
        ("LA51ABC", ("LA51ABC",)),
    ],
)
def test_a_brazilian_vehicle_has_two_spellings(plate: str, both: tuple[str, ...]) -> None:
    assert spellings(plate) == both


@given(OLD)
def test_the_old_spelling_and_its_mercosul_twin_are_one_vehicle(old: str) -> None:
    first, second = spellings(old)
    assert (first, second[4]) == (old, "ABCDEFGHIJ"[int(old[4])])
    assert spellings(second) == (first, second)
    assert canonical(first) == canonical(second) == second


@given(OLD, OLD)
def test_two_vehicles_never_share_a_key(first: str, second: str) -> None:
    assert (canonical(first) == canonical(second)) == (first == second)


@given(MERCOSUL)
def test_the_key_of_a_mercosul_plate_is_that_plate(plate: str) -> None:
    assert canonical(plate) == plate


@given(st.text(max_size=14))
def test_any_text_is_a_plate_or_is_refused(text: str) -> None:
    try:
        kept = normalise(text)
    except PlateError:
        assert not is_possible(text)
    else:
        assert normalise(kept) == kept
        assert canonical(kept) in spellings(kept)
