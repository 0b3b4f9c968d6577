"""Which read belongs to which passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.tracking import Track, assign, edit_distance, usable
from recognition import Box
from tests.access.conftest import ALICES, BOX, FAR, STRANGERS, read

NEARBY = Box(320, 205, 120, 40)
NOBODY = frozenset[str]()


def track(text: str = ALICES, box: Box = BOX, **state: bool) -> Track:
    return Track((text,), box, **state)


@pytest.mark.parametrize(
    ("text", "box", "joins"),
    [
        (ALICES, BOX, True),
        (ALICES, FAR, True),
        ("ABC1323", FAR, True),  # the old spelling
        ("ABC1O23", FAR, True),
        ("ABD1D28", FAR, True),
        ("BC1D23", FAR, True),  # cut off at the left
        ("XYC1D28", FAR, False),  # three characters, and elsewhere
        ("XYC1D28", NEARBY, True),  # three characters, same place
        ("XYZ1D28", NEARBY, False),
        (STRANGERS, BOX, False),  # the next car, where the first one stood
    ],
)
def test_a_read_joins_by_its_characters_and_its_place(text: str, box: Box, joins: bool) -> None:
    assert assign([read(text, box=box)], [track()], NOBODY) == [0 if joins else None]


@pytest.mark.parametrize(
    ("box", "settled", "joins"),
    [(FAR, True, False), (NEARBY, True, False), (BOX, True, True), (FAR, False, True)],
)
def test_another_registered_vehicle_is_another_passage_unless_nothing_moved(
    box: Box, settled: bool, joins: bool
) -> None:
    found = assign([read("ABC1D24", box=box)], [track(settled=settled)], frozenset({"ABC1D24"}))

    assert found == [0 if joins else None]


@pytest.mark.parametrize(
    ("text", "box", "joins"),
    [(ALICES, BOX, True), ("ABC1O23", BOX, True), (ALICES, NEARBY, False), (ALICES, FAR, False)],
)
def test_what_ended_is_taken_up_only_by_what_never_moved(text: str, box: Box, joins: bool) -> None:
    assert assign([read(text, box=box)], [track(ended=True)], NOBODY) == [0 if joins else None]


def test_the_nearest_find_each_other() -> None:
    reads = [read("ABC1D24"), read(ALICES, box=FAR)]

    assert assign(reads, [track(), track("ABC1D24", FAR)], NOBODY) == [1, 0]


def test_a_track_takes_one_read_of_a_picture() -> None:
    assert assign([read(ALICES), read("ABC1D24", box=FAR)], [track()], NOBODY) == [0, None]


def test_a_corrected_passage_is_followed_by_both_plates() -> None:
    corrected = Track(("ABC1D28", STRANGERS), BOX)

    assert assign([read(STRANGERS, box=FAR)], [corrected], NOBODY) == [0]
    assert assign([read("ABC1D28", box=FAR)], [corrected], NOBODY) == [0]


def test_of_one_place_or_plate_only_the_surest_read_is_usable() -> None:
    best = read(ALICES, 0.9)

    assert usable([read("ABC1D28", 0.6, NEARBY), read("ABC1323", 0.5, FAR), best]) == [best]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("ABC", "", 3), ("ABC", "ABC", 0), ("ABC", "ABD", 1), ("ABC", "BC", 1), ("kitten", "sitting", 3)],
)
def test_the_edit_distance_is_levenshteins(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


texts = st.text("AB1", max_size=8)


@given(texts, texts, texts)
def test_the_edit_distance_is_a_metric(one: str, two: str, three: str) -> None:
    assert edit_distance(one, two) == edit_distance(two, one)
    assert (edit_distance(one, two) == 0) == (one == two)
    assert edit_distance(one, three) <= edit_distance(one, two) + edit_distance(two, three)
