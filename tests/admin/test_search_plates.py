"""A passage or a vehicle is found by a part of its plate, in either spelling, typed anyhow."""

import pytest
from django.test import Client
from django.utils import timezone

from access.models import Lane, Passage, Vehicle
from access.plate_search import as_mercosul, fragment
from premises.models import Condominium, User
from recognition import canonical
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of

PLATES = ("ABC1C34", "XYZ9876", "QRS0A12")


def found(client: Client, model: type[Passage | Vehicle], text: str) -> list[str]:
    return sorted(str(row) for row in client.get(address(model, "changelist"), {"q": text}).context["cl"].result_list)


@pytest.fixture
def searching(furnished: Condominium, alice: User, signed_in: SignedIn) -> Client:
    lane = row_of(Lane, furnished)
    now = timezone.now()
    Passage.objects.all().delete()
    Vehicle.objects.all().delete()
    for plate in PLATES:
        key = canonical(plate)
        Passage.objects.create(
            condominium=furnished, lane=lane, opened_at=now, last_seen_at=now, plate=plate, plate_key=key
        )
        Vehicle.objects.create(condominium=furnished, plate=plate)
    return signed_in(alice)


@pytest.mark.parametrize("model", [Passage, Vehicle])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ABC1C34", ["ABC1C34"]),
        ("ABC1234", ["ABC1C34"]),
        ("abc-1234", ["ABC1C34"]),
        ("abc 1c34", ["ABC1C34"]),
        ("BC12", ["ABC1C34"]),
        ("1234", ["ABC1C34"]),
        ("234", ["ABC1C34"]),
        ("XYZ9I76", ["XYZ9876"]),
        ("9I", ["XYZ9876"]),
        ("9876", ["XYZ9876"]),
        ("QRS0012", ["QRS0A12"]),
        ("7777", []),
        ("🚗", []),
        ("%", []),
    ],
)
def test_by_a_part(searching: Client, model: type[Passage | Vehicle], typed: str, expected: list[str]) -> None:
    assert found(searching, model, typed) == expected


def test_a_part_in_the_old_spelling_is_looked_for_at_its_place() -> None:
    assert as_mercosul("ABC1234") == ["^[A-Z0-9]{0}ABC1C34"]
    assert as_mercosul("1234") == ["^[A-Z0-9]{3}1C34"]
    assert as_mercosul("234") == ["^[A-Z0-9]{3}2D4", "^[A-Z0-9]{4}C34"]
    assert as_mercosul("C34") == ["^[A-Z0-9]{2}C3E"]
    assert as_mercosul("1C34") == []


@pytest.mark.parametrize(("typed", "kept"), [("abc-12", "ABC12"), (" a b ", "AB"), ("ação", ""), ("", "")])
def test_what_was_typed_is_cleaned(typed: str, kept: str) -> None:
    assert fragment(typed) == kept
