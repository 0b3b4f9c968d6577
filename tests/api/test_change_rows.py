"""Adding, changing and deleting rows: checked like the forms are, and written into the journal."""

from typing import Any

import pytest
from django_celery_beat.models import PeriodicTask
from rest_framework.test import APIClient

from access.models import Lane, Permit, Vehicle, WatchlistEntry
from gates.models import Gate
from premises.models import Condominium, JournalEntry, Unit, User
from tests.api.conftest import Rows, signed_in


def journal() -> list[tuple[str, str, str, dict[str, Any]]]:
    rows = JournalEntry.objects.exclude(action="test.furnished").order_by("id")
    return [(row.actor, row.action, row.subject, row.data) for row in rows]


def test_a_unit_is_added_changed_and_deleted_and_the_journal_says_so(alice: User, condominium: Condominium) -> None:
    api = signed_in(alice)
    answer = api.post("/api/v1/units", {"block": "B", "number": "7"})
    assert answer.status_code == 201
    pk = answer.json()["id"]
    own = {"id": pk, "condominium": condominium.pk}
    assert answer.json() == own | {"block": "B", "number": "7", "places": None, "note": ""}
    assert api.patch(f"/api/v1/units/{pk}", {"note": "x", "number": "7"}).json()["note"] == "x"
    assert api.delete(f"/api/v1/units/{pk}").status_code == 204
    assert journal() == [
        ("alice", "unit.added", "B 7", {"fields": ["block", "condominium", "number"]}),
        ("alice", "unit.changed", "B 7", {"fields": ["note"]}),
        ("alice", "unit.deleted", "B 7", {}),
    ]


def test_a_twin_is_refused(api: APIClient, mine: Rows) -> None:
    answer = api.post("/api/v1/units", {"block": "A", "number": "101"})
    assert answer.status_code == 400
    assert answer.json()["message"] == "Unit with this Condominium, Block and Number already exists."
    assert list(answer.json()["errors"]) == ["non_field_errors"]
    assert Unit.objects.count() == 1


def test_the_same_name_elsewhere_is_no_twin(api: APIClient, theirs: Rows) -> None:
    assert api.post("/api/v1/units", {"block": "A", "number": "101"}).status_code == 201


def test_a_row_stays_in_its_condominium(alice: User, elsewhere: Condominium, mine: Rows) -> None:
    alice.memberships.create(condominium=elsewhere, role="manager")
    answer = signed_in(alice).patch(f"/api/v1/units/{mine['units'].pk}", {"condominium": elsewhere.pk})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])


def test_who_manages_two_condominiums_names_the_one(
    alice: User, condominium: Condominium, elsewhere: Condominium
) -> None:
    alice.memberships.create(condominium=elsewhere, role="manager")
    api = signed_in(alice)
    answer = api.post("/api/v1/units", {"number": "7"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])
    assert api.post("/api/v1/units", {"number": "7", "condominium": elsewhere.pk}).status_code == 201
    assert Unit.objects.get().condominium == elsewhere


def test_a_condominium_of_others_cannot_be_named(api: APIClient, elsewhere: Condominium) -> None:
    answer = api.post("/api/v1/units", {"number": "7", "condominium": elsewhere.pk})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])
    assert Unit.objects.count() == 0


def test_what_is_in_use_is_not_deleted(api: APIClient, mine: Rows) -> None:
    for resource in ("lanes", "gates", "recorders"):
        answer = api.delete(f"/api/v1/{resource}/{mine[resource].pk}")
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert "still in use by:" in answer.json()["message"]
        mine[resource].refresh_from_db()
    assert journal() == []


# --- vehicles, permits, the watch-list ---


def test_a_vehicle_is_registered_with_a_permit(api: APIClient, mine: Rows) -> None:
    body = {"plate": "qwe-1234", "unit": mine["units"].pk, "owner": mine["people"].pk, "make": "Fusca"}
    answer = api.post("/api/v1/vehicles", body)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["plate"], told["plate_old"], told["plate_mercosul"]) == ("QWE1234", "QWE1234", "QWE1C34")
    assert (told["unit"], told["owner"], told["make"]) == (mine["units"].pk, mine["people"].pk, "Fusca")
    assert Permit.objects.filter(vehicle_id=told["id"]).count() == 1
    assert [entry[:3] for entry in journal()] == [("API: a program", "vehicle.registered", "QWE1234")]


def test_a_vehicle_may_come_without_a_permit(api: APIClient, condominium: Condominium) -> None:
    told = api.post("/api/v1/vehicles", {"plate": "QWE1234", "permit": False}).json()
    assert (told["state"], told["is_active"], Permit.objects.count()) == ("active", True, 0)


