"""Keys over the API: a code comes out once, digits never do, and nothing of another condominium is reached."""

import pytest
from rest_framework.test import APIClient

from access.models import Key
from premises.models import Condominium, User
from tests.api.conftest import Rows, program, signed_in

pytestmark = pytest.mark.django_db


def test_a_tag_is_registered(api: APIClient, mine: Rows) -> None:
    answer = api.post("/api/v1/keys", {"number": "188,24910", "holder": "Maria", "unit": mine["units"].pk})
    assert answer.status_code == 201
    assert (answer.json()["ending"], answer.json()["code"], answer.json()["gates"]) == ("678", "", [])
    assert "12345678" not in answer.content.decode()


def test_a_code_is_drawn_and_comes_out_once(api: APIClient, mine: Rows) -> None:
    made = api.post("/api/v1/keys", {"kind": "code", "holder": "The cleaner", "gates": [mine["gates"].pk]}).json()
    assert len(made["code"]) == 6
    assert made["gates"] == [mine["gates"].pk]
    assert made["code"] not in api.get(f"/api/v1/keys/{made['id']}").content.decode()


@pytest.mark.parametrize("number", ["", "abc", "99999999999"])
def test_a_number_that_is_none_is_refused_by_its_name(api: APIClient, number: str) -> None:
    answer = api.post("/api/v1/keys", {"number": number, "holder": "Maria"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["number"])


def test_a_key_keeps_its_number(api: APIClient, mine: Rows) -> None:
    for change in ({"kind": "code"}, {"number": "77"}):
        answer = api.patch(f"/api/v1/keys/{mine['keys'].pk}", change)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(change))


def test_it_is_taken_back_once(api: APIClient, mine: Rows) -> None:
    address = f"/api/v1/keys/{mine['keys'].pk}/end"
    assert api.post(address, {"reason": "lost"}).json()["ended_because"] == "lost"
    assert api.post(address, {}).status_code == 409


def test_it_is_not_deleted(api: APIClient, mine: Rows) -> None:
    assert api.delete(f"/api/v1/keys/{mine['keys'].pk}").status_code == 409
    assert Key.objects.filter(pk=mine["keys"].pk).exists()


def test_one_from_elsewhere_does_not_exist(api: APIClient, mine: Rows, theirs: Rows, elsewhere: Condominium) -> None:
    assert api.post(f"/api/v1/keys/{theirs['keys'].pk}/end", {}).status_code == 404
    theirs["keys"].refresh_from_db()
    assert theirs["keys"].is_active


def test_the_guard_takes_none_back(bob: User, mine: Rows) -> None:
    assert signed_in(bob).post(f"/api/v1/keys/{mine['keys'].pk}/end", {}).status_code == 403


def test_a_token_that_may_only_read_takes_none_back(condominium: Condominium, mine: Rows) -> None:
    api = program(condominium, "registry.view")
    assert api.post(f"/api/v1/keys/{mine['keys'].pk}/end", {}).status_code == 403


def test_uses_are_filtered_by_gate_and_key(api: APIClient, mine: Rows) -> None:
    use = mine["key-uses"]
    for query in (f"gate={use.gate_id}", f"key={use.key_ref}", "what=opened", "offline=true"):
        assert [row["id"] for row in api.get(f"/api/v1/key-uses?{query}").json()["results"]] == [use.pk]
    assert api.get("/api/v1/key-uses?what=unknown").json()["results"] == []
