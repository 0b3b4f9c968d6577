"""A program stops a gate with a reason, and gives it back; never another condominium's."""

import pytest
from rest_framework.test import APIClient

from gates.models import Gate
from premises.models import Condominium, JournalEntry
from tests.api.conftest import Rows, program


def test_a_gate_is_stopped_and_given_back(api: APIClient, mine: Rows) -> None:
    address = f"/api/v1/gates/{mine['gates'].pk}"
    assert api.post(f"{address}/hold", {"reason": "at work"}).json()["on_hold"] is True
    assert api.post(f"{address}/hold", {"reason": "at work"}).status_code == 200
    assert api.post(f"{address}/give-back", {"reason": "done"}).json()["on_hold"] is False
    actions = (
        JournalEntry.objects.filter(action__startswith="gate.").order_by("sequence").values_list("action", "actor")
    )
    assert list(actions) == [("gate.held", "API: a program"), ("gate.given_back", "API: a program")]


@pytest.mark.parametrize("what", ["hold", "give-back"])
def test_it_needs_a_reason_and_the_scope(api: APIClient, condominium: Condominium, mine: Rows, what: str) -> None:
    address = f"/api/v1/gates/{mine['gates'].pk}/{what}"
    assert api.post(address, {}).status_code == 400
    assert program(condominium, "devices.view", "devices.change").post(address, {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("what", ["hold", "give-back"])
def test_a_gate_elsewhere_does_not_exist(api: APIClient, mine: Rows, theirs: Rows, what: str) -> None:
    assert api.post(f"/api/v1/gates/{theirs['gates'].pk}/{what}", {"reason": "x"}).status_code == 404
    assert not Gate.objects.filter(on_hold=True).exists()
