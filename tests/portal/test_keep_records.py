"""Notes of the gatehouse, invitations and guests' links: told to whom they name, erased with them, kept for a time."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from access import guest_links, keepers
from access.erasing import erase, plan
from access.gathering import gather
from access.models import GuestLink, RequestKind, RetentionPolicy, SubjectRequest
from access.subject_requests import close, open_request
from access.vehicles import register_vehicle
from portal import duty
from portal.accounts import invitations
from portal.models import Invitation, Note, Shift
from premises import journal
from premises.models import Condominium, JournalEntry, Membership, Person, Unit, User
from premises.roles import Role
from tests.portal.conftest import home_of

PLATE = "BRA2E19"
NEIGHBOURS = "QQX0Q17"


@pytest.fixture
def hers(condominium: Condominium, unit: Unit, dora: User) -> Person:
    """Dora, with a vehicle and an e-mail."""
    person = Membership.objects.get(user=dora).person
    assert person is not None
    Person.objects.filter(pk=person.pk).update(name="Dora Lima", email="dora@example.org")
    person.refresh_from_db()
    register_vehicle(condominium, PLATE, by="tests", owner=person)
    return person


def asked(condominium: Condominium, by: User, kind: RequestKind = RequestKind.ACCESS, **what: Any) -> SubjectRequest:
    return open_request(SubjectRequest(condominium=condominium, asked_by="Herself", kind=kind, **what), by=by)


def told(request: SubjectRequest, by: User, name: str) -> list[dict[str, Any]]:
    gather(request, by=by)
    with request.archive.open() as file:
        found: list[dict[str, Any]] = json.loads(zipfile.ZipFile(io.BytesIO(file.read())).read(name))
    return found


def note(condominium: Condominium, text: str, by: User, days_ago: int = 0, done: bool = False) -> Note:
    row = duty.leave_note(condominium, text, by=by)
    at = timezone.now() - timedelta(days=days_ago)
    Note.objects.filter(pk=row.pk).update(at=at, done_at=at if done else None)
    return row


# --- told -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Parcel for DORA LIMA", "bra2e19 blocks the way", "The grey BRA-2E19", "BRA 2E19 again", "BRA2419 too"]
)
def test_a_note_is_told_to_whom_it_names_however_it_is_written(
    condominium: Condominium, hers: Person, alice: User, bob: User, text: str
) -> None:
    note(condominium, text, bob)
    (row,) = told(asked(condominium, alice, person=hers), alice, "gatehouse-notes.json")
    assert (row["note"], row["by"]) == (text, "bob")


@pytest.mark.parametrize("text", ["Parcel for Dora", "XBRA2E19", "BRA2E190", "The gate squeaks", "Dora Limaverde"])
def test_a_note_about_somebody_else_is_not(
    condominium: Condominium, hers: Person, alice: User, bob: User, text: str
) -> None:
    note(condominium, text, bob)
    assert told(asked(condominium, alice, person=hers), alice, "gatehouse-notes.json") == []


def test_nobody_elses_name_or_plate_is_told_with_it(
    condominium: Condominium, hers: Person, alice: User, bob: User
) -> None:
    Person.objects.create(condominium=condominium, name="Emil Souza")
    note(condominium, f"{PLATE} scratched {NEIGHBOURS} of Emil Souza", bob)
    (row,) = told(asked(condominium, alice, plates=PLATE), alice, "gatehouse-notes.json")
    assert row["note"] == f"{PLATE} scratched […] of […]"


def test_invitations_are_told_to_whom_they_were_sent(condominium: Condominium, hers: Person, alice: User) -> None:
    sent = [
        Invitation(condominium=condominium, email="other@example.org", role=Role.RESIDENT, person=hers),
        Invitation(condominium=condominium, email="Dora@Example.org", role=Role.GUARD),
        Invitation(condominium=condominium, email="emil@example.org", role=Role.GUARD),
    ]
    for row in sent:
        invitations.invite(row, by=alice)
    rows = told(asked(condominium, alice, person=hers), alice, "invitations.json")
    assert sorted(row["email"] for row in rows) == ["dora@example.org", "other@example.org"]
    assert "token" not in json.dumps(rows)


def test_whom_a_link_was_for_is_told_only_to_who_made_it(
    condominium: Condominium, hers: Person, dora: User, alice: User
) -> None:
    until = timezone.now() + timedelta(hours=5)
    link, _token = guest_links.invite(home_of(dora), valid_until=until, note="The plumber")
    guest_links.use(link, NEIGHBOURS, "Marina")

    (own,) = told(asked(condominium, alice, person=hers), alice, "guest-links.json")
    (guests,) = told(asked(condominium, alice, plates=NEIGHBOURS), alice, "guest-links.json")

    assert (own["for_whom"], own["unit"]) == ("The plumber", "A 101")
    assert set(guests) == {"created_at", "valid_from", "valid_until", "used_at", "taken_back_at"}


def test_charlies_archive_has_nothing_of_it(
    condominium: Condominium, elsewhere: Condominium, hers: Person, bob: User, charlie: User
) -> None:
    note(condominium, f"{PLATE} for Dora Lima", bob)
    other = Person.objects.create(condominium=elsewhere, name="Dora Lima", email="dora@example.org")
    request = asked(elsewhere, charlie, person=other, plates=PLATE)
    for name in ("gatehouse-notes.json", "invitations.json", "guest-links.json"):
        assert told(request, charlie, name) == []


# --- erased ---------------------------------------------------------------------------------------------


def test_an_erasure_takes_them_and_the_journal_stays_whole(
    condominium: Condominium, hers: Person, dora: User, alice: User, bob: User
) -> None:
    kept = note(condominium, "The gate squeaks", bob)
    note(condominium, f"{PLATE} blocks the way", bob)
    invitations.invite(Invitation(condominium=condominium, email="dora@example.org", role=Role.GUARD), by=alice)
    until = timezone.now() + timedelta(hours=5)
    guest_links.invite(home_of(dora), valid_until=until, note="The plumber")
    request = asked(condominium, alice, RequestKind.ERASURE, person=hers)

    found = {str(each.keeper.words): len(each.rows) for each in plan(request, timezone.now()).records}
    erased = erase(request, by=alice)

    assert found == {"notes of the gatehouse": 1, "guests' links": 1, "invitations": 1}
    assert erased.records == 3
    assert list(Note.objects.all()) == [kept]
    assert (Invitation.objects.count(), GuestLink.objects.count()) == (0, 0)
    assert not JournalEntry.objects.filter(subject="dora@example.org").exists()
    assert JournalEntry.objects.get(action="guest.invited").is_erased
    assert journal.verify(condominium) is None


def test_what_of_the_person_is_kept_keeps_its_records(
    condominium: Condominium, hers: Person, dora: User, alice: User, bob: User
) -> None:
    """Another open request names the person."""
    note(condominium, "Parcel for Dora Lima", bob)
    asked(condominium, alice, person=hers)
    request = asked(condominium, alice, RequestKind.ERASURE, person=hers)
    assert plan(request, timezone.now()).records == []


# --- kept for a time ------------------------------------------------------------------------------------


def test_notes_go_after_their_days_and_those_that_stand_too(condominium: Condominium, bob: User) -> None:
    kept = note(condominium, "Done lately", bob, days_ago=89, done=True)
    note(condominium, "Done long ago", bob, days_ago=91, done=True)
    note(condominium, "Stands since long", bob, days_ago=91)
    long_ago = timezone.now() - timedelta(days=91)
    Shift.objects.create(condominium=condominium, guard_name="bob", began_at=long_ago, ended_at=long_ago)

    assert keepers.purge(condominium, timezone.now()) == 3

    assert (list(Note.objects.all()), Shift.objects.count()) == ([kept], 0)
    assert JournalEntry.objects.get(action="records.purged").data == {"gatehouse-notes": 3}


def test_the_condominium_says_for_how_long(condominium: Condominium, bob: User) -> None:
    RetentionPolicy.objects.create(condominium=condominium, notes_days=7)
    note(condominium, "Last week", bob, days_ago=8)
    assert keepers.purge(condominium, timezone.now()) == 1


def test_what_an_open_request_names_is_not_purged(
    condominium: Condominium, hers: Person, alice: User, bob: User
) -> None:
    note(condominium, f"{PLATE} blocks the way", bob, days_ago=91)
    request = asked(condominium, alice, plates=PLATE)
    assert keepers.purge(condominium, timezone.now()) == 0
    close(request, by=alice)
    assert keepers.purge(condominium, timezone.now()) == 1


def test_old_invitations_go_by_themselves(condominium: Condominium, alice: User) -> None:
    invitations.invite(Invitation(condominium=condominium, email="dora@example.org", role=Role.GUARD), by=alice)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=91))
    assert keepers.purge(condominium, timezone.now()) == 1
    assert not Invitation.objects.exists()
