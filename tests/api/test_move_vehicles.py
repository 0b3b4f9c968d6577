"""POST /api/v1/vehicles/propose and /<id>/approve, refuse, end, take-up; DELETE signs off what has passed."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from access.models import Passage, Permit, Vehicle
from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import Rows, program, signed_in

MOVES = ["approve", "refuse", "end", "take-up"]


def propose(api: APIClient, plate: str = "QWE1234", **more: Any) -> Any:
    return api.post("/api/v1/vehicles/propose", {"plate": plate, **more})


def move(api: APIClient, pk: int, verb: str, **body: Any) -> Any:
    return api.post(f"/api/v1/vehicles/{pk}/{verb}", body)


def last_action() -> str:
    return JournalEntry.objects.order_by("id").values_list("action", flat=True).last() or ""


def test_a_proposal_waits_until_it_is_approved(api: APIClient, mine: Rows) -> None:
    answer = propose(api, unit=mine["units"].pk)
    told = answer.json()
    assert (answer.status_code, told["state"], told["is_active"], told["unit"]) == (
        201,
        "waiting",
        False,
        mine["units"].pk,
    )
    assert (Permit.objects.filter(vehicle_id=told["id"]).count(), last_action()) == (0, "vehicle.proposed")
    assert api.get("/api/v1/vehicles", {"state": "waiting"}).json()["count"] == 1

    told = move(api, told["id"], "approve").json()
    assert (told["state"], told["is_active"]) == ("active", True)
    assert (Permit.objects.filter(vehicle_id=told["id"]).count(), last_action()) == (1, "vehicle.approved")


def test_a_refusal_keeps_its_reason(api: APIClient, condominium: Condominium) -> None:
    pk = propose(api).json()["id"]
    assert list(move(api, pk, "refuse").json()["errors"]) == ["reason"]
    told = move(api, pk, "refuse", reason="Not of this unit").json()
    assert (told["state"], told["ended_because"]) == ("ended", "Not of this unit")


def test_what_is_signed_off_is_taken_up_again_with_its_permits(api: APIClient, mine: Rows) -> None:
    pk = mine["vehicles"].pk
    told = move(api, pk, "end", reason="sold").json()
    assert (told["state"], told["ended_because"], told["ended_at"] is None) == ("ended", "sold", False)
    assert Permit.objects.filter(vehicle_id=pk, is_active=True).count() == 0
    told = move(api, pk, "take-up").json()
    assert (told["state"], told["ended_at"], told["ended_because"]) == ("active", None, "")
    assert Permit.objects.filter(vehicle_id=pk, is_active=True).count() == 1


@pytest.mark.parametrize("verb", ["approve", "refuse", "take-up"])
def test_what_does_not_fit_the_state_is_a_conflict(api: APIClient, mine: Rows, verb: str) -> None:
    answer = move(api, mine["vehicles"].pk, verb, reason="x")
    assert (answer.status_code, answer.json()["message"]) == (409, "ABC1C34 is in another state by now.")


def test_the_state_is_not_written_past_the_journal(api: APIClient, mine: Rows) -> None:
    address = f"/api/v1/vehicles/{mine['vehicles'].pk}"
    bodies: list[dict[str, Any]] = [{"is_active": False}, {"state": "ended"}, {"state": []}]
    for body in bodies:
        answer = api.patch(address, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(body))
    assert api.post("/api/v1/vehicles", {"plate": "QWE1234", "is_active": False}).status_code == 400
    assert api.patch(address, {"is_active": True, "state": "active", "colour": "blue"}).json()["colour"] == "blue"


def test_a_filter_by_activity_still_works(api: APIClient, mine: Rows) -> None:
    propose(api)
    for value, plates in (("true", ["ABC1C34"]), ("false", ["QWE1234"])):
        rows = api.get("/api/v1/vehicles", {"is_active": value}).json()["results"]
        assert [row["plate"] for row in rows] == plates


def test_contested_vehicles_are_found(api: APIClient, mine: Rows) -> None:
    Vehicle.objects.filter(pk=mine["vehicles"].pk).update(claimed_by=mine["people"])
    propose(api)
    (row,) = api.get("/api/v1/vehicles", {"contested": "true"}).json()["results"]
    assert (row["plate"], row["claimed_by"]) == ("ABC1C34", mine["people"].pk)
    assert api.get("/api/v1/vehicles", {"contested": "false"}).json()["count"] == 1


def test_a_plate_of_another_unit_is_refused_with_its_holder(api: APIClient, mine: Rows) -> None:
    for address in ("/api/v1/vehicles", "/api/v1/vehicles/propose"):
        answer = api.post(address, {"plate": "ABC1234"})
        assert (answer.status_code, answer.json()["errors"]["plate"]) == (
            400,
            ["ABC1234 is already registered, as ABC1C34, for A 101 · Owner of ABC1C34."],
        )


def test_what_has_passed_is_signed_off_instead_of_deleted(api: APIClient, mine: Rows) -> None:
    vehicle = mine["vehicles"]
    for _ in range(2):
        assert api.delete(f"/api/v1/vehicles/{vehicle.pk}").status_code == 204
    vehicle.refresh_from_db()
    assert (vehicle.state, Passage.objects.get().vehicle, last_action()) == ("ended", vehicle, "vehicle.ended")


def test_what_never_passed_is_deleted(api: APIClient, condominium: Condominium) -> None:
    pk = propose(api).json()["id"]
    assert api.delete(f"/api/v1/vehicles/{pk}").status_code == 204
    assert (Vehicle.objects.count(), last_action()) == (0, "vehicle.deleted")


@pytest.mark.parametrize("verb", MOVES)
def test_nobody_moves_a_vehicle_elsewhere_or_without_the_scope(
    api: APIClient, condominium: Condominium, bob: User, mine: Rows, theirs: Rows, verb: str
) -> None:
    """Charlie's vehicle, elsewhere, does not exist for Alice's program."""
    assert move(api, theirs["vehicles"].pk, verb, reason="x").status_code == 404
    for somebody in (program(condominium, "registry.view"), signed_in(bob)):
        assert move(somebody, mine["vehicles"].pk, verb, reason="x").status_code == 403
        assert propose(somebody).status_code == 403
    assert move(APIClient(), mine["vehicles"].pk, verb).status_code == 401
    assert set(Vehicle.objects.values_list("state", flat=True)) == {"active"}


def test_nothing_is_proposed_elsewhere(api: APIClient, theirs: Rows, elsewhere: Condominium) -> None:
    assert propose(api, condominium=elsewhere.pk).status_code == 400
    assert propose(api, owner=theirs["people"].pk).status_code == 400
    assert Vehicle.objects.filter(state="waiting").count() == 0
