"""Database triggers that refuse to change or delete what the journal holds."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "premises_journalentry"
REFUSAL = "the journal is append-only"

SQLITE = [
    f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("UPDATE", "DELETE")
]
# INSERT OR REPLACE deletes without waking a trigger for DELETE.
SAME_PLACE = "id = NEW.id OR (condominium_id = NEW.condominium_id AND sequence = NEW.sequence)"
SQLITE += [
    f"CREATE TRIGGER journal_no_replace BEFORE INSERT ON {TABLE} "
    f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {SAME_PLACE}) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
]
POSTGRESQL = [
    f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    f"CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
]
SQLITE_REMOVE = [f"DROP TRIGGER journal_no_{verb}" for verb in ("update", "delete", "replace")]
POSTGRESQL_REMOVE = [
    f"DROP TRIGGER journal_no_change ON {TABLE}",
    f"DROP TRIGGER journal_no_truncate ON {TABLE}",
    "DROP FUNCTION journal_refuse()",
]


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For migrating back, and for tests that tamper. The site itself never calls it."""
    _run(schema_editor, {"sqlite": SQLITE_REMOVE, "postgresql": POSTGRESQL_REMOVE})


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, list[str]]) -> None:
    """A database of another make raises KeyError: without triggers there is no journal."""
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
