"""Tables made ready for very many rows, and put back as they were.

Ten million rows are sorted into an index much faster once, afterwards, than one by one; and a foreign key is looked at
once for all rows. PostgreSQL only, in one transaction: what fails leaves every table with all that it had.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

Models = Sequence[type[Model]]

# Memory for sorting, and a log that need not reach the disk before we go on: until it commits, nothing is promised.
SETTINGS = ("SET LOCAL maintenance_work_mem = '512MB'", "SET LOCAL synchronous_commit = off", "SET LOCAL jit = off")
# Primary keys stay: other tables may point to them.
CONSTRAINTS = """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC"""
INDEXES = """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"""


@contextmanager
def bare(models: Models) -> Iterator[None]:
    """Within: the tables without their foreign keys and indexes. Call it in a transaction."""
    if connection.vendor != "postgresql":
        yield
        return
    # What is already written must not wait for its look at foreign keys until the end: a waiting table is locked.
    _run("SET CONSTRAINTS ALL IMMEDIATE", *SETTINGS)
    constraints, indexes = _rows(CONSTRAINTS, models), _rows(INDEXES, models)
    _run(*(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in constraints))
    _run(*(f"DROP INDEX {name}" for name, _ in indexes))
    yield
    _run(*(definition for _, definition in indexes))
    # Unique ones before the foreign keys, as they were read last.
    _run(*(f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}" for table, name, said in constraints))


def count_on(models: Models) -> None:
    """Let numbers that the database gives out begin after those that were written."""
    _run(*connection.ops.sequence_reset_sql(no_style(), models))


def settle(models: Models) -> None:
    """Tell the planner what is there now, and that all rows are visible to everybody."""
    if connection.vendor == "postgresql":
        how = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
        _run(*(f"{how} {connection.ops.quote_name(model._meta.db_table)}" for model in models))


def _rows(query: str, models: Models) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, [[connection.ops.quote_name(model._meta.db_table) for model in models]])
        return list(cursor.fetchall())


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
