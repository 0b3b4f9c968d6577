"""POST /api/v1/vehicles/import: the list that people already have."""

import io
from typing import Any

import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from access.models import Vehicle
from premises.models import Condominium, JournalEntry, User
from tests.api.conftest import program, signed_in

ADDRESS = "/api/v1/vehicles/import"
LIST = "Placas;Proprietário;Unidade\nABC1D23;Ana;101\nabc-1234;Beto;102\n🚗🚗🚗🚗;Caio;103\nABC1D23;Ana;101\n"


def send(api: APIClient, data: bytes = LIST.encode(), name: str = "list.csv", **more: Any):  # type: ignore[no-untyped-def]
    return api.post(ADDRESS, {"file": SimpleUploadedFile(name, data), **more}, format="multipart")


def test_without_a_word_it_is_a_dry_run(condominium: Condominium) -> None:
    answer = send(program(condominium, "registry.change"))
    assert answer.status_code == 200
    report = answer.json()
    assert [(row["row"], row["plate"], row["code"]) for row in report.pop("refused")] == [
        (4, "🚗🚗🚗🚗", "characters"),
        (5, "ABC1D23", "duplicate"),
    ]
    assert report == {
        "applied": False,
        "rows": 4,
        "added": 2,
        "changed": 0,
        "approved": 0,
        "taken_up": 0,
        "ended": 0,
        "kept": 0,
        "changes": [
            {"what": "added", "row": 2, "plate": "ABC1D23", "differences": []},
            {"what": "added", "row": 3, "plate": "ABC1234", "differences": []},
        ],
        "unchanged": 0,
        "units": 2,
        "people": 2,
        "columns": {"plate": "Placas", "owner": "Proprietário", "unit": "Unidade"},
    }
    assert Vehicle.objects.count() == 0


def test_applied_the_sound_rows_are_taken(condominium: Condominium, api: APIClient) -> None:
    answer = send(api, dry_run="false")
    assert (answer.status_code, answer.json()["applied"], answer.json()["added"]) == (200, True, 2)
    assert sorted(v.plate for v in Vehicle.objects.filter(condominium=condominium)) == ["ABC1234", "ABC1D23"]
    assert JournalEntry.objects.get(action="vehicles.imported").actor == "API: a program"


def test_strict_takes_nothing_where_a_row_is_refused(api: APIClient) -> None:
    answer = send(api, dry_run="false", strict="true")
    assert (answer.json()["applied"], Vehicle.objects.count()) == (False, 0)


def test_a_sheet_may_be_named(api: APIClient) -> None:
    file = io.BytesIO()
    with pd.ExcelWriter(file) as book:
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="Other", index=False)
        pd.DataFrame({"Plates": ["ABC1D23"]}).to_excel(book, sheet_name="Cars", index=False)
    answer = send(api, file.getvalue(), "list.xlsx", sheet="Cars")
    assert (answer.status_code, answer.json().get("added")) == (200, 1), answer.json()
    answer = send(api, file.getvalue(), "list.xlsx", sheet="None")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7", "list.xlsx"),
        (b"PK\x03\x04 not a book", "list.xlsx"),
        (b"a;b\n1;2\n", "list.csv"),
        (b"\0\0\0\0", "list.csv"),
        (b"x", "list.exe"),
    ],
)
def test_what_is_no_list_is_refused(api: APIClient, data: bytes, name: str) -> None:
    answer = send(api, data, name)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


def test_no_file_and_an_empty_file_are_refused(api: APIClient) -> None:
    for answer in (api.post(ADDRESS, {}, format="multipart"), send(api, b"")):
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])
    assert api.post(ADDRESS, {"file": "x"}, format="json").status_code == 415


def test_a_word_that_is_no_switch_is_refused(api: APIClient) -> None:
    answer = send(api, dry_run="perhaps")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["dry_run"])
    assert Vehicle.objects.count() == 0


def test_the_scope_is_needed(condominium: Condominium, bob: User) -> None:
    assert send(program(condominium, "registry.view")).status_code == 403
    assert send(signed_in(bob)).status_code == 403
    assert send(APIClient()).status_code == 401


def test_a_condominium_elsewhere_takes_nothing(api: APIClient, elsewhere: Condominium, charlie: User) -> None:
    answer = send(api, dry_run="false", condominium=elsewhere.pk)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["condominium"])
    assert Vehicle.objects.count() == 0
    send(signed_in(charlie), dry_run="false")
    assert {v.condominium for v in Vehicle.objects.all()} == {elsewhere}
