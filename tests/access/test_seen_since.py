"""Was this plate seen since then?"""

from datetime import datetime, timedelta

import pytest

from access.corrections import correct
from access.sightings import seen_since
from premises.models import Condominium, User
from recognition import PlateError
from tests.access.conftest import ALICES, STRANGERS, Road, read


def test_it_says_the_latest_time(road: Road, condominium: Condominium) -> None:
    begin = road.now
    road.sees(read(STRANGERS))
    road.sees(read(STRANGERS))

    assert seen_since([condominium.pk], "qqq-0q00", begin) == road.now


def test_the_very_moment_counts_and_later_does_not(road: Road, condominium: Condominium) -> None:
    road.sees(read(STRANGERS))

    assert seen_since([condominium.pk], STRANGERS, road.now) == road.now
    assert seen_since([condominium.pk], STRANGERS, road.now + timedelta(microseconds=1)) is None


def test_both_spellings_are_one(road: Road, condominium: Condominium) -> None:
    road.sees(read("ABC1323"))

    assert seen_since([condominium.pk], ALICES, road.now) == road.now


def test_what_was_corrected_is_found_by_what_it_was(road: Road, condominium: Condominium, bob: User) -> None:
    (passage,) = road.sees(read("ABC1D28"))
    correct(passage, ALICES, by=bob)

    assert seen_since([condominium.pk], ALICES, road.now) == road.now
    assert seen_since([condominium.pk], "ABC1D28", road.now) is None


def test_another_condominium_has_seen_nothing(road: Road, elsewhere: Condominium) -> None:
    road.sees(read(STRANGERS))

    assert seen_since([elsewhere.pk], STRANGERS, road.now) is None
    assert seen_since([], STRANGERS, road.now) is None


def test_bad_questions_are_refused(condominium: Condominium) -> None:
    with pytest.raises(PlateError):
        seen_since([condominium.pk], "🚗🚗🚗🚗", datetime.now().astimezone())
    with pytest.raises(ValueError, match="zone"):
        seen_since([condominium.pk], STRANGERS, datetime(2026, 11, 21))
