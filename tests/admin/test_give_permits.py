"""Permits with hours and hosts, visitors, holidays, forgiving: as a manager meets them."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Direction, Holiday, Lane, Passage, Permit, PermitWindow, Vehicle
from premises.models import Condominium, JournalEntry, Unit, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, permit_form, row_of
from tests.conftest import member


@pytest.fixture
def manager(alice: User, signed_in: SignedIn, furnished: Condominium) -> Client:
    return signed_in(alice)


def errors(answer: Any) -> list[str]:
    return sorted(answer.context["adminform"].form.errors)


def squashed(answer: Any) -> str:
    return re.sub(r"\s*([<>])\s*", r"\1", answer.content.decode())


def newest() -> Permit:
    return Permit.objects.latest("pk")


def test_a_permit_is_given_hours(manager: Client, furnished: Condominium) -> None:
    windows = [([0, 1, 2, 3, 4], "08:00", "18:00"), ([5], "22:00", "02:00")]
    data = permit_form(row_of(Vehicle, furnished), on_holidays="never", windows=windows)

    manager.post(address(Permit, "add"), data)

    kept = [(window.days, window.begins, window.ends) for window in newest().windows.order_by("pk")]
    assert kept == [([0, 1, 2, 3, 4], time(8), time(18)), ([5], time(22), time(2))]
    assert newest().on_holidays == "never"
    page = manager.get(address(Permit, "changelist")).content.decode()
    assert "Monday to Friday 08:00–18:00, Saturday 22:00–02:00" in page


def test_hours_without_a_day_are_refused(manager: Client, furnished: Condominium) -> None:
    data = permit_form(row_of(Vehicle, furnished), windows=[([], "08:00", "18:00")])
    before = Permit.objects.count()

    answer = manager.post(address(Permit, "add"), data)

    assert answer.status_code == 200
    assert Permit.objects.count() == before


def test_a_visitors_permit_has_a_host_and_an_end(manager: Client, furnished: Condominium) -> None:
    vehicle, unit = row_of(Vehicle, furnished), row_of(Unit, furnished)

    assert errors(manager.post(address(Permit, "add"), permit_form(vehicle, kind="visitor"))) == ["host"]
    hosted = permit_form(vehicle, kind="visitor", host=unit.pk)
    assert errors(manager.post(address(Permit, "add"), hosted)) == ["valid_until"]
    manager.post(address(Permit, "add"), hosted | {"single_entry": "on"})
    assert (newest().kind, newest().host) == ("visitor", unit)


ANNOUNCE = "admin:access_permit_announce"


def visit(**values: Any) -> dict[str, Any]:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {"plate": "dor-4a12", "holder": "Dora", "until_0": str(tomorrow), "until_1": "18:00"} | values


def test_a_visitor_is_announced(manager: Client, furnished: Condominium) -> None:
    unit = row_of(Unit, furnished)

    answer = manager.post(reverse(ANNOUNCE), visit(unit=unit.pk, single_entry="on"))

    assert answer.status_code == 302
    permit = newest()
    assert (permit.vehicle.plate, permit.host, permit.holder) == ("DOR4A12", unit, "Dora")
    assert permit.single_entry
    assert permit.valid_until is not None
    assert timezone.localtime(permit.valid_until).hour == 18
    assert JournalEntry.objects.filter(actor="alice", action="visitor.announced").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"plate": "🚗"}, "plate"),
        ({"unit": ""}, "unit"),
        ({"until_0": "2020-01-01"}, "until"),
        ({"until_0": "", "until_1": ""}, "__all__"),
    ],
)
def test_what_is_no_visit_is_refused_with_the_reason(
    manager: Client, furnished: Condominium, wrong: dict[str, str], said: str
) -> None:
    before = Permit.objects.count(), Vehicle.objects.count()

    answer = manager.post(reverse(ANNOUNCE), visit(unit=row_of(Unit, furnished).pk) | wrong)

    assert sorted(answer.context["form"].errors) == [said]
    assert (Permit.objects.count(), Vehicle.objects.count()) == before


def test_a_residents_vehicle_is_not_announced(manager: Client, furnished: Condominium) -> None:
    plate, unit = row_of(Vehicle, furnished).plate, row_of(Unit, furnished)

    answer = manager.post(reverse(ANNOUNCE), visit(plate=plate, unit=unit.pk))

    assert "not a visitor" in answer.context["form"].errors["plate"][0]


def test_charlie_announces_nobody_for_alices_unit(
    furnished: Condominium, charlie: User, elsewhere: Condominium, signed_in: SignedIn
) -> None:
    Unit.objects.create(condominium=elsewhere, number="1")

    answer = signed_in(charlie).post(reverse(ANNOUNCE), visit(unit=row_of(Unit, furnished).pk))

    assert sorted(answer.context["form"].errors) == ["unit"]
    assert not Vehicle.objects.filter(plate="DOR4A12").exists()


def test_a_guard_announces_too_and_an_auditor_sees_no_such_page(
    furnished: Condominium, bob: User, signed_in: SignedIn
) -> None:
    auditor = member("dora", furnished, Role.AUDITOR)
    assert signed_in(auditor).get(reverse(ANNOUNCE)).status_code == 403

    answer = signed_in(bob).post(reverse(ANNOUNCE), visit(unit=row_of(Unit, furnished).pk))

    assert answer.status_code == 302
    assert JournalEntry.objects.filter(actor="bob", action="visitor.announced").count() == 1


def test_a_holiday_is_entered_once(manager: Client, furnished: Condominium) -> None:
    data = {"date": "2026-12-08", "name": "Padroeira"}
    manager.post(address(Holiday, "add"), data)

    assert manager.post(address(Holiday, "add"), data).status_code == 200
    assert Holiday.objects.filter(name="Padroeira").count() == 1


def test_a_vehicle_says_that_it_is_inside_and_is_forgiven(manager: Client, furnished: Condominium) -> None:
    vehicle = row_of(Vehicle, furnished)
    Lane.objects.update(direction=Direction.IN)
    page = address(Vehicle, "change", vehicle.pk)
    assert ">since " in squashed(manager.get(page))

    forgive = address(Vehicle, "forgive", vehicle.pk)
    manager.post(forgive, {"sure": "yes"})

    assert ">not known to be<" in squashed(manager.get(page))
    assert JournalEntry.objects.filter(actor="alice", action="vehicle.forgiven").exists()
    assert Passage.objects.filter(vehicle=vehicle).exists()
    assert PermitWindow.objects.exists()


def test_charlie_forgives_nothing_here(furnished: Condominium, charlie: User, signed_in: SignedIn) -> None:
    vehicle = row_of(Vehicle, furnished)

    assert signed_in(charlie).post(address(Vehicle, "forgive", vehicle.pk), {"sure": "yes"}).status_code == 404
