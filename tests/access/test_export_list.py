"""What goes out as a list comes in again as it was."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from access.columns import field_of
from access.list_export import export_vehicles, headings
from access.lists import Report, import_vehicles
from access.models import Vehicle
from access.sheet_writing import Format, guarded, written
from access.sheets import clean_cell, one_line, read_rows
from access.vehicles import register_vehicle
from premises.models import Condominium, JournalEntry, Person, Unit, User

FORMULAS = ["=1+1", "+55 11 5555-0101", "-", "--5", "@SUM(A1)", "'=1", "'", "''x", '=HYPERLINK("http://x")', "+", "="]


def rows(data: bytes) -> list[list[str]]:
    """A spreadsheet's are filled up with empty cells."""
    return [row[: max((place for place, cell in enumerate(row, 1) if cell), default=0)] for row in _read(data)]


def _read(data: bytes) -> list[list[str]]:
    return read_rows(io.BytesIO(data), "list")


def take(condominium: Condominium, data: bytes, *, complete: bool = False) -> Report:
    return import_vehicles(condominium, io.BytesIO(data), "list", by="tests", dry_run=False, complete=complete)


@pytest.fixture
def register(condominium: Condominium) -> Condominium:
    """Units and people as people enter them, and texts that a spreadsheet would run."""
    own = {"condominium": condominium}
    places = [
        ("A", "101"),
        ("", "A 102"),
        ("Bloco B", "Apto 7"),
        ("", "Casa 7"),
        ("1", "11"),
        ("11", "1"),
        ("", "0102"),
    ]
    for number, (block, name) in enumerate(places):
        unit = Unit.objects.create(**own, block=block, number=name)
        owner = Person.objects.create(**own, name=f"Pessoa {number}", unit=unit, phone="+55 11 5555-0100")
        register_vehicle(condominium, f"ABC{number}D23", by="tests", owner=owner, colour="azul;prata")
    for number, text in enumerate(FORMULAS):
        register_vehicle(condominium, f"XYZ{number % 10}A{number:02}", by="tests", make=text, note=f" {text}  {text}")
    register_vehicle(condominium, "KLM5678", by="tests", owner=Person.objects.create(**own, name="Sem Unidade"))
    elder = Person.objects.create(**own, name='José "Zé" d\'Ávila', unit=unit, email="ze@example.org")
    register_vehicle(condominium, "BRA2E19", by="tests", owner=elder, unit=Unit.objects.get(number="A 102"))
    return condominium


@pytest.mark.parametrize("kind", list(Format))
def test_a_list_that_went_out_comes_into_an_empty_condominium_as_it_was(
    register: Condominium, elsewhere: Condominium, kind: Format
) -> None:
    out = export_vehicles(register, kind, by="tests")

    report = take(elsewhere, out)

    assert (report.refused, report.added) == ([], Vehicle.objects.filter(condominium=register).count())
    again = export_vehicles(elsewhere, kind, by="tests")
    assert rows(again) == rows(out)
    assert kind != Format.CSV or again == out


@pytest.mark.parametrize("kind", list(Format))
def test_a_list_that_went_out_changes_nothing_where_it_came_from(register: Condominium, kind: Format) -> None:
    report = take(register, export_vehicles(register, kind, by="tests"), complete=True)

    assert (report.changes, report.refused, report.kept, report.units, report.people) == ([], [], 0, 0, 0)
    assert report.unchanged == report.rows == Vehicle.objects.count()


def test_the_list_of_a_list_is_the_same_too(register: Condominium, elsewhere: Condominium) -> None:
    out = export_vehicles(register, Format.XLSX, by="tests")
    take(elsewhere, out)

    report = take(elsewhere, out, complete=True)

    assert (report.changes, report.refused) == ([], [])


@pytest.mark.parametrize("kind", list(Format))
def test_no_cell_begins_with_what_a_spreadsheet_runs(register: Condominium, kind: Format) -> None:
    out = export_vehicles(register, kind, by="tests")

    if kind == Format.XLSX:
        page = load_workbook(io.BytesIO(out)).active
        assert page is not None
        cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        texts = [str(cell.value) for cell in cells]
    else:
        texts = [cell.strip('"') for line in out.decode("utf-8-sig").splitlines() for cell in line.split(";")]
    assert [text for text in texts if text.startswith(("=", "+", "-", "@"))] == []


@given(st.text(max_size=30))
def test_whatever_a_cell_holds_comes_back_as_one_line_of_it(text: str) -> None:
    assert clean_cell(guarded(text)) in (one_line(text), "" if one_line(text) in "–—" else one_line(text))
    assert not guarded(text).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_comes_back_as_the_text_it_was(kind: Format, text: str) -> None:
    assert rows(written([["Placa", "Obs"], ["BRA2E19", text]], kind)) == [["Placa", "Obs"], ["BRA2E19", text]]


def test_only_active_vehicles_go_out(condominium: Condominium) -> None:
    for plate, state in (("BRA2E19", "active"), ("RIO4F56", "waiting"), ("KLM5678", "ended")):
        Vehicle.objects.create(condominium=condominium, plate=plate, state=state)

    assert [row[0] for row in rows(export_vehicles(condominium, Format.CSV, by="tests"))[1:]] == ["BRA2E19"]


@pytest.mark.parametrize("language", ["en", "pt-br"])
def test_an_import_knows_the_headings(language: str) -> None:
    with translation.override(language):
        fields = [field_of(heading) for heading in headings()]

    assert fields == ["plate", "owner", "block", "unit", "make", "colour", "phone", "email", "note"]


def test_the_journal_says_who_took_the_list(condominium: Condominium, alice: User) -> None:
    export_vehicles(condominium, Format.CSV, by=alice)

    entry = JournalEntry.objects.get()
    assert (entry.actor, entry.action, entry.data) == ("alice", "vehicles.exported", {"vehicles": 0})


def test_who_may_not_change_the_register_takes_no_list(condominium: Condominium, bob: User, charlie: User) -> None:
    for somebody in (bob, charlie):
        with pytest.raises(PermissionDenied):
            export_vehicles(condominium, Format.CSV, by=somebody)
