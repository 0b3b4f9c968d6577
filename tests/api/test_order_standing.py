"""A program holds a gate open until a time, locks it down and frees it, with a reason; never another condominium's."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from gates.models import Controller, Gate, StandingOrder
from premises.models import Condominium, JournalEntry
from tests.api.conftest import Rows, program


def address(rows: Rows, what: str = "") -> str:
    return f"/api/v1/gates/{rows['gates'].pk}{what}"


@pytest.fixture
def heard(mine: Rows) -> Gate:
    """Its controller is heard, and takes orders."""
    gate: Gate = mine["gates"]
    Controller.objects.filter(gates=gate).update(
        online=True, session="00112233445566aa", heard_at=timezone.now(), uptime_ms=60_000, firmware="1.2"
    )
    return gate


def until(**more: float) -> str:
    return (timezone.now() + timedelta(**more)).isoformat()


def test_a_gate_is_held_open_and_let_go(api: APIClient, mine: Rows, heard: Gate) -> None:
    answer = api.post(address(mine, "/hold-open"), {"until": until(minutes=15), "reason": "a removal van"})
    assert answer.status_code == 200, answer.json()
    shown = answer.json()
    assert (shown["standing"], shown["on_board"], shown["standing_by"]) == ("open", "free", "API: a program")
    assert api.post(address(mine, "/release"), {"reason": "it is in"}).json()["standing"] == "free"
    actions = JournalEntry.objects.filter(action__startswith="gate.").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == ["gate.held_open", "gate.let_go"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until": "2026-11-22T10:00:00"}, "no zone"),
        ({"until": "soon"}, "until"),
        ({}, "until"),
        ({"hours": 5}, "four hours"),
        ({"hours": -1}, "over already"),
    ],
)
def test_a_time_that_will_not_do_is_said(
    api: APIClient, mine: Rows, heard: Gate, fields: dict[str, float | str], said: str
) -> None:
    when = {"until": until(hours=float(fields["hours"]))} if "hours" in fields else fields
    answer = api.post(address(mine, "/hold-open"), {**when, "reason": "a removal van"})
    assert answer.status_code == 400
    assert said in str(answer.json())


def test_what_cannot_be_held_open_now_says_why(api: APIClient, mine: Rows) -> None:
    answer = api.post(address(mine, "/hold-open"), {"until": until(minutes=15), "reason": "a removal van"})
    assert (answer.status_code, "is not heard" in str(answer.json())) == (400, True)


def test_a_gate_is_locked_down_and_freed(api: APIClient, mine: Rows) -> None:
    assert api.post(address(mine, "/lock-down"), {"reason": "robbers"}).json()["standing"] == "locked"
    assert api.post(address(mine, "/open"), {"reason": "a guest"}).json()["problem"] == "locked_down"
    assert api.post(address(mine, "/release"), {"reason": "over"}).json()["standing"] == "free"


def test_what_the_controller_was_told_is_listed(api: APIClient, mine: Rows, heard: Gate) -> None:
    now = timezone.now()
    StandingOrder.objects.create(
        condominium=heard.condominium,
        gate=heard,
        standing="locked",
        state="refused",
        problem="overtaken",
        sent_at=now,
        expires_at=now,
        session="aa",
        expires_uptime_ms=1,
    )
    [order] = api.get(address(mine, "/orders")).json()
    assert (order["standing"], order["state"], order["problem"]) == ("locked", "refused", "overtaken")


@pytest.mark.parametrize("what", ["/hold-open", "/lock-down", "/release"])
def test_it_needs_a_reason_and_the_scope(
    api: APIClient, condominium: Condominium, mine: Rows, heard: Gate, what: str
) -> None:
    fields = {"until": until(minutes=5)}
    assert api.post(address(mine, what), fields).status_code == 400
    other = program(condominium, "devices.view", "devices.change")
    assert other.post(address(mine, what), {**fields, "reason": "x"}).status_code == 403


@pytest.mark.parametrize("what", ["/hold-open", "/lock-down", "/release"])
def test_a_gate_elsewhere_does_not_exist(api: APIClient, mine: Rows, theirs: Rows, what: str) -> None:
    fields = {"until": until(minutes=5), "reason": "x"}
    assert api.post(address(theirs, what), fields).status_code == 404
    assert api.get(address(theirs, "/orders")).status_code == 404
    assert not Gate.objects.exclude(standing="free").exists()
