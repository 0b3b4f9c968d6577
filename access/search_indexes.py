"""How PostgreSQL finds passages by a part of a plate or of a name. SQLite looks at every row; it keeps few."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Three characters at a time, of every column that is searched; in one index, so that either of them may hold the part.
# Without a list of what is yet to be taken in: its turn would come within somebody's decision.
INDEX = """CREATE INDEX passages_search ON access_passage USING gin (
    plate gin_trgm_ops, plate_key gin_trgm_ops, corrected_plate gin_trgm_ops,
    upper(unit_name::text) gin_trgm_ops, upper(owner_name::text) gin_trgm_ops
) WITH (fastupdate = off)"""
# With a closer look at which plates there are the planner knows a rare part from a frequent one.
CLOSER = [f"ALTER TABLE access_passage ALTER COLUMN {column} SET STATISTICS 1000" for column in ("plate", "plate_key")]
# A lane is of one condominium, and who passes it is not chosen by lot: without these the planner takes what is frequent
# for rare, and gathers all of it.
TOGETHER = [
    "CREATE STATISTICS passages_together (dependencies, mcv)"
    " ON condominium_id, lane_id, outcome, reason FROM access_passage",
    "ALTER STATISTICS passages_together SET STATISTICS 1000",
]
CREATE = ["CREATE EXTENSION IF NOT EXISTS pg_trgm", INDEX, *CLOSER]
DROP = ["DROP INDEX passages_search", *(statement.replace("1000", "-1") for statement in CLOSER)]


def create(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, CREATE)


def drop(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The extension stays: another application may use it by now."""
    _run(schema_editor, DROP)


def know_together(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, TOGETHER)


def forget_together(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, ["DROP STATISTICS passages_together"])


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)
