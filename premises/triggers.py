"""Database triggers that refuse to change or delete what the journal holds.

One change is let through: what is personal in an entry may become empty (`premises.erasure`), all else staying as it
is.
"""

from collections.abc import Mapping, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Edition = Mapping[str, tuple[Sequence[str], Sequence[str]]]

TABLE = "premises_journalentry"
REFUSAL = "the journal is append-only"
# What says which entries were erased is never erased itself.
ERASED = "journal.erased"

KEPT = (
    "id",
    "condominium_id",
    "sequence",
    "at",
    "actor",
    "action",
    "passage_id",
    "version",
    "personal_digest",
    "previous_digest",
    "digest",
)
EMPTIED = {"subject": "''", "data": "'{}'", "salt": "''"}


def _erases(same: str) -> str:
    """The condition of the one change that is let through; `same` compares two values of which both may be NULL."""
    empty = [f"NEW.{column} = {nothing}" for column, nothing in EMPTIED.items()]
    kept = [f"NEW.{column} {same} OLD.{column}" for column in KEPT]
    once = ["NEW.is_erased", "NOT OLD.is_erased", f"OLD.action <> '{ERASED}'"]
    return " AND ".join([*once, *empty, *kept])


def _sqlite_refusal(name: str, event: str, when: str = "") -> str:
    condition = f"WHEN {when} " if when else ""
    return (
        f"CREATE TRIGGER journal_no_{name} BEFORE {event} ON {TABLE} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


# INSERT OR REPLACE deletes without waking a trigger for DELETE.
SAME_PLACE = "id = NEW.id OR (condominium_id = NEW.condominium_id AND sequence = NEW.sequence)"
SQLITE_OTHERS = [
    _sqlite_refusal("delete", "DELETE"),
    _sqlite_refusal("replace", "INSERT", f"EXISTS (SELECT 1 FROM {TABLE} WHERE {SAME_PLACE})"),
]
SQLITE_REMOVE = [f"DROP TRIGGER journal_no_{verb}" for verb in ("update", "delete", "replace")]

# Of a statement that truncates there is no NEW.
PLPGSQL = "CREATE FUNCTION journal_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
REFUSE = PLPGSQL.format(name="refuse", body=f"RAISE EXCEPTION '{REFUSAL}';")
ONLY_ERASE = PLPGSQL.format(
    name="only_erase",
    body=f"IF COALESCE({_erases('IS NOT DISTINCT FROM')}, false) THEN RETURN NEW; END IF; RAISE EXCEPTION '{REFUSAL}';",
)


def _postgresql_refusal(name: str, event: str, how: str, function: str = "refuse") -> str:
    return (
        f"CREATE TRIGGER journal_no_{name} BEFORE {event} ON {TABLE} "
        f"FOR EACH {how} EXECUTE FUNCTION journal_{function}()"
    )


TRUNCATE = _postgresql_refusal("truncate", "TRUNCATE", "STATEMENT")
POSTGRESQL_REMOVE = [
    f"DROP TRIGGER journal_no_change ON {TABLE}",
    f"DROP TRIGGER journal_no_truncate ON {TABLE}",
    "DROP FUNCTION journal_refuse()",
]

# What migration 0002 installed, and what holds since 0010: how to put it there, and how to take it away.
STRICT: Edition = {
    "sqlite": ([_sqlite_refusal("update", "UPDATE"), *SQLITE_OTHERS], SQLITE_REMOVE),
    "postgresql": ([REFUSE, _postgresql_refusal("change", "UPDATE OR DELETE", "ROW"), TRUNCATE], POSTGRESQL_REMOVE),
}
ERASING: Edition = {
    "sqlite": (
        [_sqlite_refusal("update", "UPDATE", f"NOT COALESCE({_erases('IS')}, 0)"), *SQLITE_OTHERS],
        SQLITE_REMOVE,
    ),
    "postgresql": (
        [
            REFUSE,
            ONLY_ERASE,
            _postgresql_refusal("update", "UPDATE", "ROW", "only_erase"),
            _postgresql_refusal("change", "DELETE", "ROW"),
            TRUNCATE,
        ],
        [f"DROP TRIGGER journal_no_update ON {TABLE}", "DROP FUNCTION journal_only_erase()", *POSTGRESQL_REMOVE],
    ),
}


def install(schema_editor: BaseDatabaseSchemaEditor, edition: Edition = ERASING) -> None:
    """A database of another make raises KeyError: without triggers there is no journal."""
    for statement in edition[schema_editor.connection.vendor][0]:
        schema_editor.execute(statement)


def remove(schema_editor: BaseDatabaseSchemaEditor, edition: Edition = ERASING) -> None:
    """For migrating, and for tests that tamper. The site itself never calls it."""
    for statement in edition[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement)