@pytest.mark.parametrize("plate", ["ABC1C34", "ABC1234", "abc-1234"])
def test_a_registered_plate_is_not_registered_again_in_either_spelling(api: APIClient, mine: Rows, plate: str) -> None:
    answer = api.post("/api/v1/vehicles", {"plate": plate})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["plate"])
    assert Vehicle.objects.count() == 1


@pytest.mark.parametrize("resource", ["vehicles", "watchlist"])
@pytest.mark.parametrize("plate", ["", "AB", "🚗🚗🚗🚗", "АВС1234", "ABCDEFGHIJK", None, 7, ["ABC1D23"]])
def test_what_is_no_plate_is_refused(api: APIClient, condominium: Condominium, resource: str, plate: object) -> None:
    answer = api.post(f"/api/v1/{resource}", {"plate": plate})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["plate"])


def test_a_vehicle_keeps_its_plate(api: APIClient, mine: Rows) -> None:
    address = f"/api/v1/vehicles/{mine['vehicles'].pk}"
    assert api.patch(address, {"plate": "abc1c34", "colour": "blue"}).json()["colour"] == "blue"
    answer = api.patch(address, {"plate": "QWE1234"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["plate"])


def test_a_permit_is_given_to_new_vehicles_only(api: APIClient, mine: Rows) -> None:
    answer = api.patch(f"/api/v1/vehicles/{mine['vehicles'].pk}", {"permit": True})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["permit"])


def test_a_vehicle_is_found_by_either_spelling(api: APIClient, mine: Rows) -> None:
    for plate in ("ABC1C34", "abc-1234"):
        assert api.get("/api/v1/vehicles", {"plate": plate}).json()["count"] == 1
    assert api.get("/api/v1/vehicles", {"plate": "QWE1234"}).json()["count"] == 0
    assert api.get("/api/v1/vehicles", {"plate": "🚗🚗🚗🚗"}).status_code == 400


def test_a_watched_plate_is_one_vehicle_too(api: APIClient, condominium: Condominium) -> None:
    answer = api.post("/api/v1/watchlist", {"plate": "qwe-1234", "kind": "stolen"})
    assert (answer.status_code, answer.json()["plate"]) == (201, "QWE1234")
    assert WatchlistEntry.objects.get().plate_key == "QWE1C34"
    answer = api.post("/api/v1/watchlist", {"plate": "QWE1C34"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["plate"])
    pk = WatchlistEntry.objects.get().pk
    assert api.patch(f"/api/v1/watchlist/{pk}", {"plate": "QWE1C35"}).json()["plate"] == "QWE1C35"
    assert WatchlistEntry.objects.get().plate_key == "QWE1C35"


def test_a_permit_with_lanes_and_times(api: APIClient, mine: Rows) -> None:
    body = {
        "vehicle": mine["vehicles"].pk,
        "lanes": [mine["lanes"].pk],
        "valid_from": "2026-11-21T08:00:00-03:00",
        "valid_until": "2026-11-21T23:00:00Z",
    }
    answer = api.post("/api/v1/permits", body)
    assert answer.status_code == 201
    assert answer.json()["valid_until"] == "2026-11-21T20:00:00-03:00"
    permit = Permit.objects.get(pk=answer.json()["id"])
    assert list(permit.lanes.all()) == [mine["lanes"]]
    assert api.patch(f"/api/v1/permits/{permit.pk}", {"lanes": []}).json()["lanes"] == []
    assert journal()[-1][3] == {"fields": ["lanes"]}


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"valid_from": "2026-11-21T08:00:00"}, "valid_from"),
        ({"valid_until": "tomorrow"}, "valid_until"),
        ({"valid_until": "9999-12-31T23:59:59-12:00"}, "valid_until"),
        ({"valid_from": "2026-11-21T08:00:00Z", "valid_until": "2026-11-21T08:00:00Z"}, "valid_until"),
    ],
)
def test_a_permit_of_impossible_times_is_refused(api: APIClient, mine: Rows, times: dict[str, str], field: str) -> None:
    answer = api.post("/api/v1/permits", {"vehicle": mine["vehicles"].pk, **times})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


# --- gates and lanes ---


def test_a_gate_is_not_put_on_hold_without_a_word(api: APIClient, mine: Rows) -> None:
    assert api.patch(f"/api/v1/gates/{mine['gates'].pk}", {"on_hold": True}).json()["on_hold"] is False
    assert journal() == []


def test_a_misspelt_field_is_refused_instead_of_ignored(api: APIClient, mine: Rows) -> None:
    answer = api.patch(f"/api/v1/gates/{mine['gates'].pk}", {"on_holdd": True})
    assert (answer.status_code, answer.json()["message"]) == (400, "on_holdd: There is no such field.")


