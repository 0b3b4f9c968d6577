"""CSV and XLSX files as rows of texts. Nothing in a file is run, and no file is read beyond its limits."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO

import pandas as pd
from django.utils.translation import gettext as _

from access.columns import find_header

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 32 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
SEPARATORS = (";", ",", "\t", "|")
# A text that a spreadsheet would run, or that already looks like such a one that is kept from it.
GUARDED = r"'[=+\-@']"

Rows = list[list[str]]


class ListError(ValueError):
    """A list that cannot be read at all.

    `code` is one of "empty", "too_large", "not_a_list", "no_such_sheet", "no_plates"; the message is for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_rows(file: BinaryIO, filename: str, sheet: str | None = None) -> Rows:
    """Every row of the list, the first one first, each cell a text without outer spaces. Raises `ListError`.

    What kind of file it is, its content says; a name that promises something else is no reason to refuse it.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ListError("too_large", _("The file has more than %(megabytes)d MB.") % {"megabytes": MAX_BYTES >> 20})
    if not data.strip():
        raise ListError("empty", _("The file is empty."))
    if data.startswith(b"PK"):
        return _limited(_xlsx(data, sheet))
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"\x89PNG")) or _is_binary(data):
        raise ListError("not_a_list", _("%(name)s is neither CSV nor XLSX.") % {"name": filename})
    if sheet:
        raise ListError("no_such_sheet", _("A CSV file has no sheets; leave the sheet's name out."))
    return _limited(_csv(_text(data)))


def _limited(rows: Rows) -> Rows:
    if len(rows) > MAX_ROWS:
        raise ListError("too_large", _("The list has more than %(rows)d rows.") % {"rows": MAX_ROWS})
    return rows


def _is_binary(data: bytes) -> bool:
    return b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))


# --- XLSX -----------------------------------------------------------------------------------------------


def _xlsx(data: bytes, sheet: str | None) -> Rows:
    _check_unpacked(data)
    try:
        with pd.ExcelFile(io.BytesIO(data), engine="openpyxl") as book:
            name = _sheet_name([str(each) for each in book.sheet_names], sheet)
            return _cells(book.book[name])
    except ListError:
        raise
    # openpyxl raises whatever its XML stumbles over; for us it is one thing.
    except Exception as error:
        raise ListError("not_a_list", _("The spreadsheet is damaged and cannot be read.")) from error


def _cells(page: Any) -> Rows:
    """Cell by cell within the limits: one cell in the last column would make pandas fill 16,384 of each row."""
    page.reset_dimensions()  # what a file says of its own size may be wrong
    rows = page.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
    texts = [[clean_cell(_plain(value)) if value is not None else "" for value in row] for row in rows]
    while texts and not any(texts[-1]):
        texts.pop()
    return texts


def _plain(value: object) -> str:
    """A cell's value as a person would type it: 101.0 is 101."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check_unpacked(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ListError("not_a_list", _("The spreadsheet is damaged and cannot be read.")) from error
    if unpacked > MAX_UNPACKED:
        raise ListError("too_large", _("The spreadsheet is too large."))


def _sheet_name(names: Sequence[str], wanted: str | None) -> str:
    if wanted is None:
        return names[0]
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    raise ListError(
        "no_such_sheet",
        _("There is no sheet “%(sheet)s”. Sheets: %(sheets)s.") % {"sheet": wanted, "sheets": ", ".join(names)},
    )


# --- CSV ------------------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _csv(text: str) -> Rows:
    text = re.sub(r"\Asep=.\r?\n", "\n", text)  # a line for Excel; its place is kept, so that rows keep their numbers
    try:
        separator = max(SEPARATORS, key=lambda each: _promise(text, each))
        width = max(map(len, csv.reader(io.StringIO(text), delimiter=separator)), default=1)
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            names=list(range(min(width, MAX_COLUMNS))),
            usecols=list(range(min(width, MAX_COLUMNS))),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            nrows=MAX_ROWS + 1,
        )
    except (csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ListError("not_a_list", _("The file is not a readable CSV list.")) from error
    return _texts(frame)


def _promise(text: str, separator: str) -> tuple[int, int]:
    """How much of a list a separator makes of a text: recognised columns first, then columns at all."""
    lines = text.splitlines()[:30]
    rows = [row[:MAX_COLUMNS] for row in csv.reader(lines, delimiter=separator)]
    header = find_header(rows)
    return (len(header[1]) if header else 0), max(map(len, rows), default=0)


# --- cells ----------------------------------------------------------------------------------------------


def _texts(frame: pd.DataFrame) -> Rows:
    part = frame.iloc[:, :MAX_COLUMNS].fillna("")
    return [[clean_cell(str(cell)) for cell in row] for row in part.to_numpy().tolist()]


def one_line(text: str) -> str:
    """A text without control characters, line ends and outer or double spaces."""
    printable = text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())


def clean_cell(cell: str) -> str:
    """A cell's text: one line, and nothing that a spreadsheet would take for a formula.

    What `access.sheet_writing.guarded` put an apostrophe before stays as it was.
    """
    plain = one_line(cell)
    if re.match(GUARDED, plain):
        return plain[1:]
    plain = re.sub(r"^(?:[=@]|[+-](?![\d(]))+\s*", "", plain)
    return "" if plain in {"-", "–", "—"} else plain
