"""What was seen is held against every registered plate, and against somebody unknown."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.codes import encoded
from access.strangers import Strangers
from access.weighing import Roll, Weights
from recognition import ALPHABET
from recognition.reads import Probabilities

ALICES, BOBS, CAROLS = "FYK1D23", "FYK1D28", "QLB7A55"
PAULISTA = Strangers.near(["FYK1D23", "FAA2B34", "GGG1A11"] * 100)


def seen(text: str, sure: float = 0.98, **doubts: Mapping[str, float]) -> Probabilities:
    """Distributions that say `text`; `at3={"8": 0.4}` gives the character at that place a rival."""
    rows = np.full((len(text), 36), (1 - sure) / 35)
    rows[np.arange(len(text)), encoded([text])[0]] = sure
    for place, rivals in doubts.items():
        own = int(place.removeprefix("at"))
        for character, share in rivals.items():
            rows[own, ALPHABET.index(character)] = share
            rows[own, ALPHABET.index(text[own])] -= share
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), np.float32)


def share(weights: Weights, key: str) -> float:
    return next((each.share for each in weights.shares if each.key == key), 0.0)


def test_a_registered_plate_that_is_read_well_is_as_good_as_certain() -> None:
    assert share(Roll.of([ALICES, CAROLS]).weigh(seen(ALICES)), ALICES) > 0.999


def test_the_old_spelling_is_the_same_vehicle() -> None:
    assert share(Roll.of([ALICES, CAROLS]).weigh(seen("FYK1323")), ALICES) > 0.999


def test_a_misread_character_that_was_in_doubt_does_not_make_a_stranger() -> None:
    weights = Roll.of([ALICES, CAROLS]).weigh(seen("FYK1D28", at6={"3": 0.3}))

    assert share(weights, ALICES) > 0.99


def test_a_character_that_was_in_no_doubt_makes_a_stranger() -> None:
    assert share(Roll.of([ALICES], PAULISTA).weigh(seen("FYK1D28", 0.9999)), ALICES) < 0.1


def test_between_two_neighbours_neither_is_certain() -> None:
    weights = Roll.of([ALICES, BOBS]).weigh(seen(ALICES, at6={"8": 0.45}))

    assert 0.4 < share(weights, ALICES) < 0.7
    assert 0.3 < share(weights, BOBS) < 0.6
    assert weights.stranger < 0.01


def test_a_local_plate_is_a_strangers_more_often_than_one_from_far_away() -> None:
    assert PAULISTA.likelihood(seen(ALICES)) > 20 * PAULISTA.likelihood(seen(CAROLS))


def test_the_more_are_registered_the_more_must_speak_for_one() -> None:
    few, many = Roll.of([ALICES], PAULISTA), Roll.of([ALICES, *PAULISTA.draw(np.random.default_rng(1), 5000)], PAULISTA)
    rows = seen("FYK1D29", at6={"3": 0.2})

    assert share(many.weigh(rows), ALICES) < share(few.weigh(rows), ALICES)


def test_plates_of_other_lengths_are_weighed_too() -> None:
    roll = Roll.of([ALICES, "MH20EE7601", "CAM01"])

    assert share(roll.weigh(seen("MH20EE7601")), "MH20EE7601") > 0.99
    assert share(roll.weigh(seen("CAM01")), "CAM01") > 0.9
    assert roll.weigh(seen("AB12CD")) == Weights((), 1.0)


def test_an_empty_register_knows_only_strangers() -> None:
    assert Roll.of([]).weigh(seen(ALICES)) == Weights((), 1.0)


def test_a_plate_is_found_on_the_roll() -> None:
    roll = Roll.of([CAROLS, ALICES, ALICES])

    assert roll.keys == (ALICES, CAROLS)
    assert CAROLS in roll
    assert BOBS not in roll


@pytest.mark.parametrize(
    ("text", "least", "agreeing"),
    [
        (ALICES, 5, (ALICES,)),
        ("FYK1D29", 5, (ALICES, BOBS)),
        ("FYK1328", 7, (BOBS,)),
        ("QLB7A99", 5, (CAROLS,)),
        ("QLB7A99", 6, ()),
        ("QLB", 2, ()),
    ],
)
def test_plates_that_agree_in_most_places_are_counted(text: str, least: int, agreeing: tuple[str, ...]) -> None:
    assert Roll.of([ALICES, BOBS, CAROLS]).agreeing(text, least) == agreeing


@pytest.mark.parametrize("plate", ["FYK1D23", "FYK1323", "AAA0A00", "QLB7Z55"])
def test_how_often_strangers_have_a_plate_is_what_the_likelihood_says_of_it(plate: str) -> None:
    certain = np.zeros((7, 36))
    certain[np.arange(7), encoded([plate])[0]] = 1.0

    whole, own = PAULISTA.likelihood(certain), PAULISTA.shares_of(encoded([plate]))[0]

    assert own > 0
    assert whole == pytest.approx(own, rel=0.05)  # the rest is what comes from abroad


def test_strangers_are_drawn_as_often_as_it_is_said() -> None:
    drawn = PAULISTA.draw(np.random.default_rng(1), 20_000)

    assert len(set(drawn)) > 19_000
    ours = sum(plate[0] in "BCDEFG" for plate in drawn) / len(drawn)
    assert ours == pytest.approx(float(PAULISTA.prefixes.reshape(26, -1)[1:7].sum()), abs=0.02)
    assert 0.4 < sum(plate[4].isdigit() for plate in drawn) / len(drawn) < 0.5
    assert PAULISTA.shares_of(encoded(drawn)).min() > 0


# --- what holds for everything --------------------------------------------------------------------------

plates = st.from_regex(r"[A-C]{3}[0-2][0-2A-C][0-2]{2}", fullmatch=True)
registers = st.lists(
    plates.map(lambda plate: plate[:4] + chr(ord("A") + int(plate[4], 16) % 3) + plate[5:]), min_size=1
)
evidence = st.builds(seen, plates, st.floats(0.2, 0.9999))


@given(registers, evidence)
def test_all_probabilities_make_one(registered: list[str], rows: Probabilities) -> None:
    roll = Roll.of(registered)
    weights = roll.weigh(rows)

    named = sum(each.share for each in weights.shares)
    assert named + weights.stranger <= 1 + 1e-9
    if len(roll.keys) <= len(weights.shares):
        assert named + weights.stranger == pytest.approx(1)
    assert [each.share for each in weights.shares] == sorted((each.share for each in weights.shares), reverse=True)


@given(registers, evidence, st.integers(0, 6), st.floats(1.01, 50))
def test_more_evidence_for_a_plate_never_lowers_its_probability(
    registered: list[str], rows: Probabilities, place: int, more: float
) -> None:
    roll, key = Roll.of(registered), registered[0]
    column = ALPHABET.index(key[place])
    stronger = rows.copy()
    if place == 4:  # both spellings of the vehicle
        stronger[place, [column, column - 10]] *= more
    else:
        stronger[place, column] *= more
    stronger /= stronger.sum(axis=1, keepdims=True)

    before, after = share(roll.weigh(rows), key), share(roll.weigh(stronger), key)

    assert after >= before * (1 - 1e-9) or before == 0


@given(registers, plates)
def test_what_was_surely_read_otherwise_in_three_places_is_nobodys(registered: list[str], read: str) -> None:
    far = [
        key
        for key in registered
        if sum(a != b for a, b in zip(key[:4] + key[5:], read[:4] + read[5:], strict=True)) >= 3
    ]
    if far:
        weights = Roll.of(far).weigh(seen(read, 0.99))
        assert all(each.share < 0.5 for each in weights.shares)
