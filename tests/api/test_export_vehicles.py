"""GET /api/v1/vehicles/export: the list that the import takes."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import Rows, program, signed_in

ADDRESS = "/api/v1/vehicles/export"


def upload(api: APIClient, data: bytes, **more: Any) -> Any:
    file = SimpleUploadedFile("list", data)
    return api.post("/api/v1/vehicles/import", {"file": file, "dry_run": "false", **more}, format="multipart").json()


@pytest.mark.parametrize(
    ("kind", "content_type", "begins"),
    [("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfPlate;"), ("xlsx", "application/vnd.openxml", b"PK")],
)
def test_what_goes_out_comes_in_again(
    api: APIClient, stranger: APIClient, mine: Rows, kind: str, content_type: str, begins: bytes
) -> None:
    answer = api.get(ADDRESS, {"format": kind})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(content_type)
    assert answer["Content-Disposition"].startswith('attachment; filename="acacias-')
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(begins)
    same, other = upload(api, answer.content, complete="true"), upload(stranger, answer.content)
    assert (same["unchanged"], same["changes"], same["refused"]) == (1, [], [])
    assert (other["added"], other["refused"]) == (1, [])


def test_a_changed_list_answers_what_differs(api: APIClient, condominium: Condominium) -> None:
    upload(api, b"Placa;Cor\nABC1D23;azul\nQWE1234;\n")
    told = upload(api, b"Placa;Cor\nABC1D23;verde\n", complete="true")
    assert (told["changed"], told["ended"], told["unchanged"]) == (1, 1, 0)
    assert told["changes"] == [
        {
            "what": "changed",
            "row": 2,
            "plate": "ABC1D23",
            "differences": [{"field": "colour", "old": "azul", "new": "verde"}],
        },
        {"what": "ended", "row": None, "plate": "QWE1234", "differences": []},
    ]


def test_a_kind_that_nobody_knows_is_refused(api: APIClient, condominium: Condominium) -> None:
    answer = api.get(ADDRESS, {"format": "pdf"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["format"])


def test_who_took_the_list_is_in_the_journal(api: APIClient, mine: Rows) -> None:
    api.get(ADDRESS)
    entry = JournalEntry.objects.get(action="vehicles.exported")
    assert (entry.actor, entry.data) == ("API: a program", {"vehicles": 1})


def test_to_look_is_not_enough(condominium: Condominium, bob: User) -> None:
    assert program(condominium, "registry.view").get(ADDRESS).status_code == 403
    assert signed_in(bob).get(ADDRESS).status_code == 403
    assert APIClient().get(ADDRESS).status_code == 401


def test_nothing_goes_out_of_a_condominium_elsewhere(
    api: APIClient, mine: Rows, theirs: Rows, elsewhere: Condominium, charlie: User
) -> None:
    answer = api.get(ADDRESS, {"condominium": elsewhere.pk})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])
    assert "ABC1C34" not in signed_in(charlie).get(ADDRESS).content.decode()
    assert "ABC1C34" in api.get(ADDRESS).content.decode()
