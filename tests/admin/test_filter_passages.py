"""Passages by day, lane, unit and outcome."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from premises.models import Condominium, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of

LOCAL = ZoneInfo("America/Sao_Paulo")


@pytest.fixture
def manager(furnished: Condominium, alice: User, signed_in: SignedIn) -> Client:
    lanes = list(Lane.objects.filter(condominium=furnished).order_by("pk"))
    Passage.objects.all().delete()
    for number, (day, hour) in enumerate([(19, 12), (20, 0), (20, 23), (21, 0)]):
        at = datetime(2026, 11, day, hour, 30, tzinfo=LOCAL)
        Passage.objects.create(
            condominium=furnished,
            lane=lanes[-1] if number else lanes[0],
            opened_at=at,
            last_seen_at=at,
            plate=f"ABC1D{number:02}",
            plate_key=f"ABC1D{number:02}",
            unit_name="Q Q100" if number == 1 else "",
            outcome=Outcome.OPEN if number == 2 else Outcome.REFUSE,
        )
    return signed_in(alice)


def found(client: Client, **asked: Any) -> list[str]:
    answer = client.get(address(Passage, "changelist"), asked)
    return sorted(str(row) for row in answer.context["cl"].result_list)


EVERY = ["ABC1D00", "ABC1D01", "ABC1D02", "ABC1D03"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"opened_at_from": "2026-11-20", "opened_at_to": "2026-11-20"}, EVERY[1:3]),
        ({"opened_at_from": "11/20/2026"}, EVERY[1:]),
        ({"opened_at_to": "2026-11-20"}, EVERY[:3]),
        ({"opened_at_from": "yesterday"}, EVERY),
        ({"opened_at_from": "2026-99-99"}, EVERY),
        ({"opened_at_to": "9999-12-31"}, EVERY),
        ({"opened_at_from": "0001-01-01"}, EVERY),
        ({"outcome__exact": "open"}, EVERY[2:3]),
        ({"unit": "Q Q100"}, EVERY[1:2]),
    ],
)
def test_by_what_is_asked(manager: Client, asked: dict[str, str], expected: list[str]) -> None:
    assert found(manager, **asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"), [("doubtful", EVERY[:1]), ("corrected", EVERY[1:2]), ("nonsense", EVERY), ("", EVERY)]
)
def test_by_missed_openings(manager: Client, furnished: Condominium, asked: str, expected: list[str]) -> None:
    vehicle = Vehicle.objects.create(condominium=furnished, plate="ABC1D01")
    rows = Passage.objects.filter(condominium=furnished)
    rows.filter(plate="ABC1D00").update(reason=Reason.UNSURE)
    rows.filter(plate="ABC1D01").update(reason=Reason.AMBIGUOUS, corrected_plate="ABC1D01", vehicle=vehicle)
    rows.filter(plate="ABC1D03").update(reason=Reason.UNKNOWN_PLATE, corrected_plate="ABC1D03")

    assert found(manager, missed=asked) == expected


def test_by_a_day_as_brazilians_write_it(manager: Client) -> None:
    answer = manager.get(
        address(Passage, "changelist"), {"opened_at_from": "21/11/2026"}, headers={"Accept-Language": "pt-BR"}
    )
    assert [str(row) for row in answer.context["cl"].result_list] == EVERY[3:]


def test_by_lane(manager: Client, furnished: Condominium) -> None:
    assert found(manager, lane__id__exact=row_of(Lane, furnished).pk) == EVERY[1:]
