"""Rows of texts as CSV and XLSX. Nothing in them is run by who opens them, and reading them gives them back."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from django.db.models import TextChoices
from openpyxl import Workbook

from access.sheets import one_line

Writer = Callable[[Iterable[Sequence[str]]], bytes]


class Format(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def guarded(text: str) -> str:
    """One line that no spreadsheet takes for a formula; `access.sheets.clean_cell` takes the apostrophe off again."""
    line = one_line(text)
    return f"'{line}" if line.startswith(("=", "+", "-", "@", "'")) else line


def written(rows: Iterable[Sequence[str]], kind: Format) -> bytes:
    guarded_rows = ([guarded(cell) for cell in row] for row in rows)
    return _WRITERS[kind](guarded_rows)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """As a spreadsheet of this country opens it: semicolons, and a mark that says UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_WRITERS: dict[Format, Writer] = {Format.CSV: _csv, Format.XLSX: _xlsx}
