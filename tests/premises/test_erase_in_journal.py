"""What is personal in an entry can be erased; the chain stays whole, and nobody can hide behind an erasure."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from premises import digests, erasure, journal, triggers
from premises.models import Condominium, JournalEntry, User
from tests.conftest import journal_open
from tests.premises.test_record_in_journal import tamper

Migrate = Callable[[str], object]
EMPTY: dict[str, Any] = {"subject": "", "data": {}, "salt": "", "is_erased": True}


@pytest.fixture
def entries(condominium: Condominium) -> list[JournalEntry]:
    return [journal.record(condominium, "seen", subject="ABC1D23", data={"owner": "Alice"}) for _ in range(4)]


@pytest.fixture
def migrated() -> Iterator[Migrate]:
    """Go to a migration; afterwards to the last of every app, since others may have gone back with it."""
    yield lambda name: MigrationExecutor(connection).migrate([("premises", name)])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def as_of_old(condominium: Condominium) -> JournalEntry:
    """An entry as it was written before digests were salted."""
    entry = journal.record(condominium, "seen", subject="ABC1D23", data={"owner": "Alice"})
    entry.version, entry.salt, entry.personal_digest = 1, "", ""
    entry.digest = digests.of_entry(entry)
    changed = {name: getattr(entry, name) for name in ("version", "salt", "personal_digest", "digest")}
    with journal_open():
        tamper(condominium, entry.sequence, **changed)
        condominium_head(condominium, entry)
    return entry


def condominium_head(condominium: Condominium, entry: JournalEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE premises_journalhead SET digest = %s", [entry.digest])


def why(condominium: Condominium) -> tuple[int, str] | None:
    misfit = journal.verify(condominium)
    return (misfit.sequence, misfit.why) if misfit else None


def test_what_is_personal_is_gone_and_the_chain_is_whole(
    condominium: Condominium, entries: list[JournalEntry], alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    assert journal.erase(condominium, entries[1:3], "asked for", actor=alice) == 2

    left = JournalEntry.objects.get(sequence=2)
    assert (left.subject, left.data, left.salt, left.is_erased) == ("", {}, "", True)
    assert (left.action, left.at, left.digest) == (entries[1].action, entries[1].at, entries[1].digest)
    assert why(condominium) is None
    call_command("verify_journal")
    assert "acacias: 5 entries fit, 2 of them erased; " in capsys.readouterr().out


def test_an_erasure_is_journalled_with_what_why_and_by_whom(
    condominium: Condominium, entries: list[JournalEntry], alice: User
) -> None:
    journal.erase(condominium, [entries[3], entries[0], entries[1]], "asked for", actor=alice)

    told = JournalEntry.objects.get(action="journal.erased")
    assert told.actor == "alice"
    assert told.data == {"why": "asked for", "entries": [[1, 2], [4, 4]], "rests": {}}


def test_an_entry_is_erased_once(condominium: Condominium, entries: list[JournalEntry]) -> None:
    journal.erase(condominium, entries[:1], "asked for")
    assert journal.erase(condominium, [JournalEntry.objects.get(sequence=1)], "again") == 0


def test_what_says_what_was_erased_is_never_erased(condominium: Condominium, entries: list[JournalEntry]) -> None:
    journal.erase(condominium, entries, "asked for")
    told = JournalEntry.objects.get(action="journal.erased")
    assert journal.erase(condominium, [told], "to hide it") == 0
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEntry.objects.filter(pk=told.pk).update(**EMPTY)


def test_every_entry_is_salted_by_itself(entries: list[JournalEntry]) -> None:
    assert len({entry.salt for entry in entries}) == len({entry.personal_digest for entry in entries}) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"subject": ""},
        {"subject": "", "data": {}, "salt": ""},
        {**EMPTY, "subject": "XYZ1D23"},
        {**EMPTY, "data": {"owner": "Bob"}},
        {**EMPTY, "salt": "ab"},
        {**EMPTY, "actor": "mallory"},
        {**EMPTY, "action": "nothing happened"},
        {**EMPTY, "personal_digest": "0" * 64},
        {**EMPTY, "digest": "0" * 64},
        {**EMPTY, "version": 1},
        {"is_erased": True},
    ],
)
def test_the_database_refuses_any_other_change(
    condominium: Condominium, entries: list[JournalEntry], change: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEntry.objects.filter(sequence=2).update(**change)


def test_the_database_refuses_to_bring_an_erased_entry_back(
    condominium: Condominium, entries: list[JournalEntry]
) -> None:
    journal.erase(condominium, entries, "asked for")
    for change in ({"is_erased": False}, {"subject": "ABC1D23"}, EMPTY):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            JournalEntry.objects.filter(sequence=2).update(**change)


def test_the_triggers_know_every_column_of_the_journal() -> None:
    columns = {str(field.column) for field in JournalEntry._meta.concrete_fields}
    assert columns == {*triggers.KEPT, *triggers.EMPTIED, "is_erased"}


def test_an_entry_emptied_without_a_word_is_found(condominium: Condominium, entries: list[JournalEntry]) -> None:
    """The triggers let it through; the chain does not."""
    JournalEntry.objects.filter(sequence=2).update(**EMPTY)
    assert why(condominium) == (2, "it was emptied, and no entry says that it was erased")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [{"actor": "mallory"}, {"action": "nothing"}, {"personal_digest": "0" * 64}])
def test_tampering_with_an_erased_entry_is_still_found(
    condominium: Condominium, entries: list[JournalEntry], change: dict[str, Any]
) -> None:
    journal.erase(condominium, entries[1:2], "asked for")
    with journal_open():
        tamper(condominium, 2, **change)
    assert why(condominium) == (2, "what is left of it was altered")


@pytest.mark.django_db(transaction=True)
def test_an_erased_entry_that_says_something_again_is_found(
    condominium: Condominium, entries: list[JournalEntry]
) -> None:
    journal.erase(condominium, entries[1:2], "asked for")
    with journal_open():
        tamper(condominium, 2, subject="XYZ1D23")
    assert why(condominium) == (2, "it is marked as erased and still says something")
    with journal_open():
        tamper(condominium, 2, is_erased=False)
    assert why(condominium) == (2, "its content was altered")


@pytest.mark.django_db(transaction=True)
def test_an_altered_entry_is_not_erased(condominium: Condominium, entries: list[JournalEntry]) -> None:
    with journal_open():
        tamper(condominium, 2, subject="XYZ1D23")
    with pytest.raises(erasure.AlteredError, match="Entry 2"):
        journal.erase(condominium, list(JournalEntry.objects.all()), "asked for")
    assert not JournalEntry.objects.filter(is_erased=True).exists()


@pytest.mark.django_db(transaction=True)
def test_an_old_entry_verifies_as_it_is_and_can_be_erased(condominium: Condominium) -> None:
    old = as_of_old(condominium)
    journal.record(condominium, "counted")
    assert why(condominium) is None

    journal.erase(condominium, [old], "asked for")

    assert JournalEntry.objects.get(sequence=1).subject == ""
    assert why(condominium) is None


@pytest.mark.django_db(transaction=True)
def test_tampering_with_an_old_erased_entry_is_found_too(condominium: Condominium) -> None:
    journal.erase(condominium, [as_of_old(condominium)], "asked for")
    with journal_open():
        tamper(condominium, 1, actor="mallory")
    assert why(condominium) == (1, "what is left of it was altered")


@pytest.mark.django_db(transaction=True)
def test_new_entries_bar_the_way_back(condominium: Condominium, migrated: Migrate) -> None:
    journal.record(condominium, "counted")
    with pytest.raises(RuntimeError, match="could not be verified"):
        migrated("0003_lockdown_places")
    assert why(condominium) is None


@pytest.mark.django_db(transaction=True)
def test_a_journal_of_old_entries_can_be_migrated_back_and_forth(condominium: Condominium, migrated: Migrate) -> None:
    as_of_old(condominium)
    migrated("0003_lockdown_places")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE premises_journalentry SET actor = 'mallory'")
    migrated("0004_erasable_journal")
    assert why(condominium) is None
