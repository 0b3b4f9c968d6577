"""A resident announces guests for the own unit, within bounds, and hears nothing of other units' vehicles."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from access import visits
from access.models import Permit, Vehicle
from access.reasons import Reason
from access.vehicles import VehicleError, end_vehicle, register_vehicle
from premises.journal import verify
from premises.models import JournalEntry, Unit, User
from tests.access.conftest import ALICES, BOBS, STRANGERS, Road, read
from tests.access.test_live_somewhere import dora, emil

__all__ = ["dora", "emil"]


def until(**later: float) -> Any:
    return timezone.now() + timedelta(**(later or {"hours": 4}))


def test_a_resident_announces_for_the_own_unit(unit: Unit, dora: User, road: Road) -> None:
    permit = visits.announce(unit, "qqq-0q00", by=dora, holder="Ida", valid_until=until())

    assert (permit.host, permit.kind, permit.vehicle.plate) == (unit, "visitor", STRANGERS)
    entry = JournalEntry.objects.get(action="visitor.announced")
    assert (entry.actor, entry.subject, entry.data["unit"]) == ("dora", STRANGERS, "A 101")
    assert verify(unit.condominium) is None
    assert road.sees(read(STRANGERS))[0].reason == Reason.PERMITTED


def test_nobody_announces_for_a_unit_of_others(unit: Unit, emil: User, charlie: User) -> None:
    for somebody in (emil, charlie):
        with pytest.raises(PermissionDenied):
            visits.announce(unit, STRANGERS, by=somebody, valid_until=until())
    assert not Vehicle.objects.exists()


def test_who_moved_out_announces_nobody(unit: Unit, dora: User) -> None:
    unit.people.update(unit=None)

    with pytest.raises(PermissionDenied):
        visits.announce(unit, STRANGERS, by=dora, valid_until=until())


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"valid_until": None, "single_entry": True}, "valid_until"),
        ({"valid_until": timedelta(hours=-1)}, "valid_until"),
        ({"valid_until": timedelta(days=32)}, "valid_until"),
        ({"valid_from": timedelta(hours=5), "valid_until": timedelta(hours=4)}, "valid_until"),
        ({"valid_from": timedelta(days=200), "valid_until": timedelta(days=201)}, "valid_from"),
    ],
)
def test_a_residents_word_has_an_end_and_is_not_for_ever(
    unit: Unit, dora: User, terms: dict[str, Any], field: str
) -> None:
    now = timezone.now()
    given: Any = {name: now + value if isinstance(value, timedelta) else value for name, value in terms.items()}

    with pytest.raises(ValidationError) as told:
        visits.announce(unit, STRANGERS, by=dora, **given)

    assert list(told.value.message_dict) == [field]
    assert not Permit.objects.exists()


def test_a_manager_is_not_bound_by_that(unit: Unit, alice: User) -> None:
    assert visits.announce(unit, STRANGERS, by=alice, valid_until=until(days=90)).is_active


def test_a_home_announces_so_many_at_once(unit: Unit, dora: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MOST_AT_ONCE", 2)
    first = visits.announce(unit, "AAA0A00", by=dora, valid_until=until())
    visits.announce(unit, "AAA0A01", by=dora, valid_until=until())
    with pytest.raises(ValidationError, match="2 guests already"):
        visits.announce(unit, "AAA0A02", by=dora, valid_until=until())

    visits.take_back(first, by=dora)

    assert visits.announce(unit, "AAA0A02", by=dora, valid_until=until()).is_active


def test_a_resident_is_not_told_whose_a_plate_is(unit: Unit, vehicle: Vehicle, dora: User, emil: User) -> None:
    emils = Unit.objects.get(number="202")
    gone = register_vehicle(unit.condominium, BOBS, by="tests")
    end_vehicle(gone, by="tests", reason="did not pay")

    for plate in (ALICES, BOBS):
        with pytest.raises(VehicleError) as told:
            visits.announce(emils, plate, by=emil, valid_until=until())
        assert str(told.value) == f"{plate} cannot be announced here. Please ask the gatehouse."
    with pytest.raises(VehicleError, match="of your own home"):
        visits.announce(unit, ALICES, by=dora, valid_until=until())


def test_a_pass_is_taken_back_by_its_own_unit_only(unit: Unit, dora: User, emil: User, road: Road) -> None:
    permit = visits.announce(unit, STRANGERS, by=dora, valid_until=until())
    with pytest.raises(PermissionDenied):
        visits.take_back(permit, by=emil)

    visits.take_back(permit, by=dora)

    assert road.sees(read(STRANGERS))[0].reason == Reason.NO_PERMIT
    assert JournalEntry.objects.get(action="visitor.taken_back").subject == STRANGERS
    with pytest.raises(VehicleError, match="taken back already"):
        visits.take_back(permit, by=dora)


def test_a_residents_own_permit_is_not_taken_back_this_way(vehicle: Vehicle, dora: User) -> None:
    with pytest.raises(PermissionDenied):
        visits.take_back(vehicle.permits.get(), by=dora)
