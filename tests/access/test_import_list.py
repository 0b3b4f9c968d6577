"""The list that people already have, as it really looks."""

import io
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from openpyxl import Workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from access import sheets
from access.columns import field_of
from access.list_keys import split_unit
from access.list_rows import split_plates
from access.lists import ListError, Refusal, Report, import_vehicles
from access.models import Permit, Vehicle
from access.sheets import clean_cell
from premises.journal import verify
from premises.models import Condominium, JournalEntry, Person, Unit, User

HEADINGS = ["Placa", "Proprietário", "Bloco", "Apto", "Marca", "Modelo", "Cor", "Telefone", "E-mail", "Observações"]
FULL = ["BRA2E19", "Ana Souza", "A", "101", "Fiat", "Argo", "prata", "+55 11 5555-0101", "ana@example.org", "elétrico"]


def csv(*rows: Sequence[str], separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "\n".join(separator.join(row) for row in rows).encode(encoding)


def xlsx(*rows: Sequence[Any], sheet: str = "Lista", others: Sequence[str] = ()) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for name in others:
        book.create_sheet(name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Import:
    def __init__(self, condominium: Condominium, by: User) -> None:
        self.condominium, self.by = condominium, by

    def __call__(self, data: bytes, name: str = "lista.csv", **options: Any) -> Report:
        options = dict[str, Any]({"dry_run": False, "by": self.by}, **options)
        return import_vehicles(self.condominium, io.BytesIO(data), name, **options)

    def refused(self, *rows: Sequence[str]) -> list[Refusal]:
        return self(csv(*rows)).refused


@pytest.fixture
def take(condominium: Condominium, alice: User) -> Import:
    return Import(condominium, alice)


def plates() -> list[str]:
    return sorted(Vehicle.objects.values_list("plate", flat=True))


# --- what is taken --------------------------------------------------------------------------------------


def test_a_full_row_becomes_vehicle_unit_person_and_permit(take: Import, condominium: Condominium) -> None:
    report = take(csv(HEADINGS, FULL))

    vehicle = Vehicle.objects.get()
    assert (vehicle.plate, vehicle.plate_key, vehicle.plate_old) == ("BRA2E19", "BRA2E19", "BRA2419")
    assert (vehicle.make, vehicle.colour, vehicle.note) == ("Fiat Argo", "prata", "elétrico")
    unit, owner = Unit.objects.get(), Person.objects.get()
    assert (vehicle.unit, vehicle.owner, owner.unit) == (unit, owner, unit)
    assert (unit.block, unit.number) == ("A", "101")
    assert (owner.name, owner.phone, owner.email) == ("Ana Souza", "+55 11 5555-0101", "ana@example.org")
    assert Permit.objects.get().vehicle == vehicle
    assert {row.condominium for row in (vehicle, unit, owner, Permit.objects.get())} == {condominium}
    assert (report.rows, report.added, report.units, report.people, report.refused) == (1, 1, 1, 1, [])
    assert report.applied


def test_a_dry_run_says_the_same_and_writes_nothing(take: Import) -> None:
    rows = csv(HEADINGS, FULL, ["???", *FULL[1:]])

    dry, wet = take(rows, dry_run=True), take(rows)

    assert not dry.applied
    wet.applied = False
    assert dry == wet


def test_the_tutorials_list_is_a_spreadsheet_with_a_column_plates(take: Import) -> None:
    take(xlsx(["Plates"], ["KL55R2473"], ["MH20EE7601"], ["HR26DA2330"]), "plates.xlsx")

    assert plates() == ["HR26DA2330", "KL55R2473", "MH20EE7601"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_csv_in_every_usual_spelling(take: Import, separator: str, encoding: str) -> None:
    take(
        csv(
            ["Observação", "Placa(s)", "Proprietário"], ["", "bra-2e19", "João"], separator=separator, encoding=encoding
        )
    )

    assert plates() == ["BRA2E19"]
    assert Person.objects.get().name == "João"


def test_a_file_from_excel_with_quotes_a_separator_line_and_windows_ends(take: Import) -> None:
    data = b'sep=;\r\n"Placa";"Propriet\xe1rio"\r\n"BRA2E19";"Souza; Ana ""Nana"""\r\n\r\n"XX";"Rui"\r\n'

    report = take(data)

    assert Person.objects.get().name == 'Souza; Ana "Nana"'
    assert [(refusal.row, refusal.plate) for refusal in report.refused] == [(5, "XX")]


def test_titles_and_empty_rows_above_and_between_are_passed_over(take: Import) -> None:
    report = take(
        xlsx(["Residencial das Acácias"], [], ["Placas", "Unidade"], ["BRA2E19", 101], [], ["XX", 102]), "lista.xlsx"
    )

    assert plates() == ["BRA2E19"]
    assert [refusal.row for refusal in report.refused] == [6]


def test_cells_are_texts_whatever_a_spreadsheet_takes_them_for(take: Import) -> None:
    take(
        xlsx(
            ["Placa", "Unidade", "Telefone", "Nota"],
            ["BRA2E19", 101.0, 5511955550101, "=1+1"],
            ["1E5AB23", "0102", None, "NA"],
        ),
        "lista.xlsx",
    )

    assert sorted(Unit.objects.values_list("number", flat=True)) == ["0102", "101"]
    assert sorted(Vehicle.objects.values_list("plate", "note")) == [("1E5AB23", "NA"), ("BRA2E19", "")]


def test_two_plates_in_a_cell_and_two_columns_of_plates_are_vehicles_of_one_unit(take: Import) -> None:
    report = take(
        csv(["Unidade", "Placa 1", "Placa 2"], ["101", "BRA2E19 / ABC1D23", "RIO4F56"], ["102", "", "KLM5678"])
    )

    assert plates() == ["ABC1D23", "BRA2E19", "KLM5678", "RIO4F56"]
    assert (report.rows, report.units) == (4, 2)


def test_a_named_sheet_is_read(take: Import) -> None:
    book = Workbook()
    page = book.create_sheet("Veículos 2026")
    page.append(["Placa"])
    page.append(["BRA2E19"])
    out = io.BytesIO()
    book.save(out)

    take(out.getvalue(), "lista.xlsx", sheet="veículos 2026")

    assert plates() == ["BRA2E19"]


def test_units_and_people_that_are_known_are_used(take: Import, unit: Unit, vehicle: Vehicle) -> None:
    owner = vehicle.owner
    report = take(
        csv(["Placa", "Morador", "Unidade"], ["BRA2E19", "ALICE", "Bloco A apto 101"], ["RIO4F56", "alice", "A-101"])
    )

    assert (report.units, report.people) == (0, 0)
    assert {(each.unit, each.owner) for each in Vehicle.objects.all()} == {(unit, owner)}


def test_the_same_list_again_changes_nothing(take: Import) -> None:
    take(csv(HEADINGS, FULL))
    report = take(csv(HEADINGS, FULL))

    assert (report.added, report.unchanged, report.refused) == (0, 1, [])
    assert (Vehicle.objects.count(), Permit.objects.count(), Unit.objects.count(), Person.objects.count()) == (
        1,
        1,
        1,
        1,
    )


def test_the_journal_says_who_took_over_what(take: Import, condominium: Condominium) -> None:
    take(csv(HEADINGS, FULL))

    entry = JournalEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == ("alice", "vehicles.imported", "lista.csv")
    assert entry.data == {"added": ["BRA2E19"], "unchanged": 0, "refused": 0}
    assert verify(condominium) is None


def test_two_thousand_rows_take_few_queries(
    take: Import, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [[f"ABC{n // 1000}{'ABCDEFGHIJ'[n // 100 % 10]}{n % 100:02d}", f"Owner {n}", f"{n}"] for n in range(2000)]
    data = xlsx(["Placa", "Proprietário", "Unidade"], *rows)

    with django_assert_max_num_queries(107):
        report = take(data, "lista.xlsx")

    assert (report.added, Vehicle.objects.count(), Permit.objects.count()) == (2000, 2000, 2000)


# --- what is refused ------------------------------------------------------------------------------------


def test_every_refused_row_has_its_number_and_a_sentence(take: Import, vehicle: Vehicle) -> None:
    refused = take.refused(
        ["Placa", "Proprietário", "Unidade", "E-mail"],
        ["BRA2E19", "Ana", "101", ""],
        ["🚗🚗🚗🚗", "Rui", "102", ""],
        ["", "Eva", "103", ""],
        ["AAAAAAA", "Ivo", "104", ""],
        ["bra-2419", "Ana", "101", ""],
        ["RIO4F56", "Lia", "105", "lia(at)example"],
        ["KLM5678", "M" * 121, "106", ""],
        ["ABC-1323", "Bob", "B 202", ""],
    )

    assert refused == [
        Refusal(3, "🚗🚗🚗🚗", "characters", "A plate has only the letters A to Z and the digits 0 to 9."),
        Refusal(4, "", "empty", "The plate is empty."),
        Refusal(
            5, "AAAAAAA", "impossible", "No country we know gives out such a plate. Register it by hand if it is right."
        ),
        Refusal(6, "bra-2419", "duplicate", "The same vehicle stands in row 2."),
        Refusal(7, "RIO4F56", "email", "“lia(at)example” is no e-mail address."),
        Refusal(8, "KLM5678", "too_long_text", "“MMMMMMMMMMMMMMMMMMMMMMMMMMMMMM…” is too long."),
        Refusal(
            9,
            "ABC-1323",
            "differs",
            "ABC1D23 is registered already, for A 101 · Alice. Change it there if that is no longer so.",
        ),
    ]
    assert plates() == ["ABC1D23", "BRA2E19"]
    assert sorted(Unit.objects.values_list("number", flat=True)) == ["101", "101"]


def test_strictly_one_refused_row_keeps_all_out(take: Import) -> None:
    report = take(csv(HEADINGS, FULL, ["???", *FULL[1:]]), strict=True)

    assert (report.applied, len(report.refused)) == (False, 1)
    assert (Vehicle.objects.count(), Unit.objects.count()) == (0, 0)


def test_nothing_is_half_done(take: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Permit.objects, "bulk_create", fail)
    with pytest.raises(ZeroDivisionError):
        take(csv(HEADINGS, FULL))

    assert [model.objects.count() for model in (Vehicle, Unit, Person, Permit, JournalEntry)] == [0] * 5


def test_a_cell_far_to_the_right_costs_nothing(take: Import) -> None:
    """Filled up to its column, as pandas does, each row would have 16,384 cells."""
    rows = "".join(f'<row><c r="XFD{row}" t="inlineStr"><is><t>x</t></is></c></row>' for row in range(2, 2000))
    begun = time.monotonic()
    with pytest.raises(ListError) as refused:
        take(with_sheet(f"<sheetData>{rows}</sheetData>"), "lista.xlsx")
    assert (refused.value.code, time.monotonic() - begun < 20) == ("no_plates", True)


def test_a_cell_far_below_does_no_harm(take: Import) -> None:
    cells = [(1, "Placa"), (2, "BRA2E19"), (1_048_576, " ")]
    rows = "".join(f'<row r="{row}"><c t="inlineStr"><is><t>{text}</t></is></c></row>' for row, text in cells)
    assert take(with_sheet(f"<sheetData>{rows}</sheetData>"), "lista.xlsx").added == 1


def test_a_row_of_a_million_columns_is_read_quickly(take: Import) -> None:
    begun = time.monotonic()
    with pytest.raises(ListError):
        take(b"Placa;" + b"a;" * 2_500_000)
    assert time.monotonic() - begun < 5


def with_sheet(content: str) -> bytes:
    """A spreadsheet whose only sheet says what no program would write."""
    kept, out = zipfile.ZipFile(io.BytesIO(xlsx(["Placa"]))), io.BytesIO()
    name, space = "xl/worksheets/sheet1.xml", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in kept.namelist():
            text = f'<worksheet xmlns="{space}">{content}</worksheet>'.encode()
            archive.writestr(entry, text if entry == name else kept.read(entry))
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(sheets.MAX_UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "options", "code", "said"),
    [
        (b"", {}, "empty", "The file is empty."),
        (b" \n \n", {}, "empty", "The file is empty."),
        (b"%PDF-1.7", {}, "not_a_list", "lista.csv is neither CSV nor XLSX."),
        (b"\xd0\xcf\x11\xe0old excel", {}, "not_a_list", "lista.csv is neither CSV nor XLSX."),
        (b"a\0b", {}, "not_a_list", "lista.csv is neither CSV nor XLSX."),
        (b"PK\x03\x04broken", {}, "not_a_list", "The spreadsheet is damaged and cannot be read."),
        (xlsx(["Placa"])[:-300], {}, "not_a_list", "The spreadsheet is damaged and cannot be read."),
        (zip_bomb(), {}, "too_large", "The spreadsheet is too large."),
        (b"Placa\n" + b"x" * sheets.MAX_BYTES, {}, "too_large", "The file has more than 10 MB."),
        (b"Placa\n" + b"BRA2E19\n" * 20_001, {}, "too_large", "The list has more than 20000 rows."),
        (
            b"Placa\n" + b'"' + b"BRA2E19/" * 15_000 + b'"\n"' + b"BRA2E19/" * 15_000 + b'"',
            {},
            "too_large",
            "The list has more than 20000 plates.",
        ),
        (
            csv(["Nome", "Unidade"], ["Ana", "101"]),
            {},
            "no_plates",
            "No column of plates was found. Give it a heading: Placa, Placas, Plate or Plates.",
        ),
        (
            xlsx(["Placa"], others=["2025"]),
            {"sheet": "2026"},
            "no_such_sheet",
            "There is no sheet “2026”. Sheets: Lista, 2025.",
        ),
        (b"Placa\n", {"sheet": "2026"}, "no_such_sheet", "A CSV file has no sheets; leave the sheet's name out."),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_what_is_no_list_is_refused_in_a_sentence(
    take: Import, data: bytes, options: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(ListError) as refused:
        take(data, **options)

    assert (refused.value.code, str(refused.value)) == (code, said)


def test_who_may_not_change_the_register_imports_nothing(take: Import, bob: User, charlie: User) -> None:
    for somebody in (bob, charlie):
        with pytest.raises(PermissionDenied):
            take(csv(HEADINGS, FULL), by=somebody)
    assert Vehicle.objects.count() == 0


def test_another_condominiums_vehicles_and_units_are_no_duplicates(
    elsewhere: Condominium, vehicle: Vehicle, charlie: User
) -> None:
    report = Import(elsewhere, charlie)(csv(["Placa", "Morador", "Unidade"], ["ABC1D23", "Alice", "A 101"]))

    assert (report.added, report.units, report.people) == (1, 1, 1)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('=HYPERLINK("http://example.org")', 'HYPERLINK("http://example.org")'),
        ("@SUM(A1)", "SUM(A1)"),
        ("-cmd|' /C calc'!A0", "cmd|' /C calc'!A0"),
        ("+55 11 5555-0101", "+55 11 5555-0101"),
        ("-", ""),
        ("a\nb\x07", "a b"),
    ],
)
def test_a_cell_holds_nothing_that_a_spreadsheet_would_run(cell: str, text: str) -> None:
    assert clean_cell(cell) == text


# --- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("PLACA", "plate"), ("Placa(s)", "plate"), ("placas", "plate"), ("Plates", "plate"), ("Vehicle plate", "plate"),
        ("Placa do veículo", "plate"), ("Proprietário(a)", "owner"), ("Owner", "owner"), ("Morador", "owner"),
        ("Nome completo", "owner"), ("Unidade", "unit"), ("Apto.", "unit"), ("Nº do apartamento", "unit"),
        ("Bloco / Torre", "block"), ("Marca/Modelo", "make"), ("Modelo", "model"), ("COR", "colour"),
        ("Telefone (celular)", "phone"), ("E-mail", "email"), ("Obs.", "note"), ("Observação", "note"),
        ("Vaga", None), ("", None), ("Cidade da placa", None),
    ],
)  # fmt: skip
def test_headings_are_recognised(heading: str, field: str | None) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("block", "unit", "both"),
    [
        ("A", "101", ("A", "101")),
        ("Bloco A", "Apto 101", ("A", "101")),
        ("", "A 101", ("A", "101")),
        ("", "a-101", ("A", "101")),
        ("", "Bloco A apto 101", ("A", "101")),
        ("", "Torre B, Apto. 12", ("B", "12")),
        ("", "2/301", ("2", "301")),
        ("", "101", ("", "101")),
        ("", "Apto 101", ("", "101")),
        ("", "Casa 7", ("", "Casa 7")),
        ("", "", ("", "")),
    ],
)
def test_a_unit_is_one_however_it_is_written(block: str, unit: str, both: tuple[str, str]) -> None:
    assert split_unit(block, unit) == both


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("ABC-1234", ["ABC-1234"]),
        ("ABC1234, DEF5G67", ["ABC1234", "DEF5G67"]),
        ("ABC1234/DEF5G67", ["ABC1234", "DEF5G67"]),
        ("ABC1234 e DEF5G67", ["ABC1234", "DEF5G67"]),
        ("não tem", ["não tem"]),
    ],
)
def test_a_cell_may_hold_several_plates(cell: str, found: list[str]) -> None:
    assert split_plates(cell) == found


