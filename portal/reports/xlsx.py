"""A report as a spreadsheet: numbers, days and times as such, and no text that a spreadsheet would run."""

import io
import re
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from access.sheet_writing import guarded
from portal.reports.report import Cell, Report, Table, tables, tiles

HEAD = PatternFill("solid", fgColor="1D4ED8")
WIDTHS = (24, 40)
# What the name of a sheet may not have, and how long it may be.
FORBIDDEN, LONGEST = re.compile(r"[\[\]:*?/\\]"), 31


def written(report: Report) -> bytes:
    book = Workbook(write_only=True)
    _summary(book, report)
    for table in tables(report):
        _sheet(book, table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _summary(book: Any, report: Report) -> None:
    page = book.create_sheet(_name(_("Summary")))
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = WIDTHS[1], WIDTHS[1]
    title = _cell(page, guarded(report.condominium.name))
    title.font = Font(bold=True, size=16)
    page.append([title])
    for label, value in about(report):
        page.append([_cell(page, label), _cell(page, value)])
    page.append([])
    for count, label in tiles(report):
        page.append([_cell(page, label), _cell(page, count)])


def about(report: Report) -> list[tuple[str, str]]:
    """What the report is of, who made it and when."""
    return [
        (_("Period"), report.span),
        (_("Time zone"), report.zone_words),
        (_("Made by"), report.made_by),
        (_("Made on"), f"{date_format(report.made_at, 'SHORT_DATE_FORMAT')} {report.made_at:%H:%M}"),
    ]


def _sheet(book: Any, table: Table) -> None:
    page = book.create_sheet(_name(table.title))
    page.freeze_panes = "A2"
    for number in range(len(table.heads)):
        page.column_dimensions[chr(65 + number)].width = WIDTHS[0]
    page.append([_head(page, text) for text in table.heads])
    for row in table.rows:
        page.append([_cell(page, value) for value in row])
    if table.note:
        page.append([_cell(page, table.note)])


def _head(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, capfirst(text))
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Cell) -> Any:
    if isinstance(value, str):
        return WriteOnlyCell(page, guarded(value))
    # A spreadsheet knows no time zones: the wall clock of the condominium stands there.
    plain = value.replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value
    cell = WriteOnlyCell(page, plain)
    if isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm:ss"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    return cell


def _name(title: str) -> str:
    return FORBIDDEN.sub(" ", title)[:LONGEST]
