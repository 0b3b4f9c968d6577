"""POST /api/v1/passages/<id>/correct: it was misread as something else."""

import pytest
from rest_framework.test import APIClient

from access.models import Passage
from gates.models import GateCommand
from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import Rows, program, signed_in


def address(rows: Rows) -> str:
    return f"/api/v1/passages/{rows['passages'].pk}/correct"


def test_what_was_read_stays_beside_what_it_was(condominium: Condominium, mine: Rows) -> None:
    commands = GateCommand.objects.count()
    answer = program(condominium, "passages.change").post(address(mine), {"plate": "abd-1c34"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["plate"], told["read_plate"], told["corrected_plate"], told["vehicle"]) == (
        "ABD1C34", "ABC1C34", "ABD1C34", None,
    )  # fmt: skip
    assert told["decision"]["outcome"] == "open"
    assert GateCommand.objects.count() == commands


def test_who_corrected_it_is_in_the_journal(bob: User, mine: Rows) -> None:
    signed_in(bob).post(address(mine), {"plate": "ABD1C34"})
    entry = JournalEntry.objects.get(action="passage.corrected")
    assert (entry.actor, entry.passage_id, entry.data) == (
        "bob", mine["passages"].pk, {"from": "ABC1C34", "to": "ABD1C34"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "body", [{}, {"plate": ""}, {"plate": "🚗🚗🚗🚗"}, {"plate": "AB"}, {"plate": None}, {"plate": [1]}]
)
def test_what_is_no_plate_is_refused(api: APIClient, mine: Rows, body: dict[str, object]) -> None:
    answer = api.post(address(mine), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["plate"])
    assert Passage.objects.get(pk=mine["passages"].pk).corrected_plate == ""


def test_a_passage_elsewhere_does_not_exist(stranger: APIClient, charlie: User, mine: Rows) -> None:
    for api in (stranger, signed_in(charlie)):
        assert api.post(address(mine), {"plate": "ABD1C34"}).status_code == 404
    assert Passage.objects.get(pk=mine["passages"].pk).corrected_plate == ""


def test_the_scope_is_needed(condominium: Condominium, mine: Rows) -> None:
    assert program(condominium, "passages.view").post(address(mine), {"plate": "ABD1C34"}).status_code == 403