# --- the command ----------------------------------------------------------------------------------------


def test_the_command_reports_and_writes_only_when_told(
    condominium: Condominium, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lista.csv"
    path.write_bytes(csv(["Placa", "Unidade"], ["BRA2E19", "101"], ["XX", "102"]))

    call_command("import_vehicles", str(path), condominium="acacias")
    assert Vehicle.objects.count() == 0
    call_command("import_vehicles", str(path), condominium="acacias", apply=True)

    lines = [
        "Columns: plate: 'Placa', unit: 'Unidade'",
        "Row 3: XX: A plate has at least 4 characters.",
        "Plates: 2. Added: 1. Changed: 0. Approved: 0. Taken up again: 0. Signed off: 0. Unchanged: 0. Refused: 1. "
        "New units: 1. New people: 0.",
    ]
    said = capsys.readouterr().out.splitlines()
    assert said == [*lines, "Nothing was written. Add --apply to write it.", *lines]
    assert plates() == ["BRA2E19"]


@pytest.mark.parametrize(
    ("name", "slug", "said"),
    [
        ("lista.csv", "nowhere", "There is no condominium 'nowhere'."),
        ("none.csv", "acacias", "none.csv: No such file or directory"),
        ("lista.csv", "acacias", "The file is empty."),
    ],
)
def test_the_command_says_what_is_wrong(
    condominium: Condominium, tmp_path: Path, name: str, slug: str, said: str
) -> None:
    (tmp_path / "lista.csv").touch()

    with pytest.raises(CommandError, match=said):
        call_command("import_vehicles", str(tmp_path / name), condominium=slug)
