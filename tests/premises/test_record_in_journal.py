"""The journal takes entries, keeps them, and shows which one was altered."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from premises import journal
from premises.models import Condominium, JournalEntry, JournalHead, User
from tests.conftest import journal_open


def test_entries_are_numbered_and_tied_together(condominium: Condominium, alice: User) -> None:
    first = journal.record(condominium, "gate.opened", actor=alice, subject="Main gate")
    second = journal.record(condominium, "gate.closed")
    assert (first.sequence, second.sequence) == (1, 2)
    assert second.previous_digest == first.digest
    assert (first.actor, second.actor) == ("alice", "cancela")


def test_every_condominium_has_a_chain_of_its_own(condominium: Condominium, elsewhere: Condominium) -> None:
    journal.record(condominium, "one")
    assert journal.record(elsewhere, "two").sequence == 1


@pytest.mark.parametrize("change", [{"action": "nothing happened"}, {"data": {"plate": "XYZ"}}])
def test_the_database_refuses_to_change_an_entry(condominium: Condominium, change: dict[str, object]) -> None:
    journal.record(condominium, "gate.opened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEntry.objects.update(**change)


def test_the_database_refuses_to_delete_an_entry(condominium: Condominium) -> None:
    journal.record(condominium, "gate.opened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEntry.objects.all()._raw_delete("default")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
def test_the_database_refuses_to_replace_an_entry(condominium: Condominium) -> None:
    entry = journal.record(condominium, "gate.opened")
    columns = ", ".join(str(field.column) for field in JournalEntry._meta.fields)
    copy = f"INSERT OR REPLACE INTO premises_journalentry ({columns}) SELECT {columns} FROM premises_journalentry"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copy)
    assert JournalEntry.objects.get() == entry


def test_an_untouched_chain_verifies(condominium: Condominium) -> None:
    for number in range(5):
        journal.record(condominium, "counted", data={"number": number, "text": "ção"})
    assert journal.verify(condominium) is None


def tamper(condominium: Condominium, sequence: int, **change: object) -> None:
    JournalEntry.objects.filter(condominium=condominium, sequence=sequence).update(**change)


@pytest.mark.django_db(transaction=True)
def test_the_first_altered_entry_is_named(condominium: Condominium) -> None:
    for number in range(4):
        journal.record(condominium, "counted", data={"number": number})
    with journal_open():
        tamper(condominium, 3, data={"number": 7})
    misfit = journal.verify(condominium)
    assert misfit is not None
    assert (misfit.sequence, misfit.why) == (3, "its content was altered")


@pytest.mark.django_db(transaction=True)
def test_a_deleted_entry_is_named(condominium: Condominium) -> None:
    for _number in range(4):
        journal.record(condominium, "counted")
    with journal_open():
        JournalEntry.objects.filter(sequence=2)._raw_delete("default")
    misfit = journal.verify(condominium)
    assert misfit is not None
    assert (misfit.sequence, misfit.why) == (2, "missing: the next entry is 3")


@pytest.mark.django_db(transaction=True)
def test_a_cut_end_is_noticed(condominium: Condominium) -> None:
    for _number in range(3):
        journal.record(condominium, "counted")
    with journal_open():
        JournalEntry.objects.filter(sequence=3)._raw_delete("default")
    misfit = journal.verify(condominium)
    assert misfit is not None
    assert misfit.sequence == 3


def test_the_command_says_that_all_fits(condominium: Condominium, capsys: pytest.CaptureFixture[str]) -> None:
    journal.record(condominium, "counted")
    call_command("verify_journal")
    digest = JournalHead.objects.get().digest
    assert capsys.readouterr().out == f"acacias: 1 entries fit; the last digest is {digest}\n"


@pytest.mark.django_db(transaction=True)
def test_the_command_fails_where_something_does_not_fit(condominium: Condominium) -> None:
    journal.record(condominium, "counted")
    with journal_open():
        tamper(condominium, 1, actor="mallory")
    with pytest.raises(CommandError, match="1 of 1 journals do not fit"):
        call_command("verify_journal")
