"""Keys are personal too: told to whom they are of, erased with them, their uses kept no longer than passages."""

import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from access import keepers, key_records, keys
from access.erasing import erase
from access.gathering import gather
from access.key_deciding import decide
from access.models import Key, RequestKind, SubjectRequest
from access.retention import Days
from access.subject_requests import open_request
from gates.key_wire import Read
from gates.models import Controller, Gate, GateCommand, KeyUse
from premises import journal
from premises.models import Condominium, JournalEntry, Person, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria(condominium: Condominium) -> Person:
    return Person.objects.create(condominium=condominium, name="Maria")


@pytest.fixture
def used(condominium: Condominium, maria: Person, alice: User) -> Key:
    """A tag of hers that opened a gate; another's opened it too."""
    controller = Controller.objects.create(condominium=condominium, name="Board", device="board-1", key="00" * 32)
    Gate.objects.create(condominium=condominium, controller=controller, name="Main gate")
    key = keys.give_tag(condominium, "77", "Maria", by=alice, person=maria)
    other = keys.give_tag(condominium, "78", "Ana Maria", by=alice)
    for each in (key, other):
        decide(controller, each.pk, Read(1, "tag", "00" * 8, 1000))
    return key


def asked(person: Person, by: User, kind: RequestKind) -> SubjectRequest:
    request = SubjectRequest(condominium=person.condominium, asked_by="Herself", kind=kind, person=person)
    return open_request(request, by=by)


def test_their_keys_are_in_the_archive_and_nobody_elses(used: Key, maria: Person, alice: User) -> None:
    request = gather(asked(maria, alice, RequestKind.ACCESS), by=alice)
    with request.archive.open() as file:
        [said] = json.loads(zipfile.ZipFile(file).read("keys.json"))
    assert (said["holder"], said["ending"], len(said["uses"])) == ("Maria", "77", 1)
    assert "digits" not in said


def test_they_are_erased_and_the_chain_stays_whole(used: Key, maria: Person, alice: User) -> None:
    erase(asked(maria, alice, RequestKind.ERASURE), by=alice)
    assert [key.holder for key in Key.objects.all()] == ["Ana Maria"]
    assert sorted(KeyUse.objects.values_list("key_name", flat=True)) == ["", "tag …78 · Ana Maria"]
    assert GateCommand.objects.filter(reason="").count() == 1
    told: list[Any] = [(entry.subject, entry.data) for entry in JournalEntry.objects.filter(is_erased=False)]
    assert "…77" not in str(told)
    assert "…78 · Ana Maria" in str(told)
    assert journal.verify(maria.condominium) is None


def test_uses_go_when_they_were_kept_long_enough(used: Key, condominium: Condominium) -> None:
    KeyUse.objects.filter(key_ref=used.pk).update(at=timezone.now() - timedelta(days=2000))
    assert keepers.purge(condominium, timezone.now()) == 1
    assert KeyUse.objects.count() == 1
    assert JournalEntry.objects.get(action="records.purged").data == {"keys": 1}


def test_what_an_open_request_asks_for_is_kept(used: Key, maria: Person, alice: User) -> None:
    KeyUse.objects.update(at=timezone.now() - timedelta(days=2000))
    asked(maria, alice, RequestKind.ACCESS)
    keepers.purge(maria.condominium, timezone.now())
    assert [use.key_ref for use in KeyUse.objects.all()] == [used.pk]


def test_an_unknown_one_is_kept_as_a_stranger(used: Key, condominium: Condominium) -> None:
    days = Days(strangers=30, visitors=90, registered=180, incidents=1095)
    KeyUse.objects.update(at=timezone.now() - timedelta(days=60))
    KeyUse.objects.filter(key_ref=used.pk).update(key_name="", key_ref=None, what="unknown")
    assert key_records.due(condominium.pk, timezone.now(), days).count() == 1
