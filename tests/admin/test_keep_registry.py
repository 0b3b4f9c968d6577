"""Vehicles, permits, units and people in the admin."""

from typing import Any

import pytest
from django.test import Client

from access.models import Permit, Vehicle, WatchlistEntry
from premises.models import Condominium, JournalEntry, Person, Unit, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, permit_form, row_of


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def errors(answer: Any) -> list[str]:
    return sorted(answer.context["adminform"].form.errors)


def actions() -> list[str]:
    return list(JournalEntry.objects.filter(actor="alice").order_by("sequence").values_list("action", flat=True))


@pytest.mark.parametrize(("permit", "permits"), [("on", 1), ("", 0)])
def test_a_vehicle_is_registered_with_or_without_a_permit(
    manager: Client, condominium: Condominium, permit: str, permits: int
) -> None:
    manager.post(address(Vehicle, "add"), {"plate": "abc-1d23", "make": "Fiat", "permit": permit})
    vehicle = Vehicle.objects.get()
    assert (vehicle.plate, vehicle.make, vehicle.condominium) == ("ABC1D23", "Fiat", condominium)
    assert vehicle.permits.count() == permits
    assert actions() == ["vehicle.registered"]


@pytest.mark.parametrize("plate", ["", "🚗🚗🚗🚗", "A", "ABC1D23", "abc-1323"])
def test_an_impossible_plate_or_a_twin_is_refused_on_the_form(
    manager: Client, condominium: Condominium, plate: str
) -> None:
    Vehicle.objects.create(condominium=condominium, plate="ABC1D23")
    assert errors(manager.post(address(Vehicle, "add"), {"plate": plate})) == ["plate"]
    assert Vehicle.objects.count() == 1


def test_a_vehicle_keeps_its_plate(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    data = {"plate": "XYZ9K87", "make": "Fiat", "permits-TOTAL_FORMS": "0", "permits-INITIAL_FORMS": "0"}
    before = vehicle.plate
    manager.post(address(Vehicle, "change", vehicle.pk), data)
    vehicle.refresh_from_db()
    assert (vehicle.plate, vehicle.make) == (before, "Fiat")


def permit_data(**values: str) -> dict[str, str]:
    return {f"permits-{name}": value for name, value in ({"TOTAL_FORMS": "1", "INITIAL_FORMS": "0"} | values).items()}


def test_a_permit_is_given_on_the_vehicles_page(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    vehicle.permits.all().delete()
    data = permit_data(
        **{"0-is_active": "on", "0-kind": "resident", "0-valid_from_0": "2026-11-21", "0-valid_from_1": "08:00"}
    )
    manager.post(address(Vehicle, "change", vehicle.pk), data)
    permit = Permit.objects.get(vehicle=vehicle)
    assert (permit.condominium, permit.is_active, permit.valid_until) == (furnished, True, None)
    # Eight o'clock in São Paulo.
    assert permit.valid_from is not None
    assert permit.valid_from.isoformat() == "2026-11-21T11:00:00+00:00"
    assert "permit.added" in actions()


def test_a_permit_does_not_end_before_it_begins(manager: Client, furnished: Condominium) -> None:
    data = permit_form(row_of(Vehicle, furnished)) | {
        "valid_from_0": "2026-11-21",
        "valid_from_1": "08:00",
        "valid_until_0": "2026-11-20",
        "valid_until_1": "8:00",
    }
    assert errors(manager.post(address(Permit, "add"), data)) == ["valid_until"]


def test_a_plate_is_put_on_the_watch_list_once(manager: Client, condominium: Condominium) -> None:
    data = {"plate": "ban-0d01", "kind": "banned", "is_active": "on"}
    manager.post(address(WatchlistEntry, "add"), data)
    assert errors(manager.post(address(WatchlistEntry, "add"), data | {"plate": "BAN0301"})) == ["plate"]
    assert WatchlistEntry.objects.get().plate == "BAN0D01"


def test_a_unit_has_one_number(manager: Client, condominium: Condominium) -> None:
    data = {"block": "A", "number": "101", "people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0"}
    manager.post(address(Unit, "add"), data)
    answer = manager.post(address(Unit, "add"), data)
    assert (answer.status_code, Unit.objects.count()) == (200, 1)
    assert errors(answer) == ["__all__"]


def test_people_are_entered_with_their_unit(manager: Client, condominium: Condominium) -> None:
    people = {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-name": "Ana"}
    manager.post(address(Unit, "add"), {"block": "", "number": "101"} | people)
    person = Person.objects.get()
    assert (person.condominium, str(person.unit)) == (condominium, "101")
    assert actions() == ["unit.added", "person.added"]


@pytest.mark.parametrize(
    ("plate", "expected"), [("abc1d23", "Ana"), ("ABC1323", "Ana"), ("XYZ9K87", "not registered here")]
)
def test_whose_a_plate_is(bob: User, condominium: Condominium, signed_in: SignedIn, plate: str, expected: str) -> None:
    owner = Person.objects.create(condominium=condominium, name="Ana")
    Vehicle.objects.create(condominium=condominium, plate="ABC1D23", owner=owner)
    answer = signed_in(bob).post(f"{address(Vehicle, 'changelist')}look_up/", {"plate": plate})
    assert expected in answer.content.decode()


def test_the_guard_is_told_that_a_vehicle_was_signed_off(
    bob: User, condominium: Condominium, signed_in: SignedIn
) -> None:
    Vehicle.objects.create(condominium=condominium, plate="ABC1D23", state="ended")
    answer = signed_in(bob).post(f"{address(Vehicle, 'changelist')}look_up/", {"plate": "ABC1D23"})
    assert "signed off" in answer.content.decode()
