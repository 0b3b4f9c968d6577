"""GET /api/v1/vehicles/lookup/<plate>: whose vehicle is this?"""

import pytest
from rest_framework.test import APIClient

from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import Rows, program, signed_in


@pytest.mark.parametrize("spelling", ["ABC1C34", "ABC1234", "abc-1234"])
def test_either_spelling_tells_unit_owner_contact_and_place(
    condominium: Condominium, mine: Rows, spelling: str
) -> None:
    answer = program(condominium, "registry.view").get(f"/api/v1/vehicles/lookup/{spelling}")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("vehicle")["id"] == mine["vehicles"].pk
    assert told == {
        "plate": spelling.upper().replace("-", ""),
        "registered": True,
        "unit": "A 101",
        "owner": "Owner of ABC1C34",
        "contact": "+55 11 5555-0100",
        "place": {"country": "BR", "code": "PR", "name": "Paraná"},
        "watchlist": None,
    }


def test_a_vehicle_elsewhere_is_unknown_here(api: APIClient, mine: Rows, theirs: Rows) -> None:
    told = api.get("/api/v1/vehicles/lookup/XYZ9J87").json()
    assert (told["registered"], told["vehicle"], told["unit"], told["owner"], told["contact"]) == (
        False, None, "", "", "",
    )  # fmt: skip


def test_the_watch_list_is_told(api: APIClient, mine: Rows) -> None:
    assert api.get("/api/v1/vehicles/lookup/BAD0B00").json()["watchlist"] == "stolen"


@pytest.mark.parametrize("plate", ["AB", "ABCDEFGHIJK", "🚗🚗🚗🚗", "АВС1234", "%20", "---"])
def test_what_cannot_be_a_plate_is_refused(api: APIClient, plate: str) -> None:
    answer = api.get(f"/api/v1/vehicles/lookup/{plate}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["plate"])


def test_who_manages_two_condominiums_names_the_one(
    alice: User, elsewhere: Condominium, mine: Rows, theirs: Rows
) -> None:
    alice.memberships.create(condominium=elsewhere, role="manager")
    api, address = signed_in(alice), "/api/v1/vehicles/lookup/XYZ9J87"
    assert api.get(address).status_code == 400
    assert api.get(address, {"condominium": mine["condominiums"].pk}).json()["registered"] is False
    assert api.get(address, {"condominium": elsewhere.pk}).json()["registered"] is True


@pytest.mark.parametrize("named", ["999999", "x", "-1", "9" * 40])
def test_a_condominium_that_is_not_yours_is_refused(api: APIClient, mine: Rows, named: str) -> None:
    answer = api.get("/api/v1/vehicles/lookup/ABC1C34", {"condominium": named})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])


def test_who_asked_is_in_the_journal_once(api: APIClient, mine: Rows) -> None:
    for _ in range(2):
        api.get("/api/v1/vehicles/lookup/ABC1C34")
    entry = JournalEntry.objects.get(action="owner.looked_up")
    assert entry.subject == "ABC1C34"