def test_what_was_told_may_be_sent_back(api: APIClient, mine: Rows) -> None:
    for resource in ("units", "people", "recorders", "cameras", "gates", "lanes", "vehicles", "permits", "watchlist"):
        address = f"/api/v1/{resource}/{mine[resource].pk}"
        told = api.get(address).json()
        answer = api.patch(address, told)
        assert (answer.status_code, answer.json()) == (200, told)
    assert journal() == []


@pytest.mark.parametrize("field", ["pulse_ms", "life_ms", "relay"])
def test_a_gate_keeps_to_its_limits(api: APIClient, mine: Rows, field: str) -> None:
    for value in (-1, 10**6, 10**30, "x"):
        answer = api.patch(f"/api/v1/gates/{mine['gates'].pk}", {field: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Gate.objects.filter(pk=mine["gates"].pk, pulse_ms=500, life_ms=5000, relay=1).exists()


def test_a_lane_follows_its_switch_into_the_timetable(api: APIClient, mine: Rows) -> None:
    body = {"name": "Exit", "camera": mine["cameras"].pk, "direction": "out", "interval": "0.50"}
    pk = api.post("/api/v1/lanes", body).json()["id"]
    assert PeriodicTask.objects.filter(name=f"lane {pk}", enabled=True).count() == 1
    assert api.patch(f"/api/v1/lanes/{pk}", {"is_active": False}).status_code == 200
    assert PeriodicTask.objects.count() == 0
    assert api.patch(f"/api/v1/lanes/{pk}", {"is_active": True}).status_code == 200
    assert api.delete(f"/api/v1/lanes/{pk}").status_code == 204
    assert (PeriodicTask.objects.count(), Lane.objects.filter(pk=pk).exists()) == (0, False)


def test_a_lane_in_use_stays_in_the_timetable(api: APIClient, mine: Rows) -> None:
    api.patch(f"/api/v1/lanes/{mine['lanes'].pk}", {"gap_seconds": 7})
    assert api.delete(f"/api/v1/lanes/{mine['lanes'].pk}").status_code == 409
    assert PeriodicTask.objects.count() == 1


# --- numbers that are none ---


@pytest.mark.parametrize("pk", ["0", "-1", "x", "1.5", "9" * 30, "%00", "🚗", "null"])
@pytest.mark.parametrize("resource", ["units", "passages", "gate-commands"])
def test_a_number_that_is_none_is_not_found(api: APIClient, mine: Rows, resource: str, pk: str) -> None:
    answer = api.get(f"/api/v1/{resource}/{pk}")
    assert (answer.status_code, set(answer.json())) == (404, {"message", "code"})


@pytest.mark.parametrize("pk", [0, -1, "x", 10**30, 1.5, True, {}, [], "\0"])
def test_a_reference_that_is_none_is_refused(api: APIClient, mine: Rows, pk: object) -> None:
    answer = api.post("/api/v1/people", {"name": "Somebody", "unit": pk})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["unit"])


# --- a lane's region ------------------------------------------------------------------------------------


def test_a_region_is_written_and_read_and_the_journal_says_so(alice: User, mine: Rows) -> None:
    api, url = signed_in(alice), f"/api/v1/lanes/{mine['lanes'].pk}"
    assert api.get(url).json()["region"] == []
    answer = api.patch(url, {"region": [0.1, 0.2, 0.50004, 0.6]})
    assert (answer.status_code, answer.json()["region"]) == (200, [0.1, 0.2, 0.5, 0.6])
    assert journal()[-1][1:] == ("lane.changed", str(mine["lanes"]), {"fields": ["region"]})
    assert api.patch(url, {"region": []}).json()["region"] == []


@pytest.mark.parametrize(
    "region",
    [
        [0.1, 0.2, 0.5],
        [0.1, 0.2, 0.5, 0.6, 0.1],
        [0.6, 0, 0.6, 1],
        [0, 0, 0.05, 1],
        [-0.1, 0, 0.5, 0.5],
        ["nan", 0, 0.5, 0.5],
        [0, 0, 0.5, "nan"],
        [0, 0, "inf", 0.5],
        ["left", 0, 0.5, 0.5],
        "everywhere",
        {"left": 0},
        None,
    ],
)
def test_what_is_no_region_is_refused(alice: User, mine: Rows, region: Any) -> None:
    answer = signed_in(alice).patch(f"/api/v1/lanes/{mine['lanes'].pk}", {"region": region})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["region"])
    mine["lanes"].refresh_from_db()
    assert mine["lanes"].region == []
