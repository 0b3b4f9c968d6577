"""GET /api/v1/lanes/<id>/tolerance: what each policy would cost there."""

import pytest
from rest_framework.test import APIClient

from access.models import Vehicle
from premises.models import Condominium, User
from tests.api.conftest import Rows, program, signed_in


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("access.api_lanes.ESTIMATED", 30)


def address(rows: Rows) -> str:
    return f"/api/v1/lanes/{rows['lanes'].pk}/tolerance"


def test_every_policy_has_its_price(condominium: Condominium, mine: Rows) -> None:
    Vehicle.objects.create(condominium=condominium, plate="QQA1B23")
    Vehicle.objects.create(condominium=condominium, plate="QQA1B28")

    answer = program(condominium, "registry.view").get(address(mine))

    assert answer.status_code == 200
    told = answer.json()
    assert (told["vehicles"], told["own"]) == (Vehicle.objects.filter(condominium=condominium).count(), False)
    assert [(row["policy"], row["agreeing"]) for row in told["policies"]] == [
        ("exact", None), ("strict", None), ("balanced", None), ("agreeing", 6), ("agreeing", 5),
    ]  # fmt: skip
    assert [row["policy"] for row in told["policies"] if row["chosen"]] == ["balanced"]
    assert told["alike"] == [{"one": "QQA1B23", "other": "QQA1B28", "similar": True}]


def test_without_brazilian_plates_there_is_nothing_to_estimate(condominium: Condominium, mine: Rows) -> None:
    Vehicle.objects.filter(condominium=condominium).delete()

    answer = program(condominium, "registry.view").get(address(mine))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["lane"])


def test_a_lane_elsewhere_does_not_exist(stranger: APIClient, charlie: User, mine: Rows) -> None:
    for api in (stranger, signed_in(charlie)):
        assert api.get(address(mine)).status_code == 404


def test_who_may_not_see_the_registry_may_not_see_what_is_alike_in_it(condominium: Condominium, mine: Rows) -> None:
    assert program(condominium, "devices.view").get(address(mine)).status_code == 403
