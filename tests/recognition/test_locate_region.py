"""Where a vehicle was first registered, told by its plate."""

from itertools import pairwise

import pytest

from recognition import Place, place_of_registration
from recognition.regions import _RANGES, BRAZILIAN_STATES


@pytest.mark.parametrize(
    ("plate", "code"),
    [
        ("AAA0001", "PR"), ("BEZ9999", "PR"), ("BFA0001", "SP"), ("GKI9999", "SP"), ("GKJ0001", "MG"),
        ("HOL0001", "MA"), ("HQF0001", "MS"), ("HTX0001", "CE"), ("IAP9999", "SE"), ("IAQ0001", "RS"),
        ("JDO9999", "RS"), ("JDP0001", "DF"), ("JKS0001", "BA"), ("JTA0001", "PA"), ("JWF0001", "AM"),
        ("JXZ0001", "MT"), ("KAV0001", "GO"), ("KFD0001", "PE"), ("KMF0001", "RJ"), ("LVE9999", "RJ"),
        ("LVF0001", "PI"), ("LWR0001", "SC"), ("MMN0001", "PB"), ("MOX0001", "ES"), ("MUA0001", "AL"),
        ("MVL0001", "TO"), ("MXH0001", "RN"), ("MZN0001", "AC"), ("NAH0001", "RR"), ("NBB0001", "RO"),
        ("NEI0001", "AP"),
    ],
)  # fmt: skip
def test_the_first_series_of_every_state_is_known(plate: str, code: str) -> None:
    assert place_of_registration(plate) == Place("BR", code, BRAZILIAN_STATES[code][0])


@pytest.mark.parametrize(
    ("plate", "code"), [("NFC1A00", "GO"), ("OVG1234", "AC"), ("PUA1B23", "MG"), ("QSN0A00", "SP"), ("RHA8D12", "PR")]
)
def test_later_series_are_known_in_both_spellings(plate: str, code: str) -> None:
    place = place_of_registration(plate)
    assert place is not None
    assert (place.country, place.code) == ("BR", code)


@pytest.mark.parametrize("plate", ["SDT1A23", "ZZZ9Z99", "RS21AB12", "not a plate", ""])
def test_a_series_not_given_out_and_what_is_no_plate_tell_nothing(plate: str) -> None:
    assert place_of_registration(plate) is None


@pytest.mark.parametrize(
    ("plate", "place"),
    [
        ("MH20EE7601", Place("IN", "MH", "Maharashtra")),
        ("kl-55 r 2473", Place("IN", "KL", "Kerala")),
        ("LA51ABC", Place("GB", "L", "London")),
        ("SN66XMZ", Place("GB", "S", "Scotland")),
    ],
)
def test_india_and_britain_are_known(plate: str, place: Place) -> None:
    assert place_of_registration(plate) == place


def test_no_range_of_letters_belongs_to_two_states() -> None:
    assert [(one, other) for one, other in pairwise(_RANGES) if one[1] >= other[0]] == []


def test_all_27_states_have_ranges() -> None:
    assert len({code for _, _, code in _RANGES}) == len(BRAZILIAN_STATES) == 27
