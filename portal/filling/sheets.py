"""Rows by the hundred thousand into one table: by COPY into PostgreSQL, by INSERT into SQLite.

A row is its values as text, as both databases read them: `NULL` for nothing, 1 and 0 for true and false, times in UTC
without a zone. No value may hold a tab, a line break or a backslash.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

NULL = r"\N"

Row = tuple[str, ...]
Write = Callable[[Any], object]


class Sheet:
    """The table of a model. Columns that are not named get the default that the model gives them."""

    def __init__(self, model: type[Model], *named: str) -> None:
        self.model = model
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in named and not field.primary_key]
        self.columns = [str(field.column) for field in (*(fields[name] for name in named), *rest)]
        self.rest = tuple(text_of(field.get_default()) for field in rest)

    def prepared(self, rows: Iterable[Row]) -> Write:
        """What writes these rows with a cursor, later and in whatever thread: nobody else may use the cursor then."""
        return self._copying(rows) if connection.vendor == "postgresql" else self._inserting(rows)

    def _copying(self, rows: Iterable[Row]) -> Write:
        tail = "".join(f"\t{value}" for value in self.rest) + "\n"
        text = "".join(["\t".join(row) + tail for row in rows])

        def write(cursor: Any) -> None:
            with cursor.copy(f"COPY {self._target()} FROM STDIN") as copy:
                copy.write(text)

        return write

    def _inserting(self, rows: Iterable[Row]) -> Write:
        places = ", ".join(["%s"] * len(self.columns))
        values = [[None if value == NULL else value for value in (*row, *self.rest)] for row in rows]
        statement = f"INSERT INTO {self._target()} VALUES ({places})"  # noqa: S608
        return lambda cursor: cursor.executemany(statement, values)

    def _target(self) -> str:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        return f"{quote(self.model._meta.db_table)} ({columns})"


def text_of(value: Any) -> str:
    """A value as a row holds it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)
