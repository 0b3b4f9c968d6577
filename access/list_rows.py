"""A list's rows as entries: one for each plate, each with what stands beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from access.columns import Columns, find_header
from access.list_keys import whole
from access.sheets import MAX_ROWS, ListError, Rows
from recognition import PlateError, normalise


@dataclass(frozen=True, slots=True)
class Entry:
    """One plate of the list, as it stands there."""

    row: int
    plate: str
    owner: str = ""
    block: str = ""
    unit: str = ""
    make: str = ""
    colour: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


def entries_of(rows: Rows) -> tuple[list[Entry], dict[str, str]]:
    """The entries, and for each field the heading it was found under. Raises `ListError`: no_plates, too_large."""
    found = find_header(rows)
    if found is None:
        raise ListError(
            "no_plates", _("No column of plates was found. Give it a heading: Placa, Placas, Plate or Plates.")
        )
    index, columns = found
    headings = {name: " + ".join(rows[index][place] for place in places) for name, places in columns.items()}
    below = enumerate(rows[index + 1 :], index + 2)
    entries = list(islice((entry for number, row in below for entry in _of_row(number, row, columns)), MAX_ROWS + 1))
    if len(entries) > MAX_ROWS:
        raise ListError("too_large", _("The list has more than %(plates)d plates.") % {"plates": MAX_ROWS})
    return entries, headings


def _of_row(number: int, row: list[str], columns: Columns) -> Iterator[Entry]:
    def texts(name: str) -> list[str]:
        return [row[place] for place in columns.get(name, []) if place < len(row) and row[place]]

    def first(name: str) -> str:
        return next(iter(texts(name)), "")

    if not any(row):
        return
    plates = [plate for cell in texts("plate") for plate in split_plates(cell)]
    unit, block = whole(first("unit")), whole(first("block"))
    for plate in plates or [""]:
        yield Entry(
            row=number,
            plate=plate,
            owner=first("owner"),
            block=block,
            unit=unit,
            make=" ".join([*texts("make"), *texts("model")]),
            colour=first("colour"),
            phone=whole(first("phone")),
            email=first("email"),
            note=first("note"),
        )


def split_plates(cell: str) -> list[str]:
    """The plates of a cell: "ABC1234, DEF5G67" and "ABC1234 e DEF5G67" are two."""
    try:
        normalise(cell)
        return [cell]
    except PlateError:
        return [part.strip() for part in re.split(r"[,;/|]|\se\s|\sand\s", cell) if part.strip()] or [cell]
