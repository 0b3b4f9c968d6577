"""The manager decides about proposed vehicles, signs vehicles off, and sees what needs an eye."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Passage, Permit, Vehicle
from access.sheets import read_rows
from access.states import VehicleState
from premises.models import Condominium, JournalEntry, Person, Unit, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


@pytest.fixture
def waiting(furnished: Condominium) -> Vehicle:
    unit = Unit.objects.filter(condominium=furnished).order_by("pk")[0]
    return Vehicle.objects.create(condominium=furnished, plate="QWE2R34", unit=unit, state=VehicleState.WAITING)


@pytest.fixture
def contested(furnished: Condominium) -> Vehicle:
    vehicle: Vehicle = row_of(Vehicle, furnished)
    other = Unit.objects.create(condominium=furnished, block="B", number="202")
    vehicle.claimed_by = Person.objects.create(condominium=furnished, name="Emil", unit=other)
    vehicle.save()
    return vehicle


def press(client: Client, vehicle: Vehicle, button: str, **data: str) -> Any:
    return client.post(address(Vehicle, button, vehicle.pk), {"sure": "yes", **data}, follow=True)


def offered(client: Client, vehicle: Vehicle) -> list[str]:
    context = client.get(address(Vehicle, "change", vehicle.pk)).context
    return [str(action["title"]) for action in context["actions_detail"]]


def state(vehicle: Vehicle) -> str:
    vehicle.refresh_from_db()
    return vehicle.state


def last_action() -> str:
    return JournalEntry.objects.order_by("pk").values_list("action", flat=True).last() or ""


def test_a_waiting_vehicle_is_found_and_approved(manager: Client, waiting: Vehicle) -> None:
    listed = manager.get(address(Vehicle, "changelist"), {"state__exact": "waiting"}).content.decode()
    assert "QWE2R34" in listed
    assert "waits for approval" in listed
    assert offered(manager, waiting) == ["Approve", "Refuse", "Sign off"]

    assert "Approved. From now on it may pass." in press(manager, waiting, "approve").content.decode()

    assert (state(waiting), waiting.permits.count(), last_action()) == ("active", 1, "vehicle.approved")
    assert offered(manager, waiting) == ["Sign off"]


def test_a_refusal_asks_for_a_reason(manager: Client, waiting: Vehicle) -> None:
    assert list(press(manager, waiting, "refuse").context["form"].errors) == ["reason"]
    assert state(waiting) == "waiting"

    told = press(manager, waiting, "refuse", reason="Not of this unit").content.decode()

    assert (state(waiting), waiting.ended_because) == ("ended", "Not of this unit")
    assert "Not of this unit" in told
    assert offered(manager, waiting) == ["Take up again"]


def test_a_sold_vehicle_is_signed_off_and_comes_back(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    press(manager, vehicle, "sign_off", reason="sold")
    assert (state(vehicle), Permit.objects.filter(vehicle=vehicle, is_active=True).count()) == ("ended", 0)
    press(manager, vehicle, "take_up")
    assert (state(vehicle), Permit.objects.filter(vehicle=vehicle, is_active=True).count()) == ("active", 1)


def test_what_does_not_fit_is_said(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    for button in ("approve", "refuse", "take_up", "hand_over", "leave_with_holder"):
        told = press(manager, vehicle, button, reason="x").content.decode()
        assert f"There is nothing to do: {vehicle.plate} is in another state." in told
    assert state(vehicle) == "active"


def test_a_guard_sees_that_a_vehicle_waits_and_decides_nothing(
    bob: User, waiting: Vehicle, signed_in: SignedIn
) -> None:
    assert "QWE2R34" in signed_in(bob).get(address(Vehicle, "changelist")).content.decode()
    assert offered(signed_in(bob), waiting) == []
    for button in ("approve", "refuse", "sign_off", "take_up"):
        assert signed_in(bob).post(address(Vehicle, button, waiting.pk), {"sure": "yes"}).status_code == 403
    assert state(waiting) == "waiting"


def test_a_proposal_is_entered_by_hand(manager: Client, condominium: Condominium) -> None:
    manager.post(address(Vehicle, "add"), {"plate": "abc-1d23", "permit": "on", "waiting": "on"})
    vehicle = Vehicle.objects.get()
    assert (vehicle.state, vehicle.permits.count(), last_action()) == ("waiting", 0, "vehicle.proposed")


def test_a_plate_of_another_unit_is_refused_with_its_holder(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    errors = manager.post(address(Vehicle, "add"), {"plate": vehicle.plate}).context["adminform"].form.errors
    assert errors == {"plate": [f"{vehicle.plate} is already registered, for {vehicle.holder}."]}


# --- nothing that passed is deleted ---------------------------------------------------------------------


def test_what_has_passed_is_not_deleted_but_signed_off(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    assert manager.post(address(Vehicle, "delete", vehicle.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [str(vehicle.pk)], "post": "yes"}
    manager.post(address(Vehicle, "changelist"), data)
    assert state(vehicle) == "active"


def test_what_never_passed_is_deleted(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    Passage.objects.filter(vehicle=vehicle).update(vehicle=None)
    manager.post(address(Vehicle, "delete", vehicle.pk), {"post": "yes"})
    assert not Vehicle.objects.filter(pk=vehicle.pk).exists()


# --- duplicates -----------------------------------------------------------------------------------------


def duplicates(client: Client, **asked: int) -> str:
    content: str = client.get(address(Vehicle, "duplicates"), asked).content.decode()
    return content


def test_a_contested_vehicle_is_shown_and_settled(manager: Client, contested: Vehicle) -> None:
    listed = manager.get(address(Vehicle, "changelist"), {"contested": "yes"}).context["cl"].result_list
    assert [row.plate for row in listed] == [contested.plate]
    assert "Emil (B 202)" in duplicates(manager)
    assert offered(manager, contested) == ["Sign off", "Hand over", "Leave as it is", "Forgive: it is not inside"]

    press(manager, contested, "hand_over")

    contested.refresh_from_db()
    assert (contested.unit_name, contested.claimed_by, last_action()) == ("B 202", None, "vehicle.handed_over")
    assert "Nothing needs a look." in duplicates(manager)


def test_a_contested_vehicle_stays_where_it_is(manager: Client, contested: Vehicle) -> None:
    before = contested.unit_name
    press(manager, contested, "leave_with_holder")
    contested.refresh_from_db()
    assert (contested.unit_name, contested.claimed_by) == (before, None)


def owned(condominium: Condominium, number: str, plate: str, name: str, phone: str = "") -> Vehicle:
    unit = Unit.objects.create(condominium=condominium, number=number)
    owner = Person.objects.create(condominium=condominium, name=name, phone=phone, unit=unit)
    return Vehicle.objects.create(condominium=condominium, plate=plate, owner=owner)


def test_one_owner_in_two_units_is_shown_by_name_or_by_phone(manager: Client, condominium: Condominium) -> None:
    owned(condominium, "1", "BRA2E19", "Ana")
    owned(condominium, "2", "KLM5678", "ANA")
    owned(condominium, "3", "RIO4F56", "Rui", "(11) 95555-0101")
    owned(condominium, "4", "XYZ9K87", "Lia", "11955550101")
    owned(condominium, "5", "MNB8765", "Ivo")

    page = duplicates(manager)

    assert "One owner in several units" in page
    assert [told in page for told in ("KLM5678", "XYZ9K87", "(11) 95555-0101", "MNB8765")] == [True, True, True, False]


def test_plates_of_two_units_that_are_easily_confused_are_shown(manager: Client, condominium: Condominium) -> None:
    owned(condominium, "1", "BRA2E13", "Ana")
    other = owned(condominium, "2", "BRA2E18", "Rui")
    assert "easily confused" in duplicates(manager)
    Vehicle.objects.filter(pk=other.pk).update(state="ended")
    assert "easily confused" not in duplicates(manager)


def test_charlie_sees_none_of_alices_duplicates(
    contested: Vehicle, furnished: Condominium, charlie: User, signed_in: SignedIn
) -> None:
    client = signed_in(charlie)
    for page in (duplicates(client), duplicates(client, condominium=furnished.pk)):
        assert contested.plate not in page
        assert "Emil" not in page


def test_who_keeps_several_condominiums_chooses_one(
    contested: Vehicle, furnished: Condominium, owner: User, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    assert "Emil" not in duplicates(client)
    assert "Emil" in duplicates(client, condominium=furnished.pk)


# --- the list goes out ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_goes_out(manager: Client, furnished: Condominium, kind: str) -> None:
    answer = manager.post(address(Vehicle, "export_list"), {"kind": kind})
    rows = read_rows(io.BytesIO(answer.content), "list")
    assert [row[0] for row in rows] == ["Plate", "QAA1D00", "QAB1D01"]
    assert f".{kind}" in answer["Content-Disposition"]
    assert last_action() == "vehicles.exported"


def test_a_guard_takes_no_list_and_charlie_his_own(
    furnished: Condominium, bob: User, charlie: User, signed_in: SignedIn
) -> None:
    assert signed_in(bob).post(address(Vehicle, "export_list"), {"kind": "csv"}).status_code == 403
    data = {"kind": "csv", "condominium": str(furnished.pk)}
    told = signed_in(charlie).post(address(Vehicle, "export_list"), data).content.decode()
    assert "ZAA1D00" in told
    assert "QAA1D00" not in told


def test_the_first_page_says_what_waits(
    manager: Client, waiting: Vehicle, contested: Vehicle, bob: User, signed_in: SignedIn
) -> None:
    told = manager.get(reverse("admin:index")).content.decode()
    assert "1 vehicle waits for approval." in told
    assert "1 vehicle was proposed by another unit too." in told
    assert "waits for approval" not in signed_in(bob).get(reverse("admin:index")).content.decode()
