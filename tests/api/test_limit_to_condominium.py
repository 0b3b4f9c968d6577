"""Nobody sees, changes or learns of another condominium's rows, on any address of the API."""

from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from access import urls as evidence_urls
from anpr_site import api_urls
from anpr_site.api_urls import router
from premises.models import Condominium, User
from tests.api.conftest import Rows, ids, plain, program, signed_in

RESOURCES = [prefix for prefix, _view, _name in router.registry]
WRITABLE = [prefix for prefix, view, _name in router.registry if hasattr(view, "perform_create")]
METHODS = ["get", "put", "patch", "delete", "post"]


def names(patterns: list[Any]) -> set[str]:
    """The names of all addresses below some patterns."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
    return found


OURS = (api_urls, evidence_urls)

# Every address that is no plain list or row, and the test that shows its walls.
ALONE = {
    "gate-open": "test_open_gate.py",
    "key-end": "test_give_keys.py",
    "gate-hold": "test_stop_gate.py",
    "gate-give-back": "test_stop_gate.py",
    "gate-hold-open": "test_order_standing.py",
    "gate-lock-down": "test_order_standing.py",
    "gate-release": "test_order_standing.py",
    "gate-orders": "test_order_standing.py",
    "lane-shadow": "test_compare_in_shadow.py",
    "lane-tolerance": "test_estimate_tolerance.py",
    "vehicle-lookup": "test_look_up_plate.py",
    "vehicle-import": "test_import_vehicles.py",
    "permit-visits": "test_announce_visitor.py",
    "vehicle-export-list": "test_export_vehicles.py",
    "vehicle-propose": "test_move_vehicles.py",
    "vehicle-approve": "test_move_vehicles.py",
    "vehicle-refuse": "test_move_vehicles.py",
    "vehicle-end": "test_move_vehicles.py",
    "vehicle-take-up": "test_move_vehicles.py",
    "passage-correct": "test_correct_passage.py",
    "passage-story": "test_tell_story.py",
    "upload-camera-image": "test_upload_picture.py",
    "check-license-plate": "test_check_plate.py",
    "health": "test_answer_health.py",
    "evidence": "test_show_evidence.py",
    "opening_photo": "test_show_evidence.py",
    "schema": "test_describe_api.py",
    "docs": "test_describe_api.py",
}


def test_every_address_of_the_api_has_such_a_test(request: pytest.FixtureRequest) -> None:
    rows = {f"{name}-{kind}" for _prefix, _view, name in router.registry for kind in ("list", "detail")}
    below = [p for p in get_resolver().url_patterns if getattr(p, "urlconf_name", None) in OURS]
    assert names(below) == rows | set(ALONE)
    for file in ALONE.values():
        assert "elsewhere" in (request.path.parent / file).read_text(encoding="utf-8")


def test_every_resource_is_furnished(mine: Rows) -> None:
    assert sorted(mine) == sorted(RESOURCES)


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_holds_the_rows_of_the_own_condominium_only(
    api: APIClient, stranger: APIClient, mine: Rows, theirs: Rows, resource: str
) -> None:
    own, other = ids(api.get(f"/api/v1/{resource}")), ids(stranger.get(f"/api/v1/{resource}"))
    assert plain(mine[resource].pk) in own
    assert plain(theirs[resource].pk) in other
    assert not set(own) & set(other)


@pytest.mark.parametrize("resource", RESOURCES)
def test_charlie_sees_his_own_and_nothing_of_alices(
    alice: User, charlie: User, mine: Rows, theirs: Rows, resource: str
) -> None:
    assert plain(mine[resource].pk) in ids(signed_in(alice).get(f"/api/v1/{resource}"))
    assert plain(mine[resource].pk) not in ids(signed_in(charlie).get(f"/api/v1/{resource}"))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_row_of_another_condominium_does_not_exist(
    api: APIClient, mine: Rows, theirs: Rows, resource: str, method: str
) -> None:
    own = getattr(api, method)(f"/api/v1/{resource}/{mine[resource].pk}", {})
    other = getattr(api, method)(f"/api/v1/{resource}/{theirs[resource].pk}", {})
    allowed = method == "get" or (resource in WRITABLE and method in ("patch", "delete"))
    assert other.status_code == (404 if allowed else 405)
    assert own.status_code in ((200, 204, 409) if allowed else (405,))
    theirs[resource].refresh_from_db()  # raises if it were gone


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_a_resource_can_do_names_no_row(api: APIClient, mine: Rows, theirs: Rows, resource: str) -> None:
    answer = api.options(f"/api/v1/{resource}")
    assert answer.status_code == 200
    assert "XYZ9J87" not in answer.content.decode()
    assert api.options(f"/api/v1/{resource}/{theirs[resource].pk}").status_code == 200


@pytest.mark.parametrize("resource", RESOURCES)
def test_nobody_signed_in_sees_nothing(client: Any, mine: Rows, resource: str) -> None:
    for address in (f"/api/v1/{resource}", f"/api/v1/{resource}/{mine[resource].pk}"):
        answer = client.get(address)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
        assert set(answer.json()) == {"message", "code"}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_token_without_the_scope_is_refused(condominium: Condominium, mine: Rows, resource: str) -> None:
    api = program(condominium, "pictures.upload")
    assert api.get(f"/api/v1/{resource}").status_code == 403
    assert api.get(f"/api/v1/{resource}/{mine[resource].pk}").status_code == 403


@pytest.mark.parametrize("resource", WRITABLE)
def test_a_token_that_may_only_read_changes_nothing(condominium: Condominium, mine: Rows, resource: str) -> None:
    api = program(condominium, "registry.view", "devices.view")
    address = f"/api/v1/{resource}/{mine[resource].pk}"
    assert api.get(address).status_code == 200
    assert api.post(f"/api/v1/{resource}", {}).status_code == 403
    assert api.patch(address, {}).status_code == 403
    assert api.delete(address).status_code == 403
    mine[resource].refresh_from_db()


def test_bob_the_guard_reads_but_does_not_change(bob: User, mine: Rows) -> None:
    api = signed_in(bob)
    assert api.get("/api/v1/vehicles").status_code == 200
    assert api.patch(f"/api/v1/vehicles/{mine['vehicles'].pk}", {"note": "x"}).status_code == 403
    assert api.get("/api/v1/journal").status_code == 403


def test_a_guard_here_who_manages_elsewhere_changes_nothing_here(
    charlie: User, condominium: Condominium, mine: Rows
) -> None:
    charlie.memberships.create(condominium=condominium, role="guard")
    answer = signed_in(charlie).patch(f"/api/v1/vehicles/{mine['vehicles'].pk}", {"note": "x"})
    assert answer.status_code == 404


FOREIGN = [
    ("people", {"name": "Somebody", "unit": "units"}),
    ("vehicles", {"plate": "ABC1D99", "unit": "units"}),
    ("vehicles", {"plate": "ABC1D99", "owner": "people"}),
    ("cameras", {"name": "Second", "channel": 2, "recorder": "recorders"}),
    ("gates", {"name": "Second", "relay": 2, "controller": "controllers"}),
    ("lanes", {"name": "Second", "camera": "cameras"}),
    ("permits", {"vehicle": "vehicles"}),
    ("keys", {"number": "77", "holder": "Somebody", "unit": "units"}),
    ("keys", {"number": "77", "holder": "Somebody", "vehicle": "vehicles"}),
    ("travel-times", {"one": "lanes", "other": "lanes", "seconds": 60}),
]


def with_rows(body: dict[str, Any], rows: Rows) -> dict[str, Any]:
    """A body in which the names of resources stand for the numbers of their rows."""
    return {key: rows[value].pk if value in RESOURCES else value for key, value in body.items()}


@pytest.mark.parametrize(("resource", "body"), FOREIGN)
def test_a_row_is_not_tied_to_another_condominiums(
    api: APIClient, mine: Rows, theirs: Rows, resource: str, body: dict[str, Any]
) -> None:
    named = [key for key, value in body.items() if value in RESOURCES]
    answer = api.post(f"/api/v1/{resource}", with_rows(body, theirs))
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == named


@pytest.mark.parametrize(("resource", "body"), FOREIGN)
def test_who_manages_two_condominiums_does_not_tie_them_together(
    alice: User, elsewhere: Condominium, mine: Rows, theirs: Rows, resource: str, body: dict[str, Any]
) -> None:
    alice.memberships.create(condominium=elsewhere, role="manager")
    here = {"condominium": mine["condominiums"].pk}
    answer = signed_in(alice).post(f"/api/v1/{resource}", {**with_rows(body, theirs), **here})
    assert answer.status_code == 400
    assert "another condominium" in answer.json()["message"]


def test_permits_take_lanes_of_the_same_condominium_only(api: APIClient, mine: Rows, theirs: Rows) -> None:
    body = {"vehicle": mine["vehicles"].pk, "lanes": [mine["lanes"].pk, theirs["lanes"].pk]}
    answer = api.post("/api/v1/permits", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["lanes"])
