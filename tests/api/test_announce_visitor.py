"""POST /api/v1/permits/visits, and permits with hours."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from access.models import Permit, Vehicle
from premises.models import Condominium, User
from tests.api.conftest import Rows, program, signed_in

VISITS = "/api/v1/permits/visits"


def visit(rows: Rows, **values: Any) -> dict[str, Any]:
    return {"plate": "dor-4a12", "host": rows["units"].pk, "holder": "Dora", "single_entry": True} | values


def test_announces_a_visitor(api: APIClient, mine: Rows) -> None:
    answer = api.post(VISITS, visit(mine, valid_until="2027-01-01T10:00:00-03:00"), format="json")

    assert answer.status_code == 201
    told = answer.json()
    assert (told["kind"], told["host"], told["holder"], told["single_entry"]) == (
        "visitor", mine["units"].pk, "Dora", True,
    )  # fmt: skip
    assert Vehicle.objects.get(pk=told["vehicle"]).plate == "DOR4A12"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"plate": "🚗"}, "plate"),
        ({"plate": "ABC1C34"}, "plate"),
        ({"single_entry": False}, "valid_until"),
        ({"host": 99999}, "host"),
        ({"lanes": [99999]}, "lanes"),
        ({"valid_until": "soon"}, "valid_until"),
    ],
)
def test_what_is_no_visit_is_refused(api: APIClient, mine: Rows, wrong: dict[str, Any], field: str) -> None:
    before = Permit.objects.count()

    answer = api.post(VISITS, visit(mine) | wrong, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Permit.objects.count() == before


def test_nobody_is_announced_for_a_unit_elsewhere(
    api: APIClient, mine: Rows, theirs: Rows, elsewhere: Condominium
) -> None:
    assert api.post(VISITS, visit(theirs), format="json").status_code == 400
    assert api.post(VISITS, visit(mine, lanes=[theirs["lanes"].pk]), format="json").status_code == 400
    assert not Permit.objects.filter(condominium=elsewhere, kind="visitor").exists()


def test_a_token_that_may_only_read_announces_nobody(condominium: Condominium, mine: Rows) -> None:
    assert program(condominium, "registry.view").post(VISITS, visit(mine), format="json").status_code == 403


@pytest.mark.parametrize("scopes", [("visits.announce", "registry.view"), ("registry.change", "registry.view")])
def test_a_token_for_visitors_announces_and_so_does_one_for_the_registry(
    condominium: Condominium, mine: Rows, scopes: tuple[str, ...]
) -> None:
    assert program(condominium, *scopes).post(VISITS, visit(mine), format="json").status_code == 201


def test_a_token_for_visitors_changes_nothing_else(condominium: Condominium, mine: Rows) -> None:
    api = program(condominium, "visits.announce", "registry.view")
    assert api.post("/api/v1/vehicles", {"plate": "DOR4A13"}, format="json").status_code == 403
    assert api.post("/api/v1/permits", {"vehicle": mine["vehicles"].pk}, format="json").status_code == 403


def test_the_guard_announces_visitors_and_changes_no_register(bob: User, mine: Rows) -> None:
    guard = signed_in(bob)
    assert guard.post(VISITS, visit(mine), format="json").status_code == 201
    assert guard.post("/api/v1/vehicles", {"plate": "DOR4A13"}, format="json").status_code == 403


def test_who_keeps_two_condominiums_does_not_mix_them(
    alice: User, mine: Rows, theirs: Rows, elsewhere: Condominium
) -> None:
    alice.memberships.create(condominium=elsewhere, role="manager")

    answer = signed_in(alice).post(VISITS, visit(mine, lanes=[theirs["lanes"].pk]), format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["lanes"])


HOURS = [{"days": [0, 1, 2, 3, 4], "begins": "08:00", "ends": "18:00"}]


def test_a_permit_has_hours(api: APIClient, mine: Rows) -> None:
    data = {"vehicle": mine["vehicles"].pk, "windows": HOURS, "on_holidays": "sunday"}

    told = api.post("/api/v1/permits", data, format="json").json()

    assert (told["windows"], told["on_holidays"]) == (HOURS, "sunday")
    address = f"/api/v1/permits/{told['id']}"
    assert api.patch(address, {"note": "x"}, format="json").json()["windows"] == HOURS
    assert api.patch(address, {"windows": []}, format="json").json()["windows"] == []


@pytest.mark.parametrize("days", [[], [7], ["x"], None])
def test_hours_of_no_day_are_refused(api: APIClient, mine: Rows, days: Any) -> None:
    windows = [HOURS[0] | {"days": days}]

    answer = api.post("/api/v1/permits", {"vehicle": mine["vehicles"].pk, "windows": windows}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["windows"])
