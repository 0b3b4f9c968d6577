"""A report as PDF: two charts and the tables, on numbered A4 pages that can be shown in an assembly."""

import io
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from access.reasons import Outcome
from access.shown import WORDS
from portal.columns import HEIGHT, WIDTH, Column, columns
from portal.reports.report import STACK, Cell, Report, Table, number, shown, tables, tiles
from portal.reports.xlsx import about

BLUE, LINE, SOFT, MUTED = (colors.HexColor(code) for code in ("#1d4ed8", "#cbd5e1", "#f1f5f9", "#475569"))
SERIES = {
    Outcome.OPEN: colors.HexColor("#16a34a"),
    Outcome.RECORD: colors.HexColor("#3b82f6"),
    Outcome.ASK: colors.HexColor("#f59e0b"),
    Outcome.REFUSE: colors.HexColor("#dc2626"),
}
MARGIN = 18 * mm
INSIDE = A4[0] - 2 * MARGIN
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=9, leading=12)
RIGHT = ParagraphStyle("right", parent=PLAIN, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", parent=PLAIN, fontName="Helvetica-Bold", textColor=colors.white)
HEAD_RIGHT = ParagraphStyle("head right", parent=HEAD, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=PLAIN, fontName="Helvetica-Bold", fontSize=20, leading=25)
PART = ParagraphStyle("part", parent=PLAIN, fontName="Helvetica-Bold", fontSize=13, leading=18, spaceAfter=4)
SMALL = ParagraphStyle("small", parent=PLAIN, fontSize=8, textColor=MUTED)
BIG = ParagraphStyle("big", parent=PLAIN, fontName="Helvetica-Bold", fontSize=18, leading=22)


def written(report: Report) -> bytes:
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=22 * mm,
        title=f"{report.condominium.name}: {report.span}",
        author="Cancela",
        lang=get_language() or "en",
    )
    foot = partial(_foot, f"{report.condominium.name} · {report.span}")
    document.build(_story(report), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(report: Report) -> list[Flowable]:
    days = [(f"{day:%d/%m}", counts) for day, counts in report.figures.days]
    hours = [(str(hour), counts) for hour, counts in report.figures.hours]
    return [
        Paragraph(_text(report.condominium.name), TITLE),
        Paragraph(_text(_("Report of the gates: %(span)s") % {"span": report.span}), PART),
        Paragraph(_text(" · ".join(f"{label}: {value}" for label, value in about(report)[1:])), SMALL),
        Spacer(0, 6 * mm),
        _tiles(report),
        Spacer(0, 6 * mm),
        *_chart(_("Passages by day"), days),
        *_chart(_("Passages by hour of the day"), hours),
        *(flowable for table in tables(report) for flowable in _table(table)),
    ]


def _tiles(report: Report) -> Flowable:
    found = tiles(report)
    row = [[Paragraph(number(value), BIG), Paragraph(_text(label), SMALL)] for value, label in found]
    style = [("BOX", (place, 0), (place, 0), 0.7, LINE) for place in range(len(found))] + [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, -1), SOFT),
    ]
    return Grid([row], colWidths=[INSIDE / len(found)] * len(found), style=style)


def _chart(title: str, rows: list[tuple[str, Any]]) -> list[Flowable]:
    scale = INSIDE / WIDTH
    height = 0.8 * HEIGHT
    drawing = Drawing(INSIDE, height * scale + 22)
    for column in columns(rows, STACK):
        _draw(drawing, column, scale, height / HEIGHT)
    drawing.add(Line(0, 14, INSIDE, 14, strokeColor=LINE))
    return [KeepTogether([Paragraph(_text(title), PART), drawing, _legend(), Spacer(0, 5 * mm)])]


def _draw(drawing: Drawing, column: Column, scale: float, flat: float) -> None:
    """The same rectangles as on the page, from the bottom up as PDF counts."""
    for part in column.parts:
        bottom = 14 + (HEIGHT - part.y - part.height) * scale * flat
        shape = Rect(part.x * scale, bottom, part.width * scale, part.height * scale * flat)
        shape.fillColor, shape.strokeColor = SERIES[Outcome(part.series)], None
        drawing.add(shape)
    middle = column.middle * scale
    drawing.add(String(middle, 3, _plain(column.shown), fontSize=7, textAnchor="middle", fillColor=MUTED))
    if column.total and column.shown:
        top = 16 + (HEIGHT - column.top) * scale * flat
        drawing.add(String(middle, top, number(column.total), fontSize=7, textAnchor="middle"))


def _legend() -> Flowable:
    square = '<font name="ZapfDingbats" color="{}">n</font> {}'
    colours = {outcome: SERIES[outcome].hexval().replace("0x", "#") for outcome in STACK}
    parts = [square.format(colours[outcome], _text(str(WORDS[outcome]))) for outcome in STACK]
    return Paragraph("&nbsp;&nbsp;&nbsp;&nbsp;".join(parts), SMALL)


def _table(table: Table) -> list[Flowable]:
    """Nothing is said in words, not by an empty table."""
    title = Paragraph(_text(table.title), PART)
    if not table.rows:
        return [KeepTogether([title, Paragraph(_text(_("None in this period.")), PLAIN), Spacer(0, 5 * mm)])]
    cells: list[list[Any]] = [
        [_head(head, value) for head, value in zip(table.heads, table.rows[0], strict=True)],
        *[[_cell(each) for each in row] for row in table.rows],
    ]
    style: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, 0), BLUE),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, SOFT]),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    grid = Grid(cells, colWidths=_widths(table), repeatRows=1, style=style)
    note = [Paragraph(_text(table.note), SMALL)] if table.note else []
    return [CondPageBreak(45 * mm), title, grid, *note, Spacer(0, 6 * mm)]


def _head(text: str, below: Cell) -> Flowable:
    return Paragraph(_text(capfirst(text)), HEAD_RIGHT if _is_number(below) else HEAD)


def _cell(value: Cell) -> Flowable:
    return Paragraph(_text(shown(value)), RIGHT if _is_number(value) else PLAIN)


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) or value is None


def _widths(table: Table) -> list[float]:
    """Columns of numbers are narrow, those of words share the rest."""
    wordy = [isinstance(value, str) for value in table.rows[0]]
    if len(table.heads) == 2:
        return [INSIDE * 0.75, INSIDE * 0.25]
    if not any(wordy) or all(wordy):
        return [INSIDE / len(wordy)] * len(wordy)
    shares = [1.6 if is_wordy else 1.0 for is_wordy in wordy]
    return [INSIDE * share / sum(shares) for share in shares]


def _foot(text: str, canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 12 * mm, _plain(text)[:100])
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, _plain(_("Page %(number)s") % {"number": document.page}))
    canvas.restoreState()


def _plain(text: str) -> str:
    """What the fonts that every reader has can write: Western letters; a minus sign as a hyphen."""
    return text.replace("\u2212", "-").encode("cp1252", "replace").decode("cp1252")


def _text(text: str) -> str:
    return escape(_plain(text))
