"""POST /api/v1/gates/<id>/open: the guard's button, for programs."""

from rest_framework.test import APIClient

from gates.models import GateCommand
from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import Rows, program, signed_in


def address(rows: Rows) -> str:
    return f"/api/v1/gates/{rows['gates'].pk}/open"


def test_an_opening_is_asked_for_and_the_command_comes_back(condominium: Condominium, mine: Rows) -> None:
    answer = program(condominium, "gates.open").post(address(mine), {"reason": "ambulance"})
    assert answer.status_code == 202
    command = GateCommand.objects.get(pk=answer.json()["id"])
    assert (command.gate, command.reason) == (mine["gates"], "ambulance")
    assert command.requested_by_name == "API: a program"
    # The board of this test was never heard: the answer must say so, never that anything opened.
    assert (answer.json()["state"], answer.json()["problem"]) == (command.state, command.problem)
    assert command.state == "failed"


def test_who_asked_is_in_the_journal(bob: User, mine: Rows) -> None:
    answer = signed_in(bob).post(address(mine), {"reason": "ambulance"})
    assert answer.status_code == 202
    entry = JournalEntry.objects.get(action="gate.requested")
    assert (entry.actor, entry.data["reason"]) == ("bob", "ambulance")


def test_a_reason_is_needed(api: APIClient, mine: Rows) -> None:
    before = GateCommand.objects.count()
    for body in ({}, {"reason": ""}, {"reason": "   "}, {"reason": "x" * 201}):
        answer = api.post(address(mine), body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])
    assert GateCommand.objects.count() == before


def test_without_the_scope_nothing_is_asked(condominium: Condominium, mine: Rows) -> None:
    before = GateCommand.objects.count()
    api = program(condominium, "devices.view", "devices.change", "passages.view")
    assert api.post(address(mine), {"reason": "x"}).status_code == 403
    assert GateCommand.objects.count() == before


def test_a_gate_elsewhere_does_not_exist(stranger: APIClient, charlie: User, mine: Rows) -> None:
    before = GateCommand.objects.count()
    assert stranger.post(address(mine), {"reason": "x"}).status_code == 404
    assert signed_in(charlie).post(address(mine), {"reason": "x"}).status_code == 404
    assert GateCommand.objects.count() == before


def test_asking_needs_a_post(api: APIClient, mine: Rows) -> None:
    assert api.get(address(mine)).status_code == 405
