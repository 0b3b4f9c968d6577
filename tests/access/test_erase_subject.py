"""What is kept about somebody is erased for good, and what happened can still be shown."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from access import corrections
from access.erasing import erase, plan
from access.gathering import gather
from access.looking import looked_at, looked_up
from access.mentions import without
from access.models import (
    Decision,
    Detection,
    Passage,
    Permit,
    RequestKind,
    SubjectRequest,
    Vehicle,
    WatchlistEntry,
)
from access.purging import purge
from access.subject_requests import RequestError, close, open_request
from access.vehicles import VehicleError, register_vehicle
from gates.models import GateCommand
from premises import journal
from premises.models import Condominium, JournalEntry, Person, User
from tests.access.conftest import ALICES, BOBS, STRANGERS, Road, read
from tests.conftest import journal_open

HOURS = timedelta(hours=2)


@pytest.fixture
def bobs(condominium: Condominium) -> Vehicle:
    owner = Person.objects.create(condominium=condominium, name="Bob")
    return register_vehicle(condominium, BOBS, by="tests", owner=owner)


def asked(condominium: Condominium, by: User, kind: RequestKind = RequestKind.ERASURE, **what: Any) -> SubjectRequest:
    return open_request(SubjectRequest(condominium=condominium, asked_by="Herself", kind=kind, **what), by=by)


def passed(road: Road, plate: str, times: int = 1) -> Passage:
    """A passage of some hours ago."""
    for _ in range(times):
        (passage,) = road.sees(read(plate))
    road.sees_nothing(after=100)
    before = {name: getattr(passage, name) - HOURS for name in ("opened_at", "last_seen_at")}
    Passage.objects.filter(pk=passage.pk).update(**before)
    return passage


def everything() -> str:
    """All that the database says, as text, but for what lists the ids of kinds."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("access_", "premises_", "gates_", "django_admin_log")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def files() -> list[Path]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return [path for path in root.rglob("*") if path.is_file()]


def replayed(passage: Passage) -> str:
    out = StringIO()
    call_command("replay_passage", str(passage.pk), stdout=out)
    return out.getvalue()


# --- what goes ------------------------------------------------------------------------------------------


def test_nothing_in_the_database_or_on_disk_says_the_plate_or_the_name_any_more(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User, bob: User
) -> None:
    passage = passed(road, ALICES)
    looked_at(passage, by=bob)
    looked_up(condominium.pk, ALICES, by=bob)
    journal.record(condominium, "person.changed", subject="Alice")
    kind = ContentType.objects.get_for_model(Vehicle)
    LogEntry.objects.create(
        user=alice, content_type=kind, object_id=str(vehicle.pk), object_repr=ALICES, action_flag=CHANGE
    )
    request = gather(asked(condominium, alice, person=vehicle.owner, plates=ALICES), by=alice)
    assert (ALICES in everything(), "Alice" in everything()) == (True, True)

    erased = erase(request, by=alice)

    assert (erased.passages, erased.vehicles, erased.people, erased.kept) == (1, 1, 1, [])
    assert (ALICES in everything(), "Alice" in everything()) == (False, False)
    assert files() == []
    assert journal.verify(condominium) is None


def test_that_a_vehicle_passed_stays(road: Road, vehicle: Vehicle, condominium: Condominium, alice: User) -> None:
    passage = passed(road, ALICES)
    before = (passage.lane_id, passage.outcome, passage.frames)
    erase(asked(condominium, alice, plates=ALICES), by=alice)

    passage.refresh_from_db()
    assert (passage.lane_id, passage.outcome, passage.frames) == before
    assert (passage.plate, passage.plate_key, passage.owner_name, passage.unit_name) == ("", "", "", "")
    assert passage.erased_at is not None
    assert Decision.objects.get().sentence == "registered, and may pass"
    assert (Detection.objects.count(), GateCommand.objects.get().reason) == (0, "")


def test_an_erased_vehicle_is_let_in_no_more(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passed(road, ALICES)
    erase(asked(condominium, alice, plates=ALICES), by=alice)
    assert (Vehicle.objects.count(), Permit.objects.count(), Person.objects.count()) == (0, 0, 1)


def test_others_keep_theirs(road: Road, vehicle: Vehicle, bobs: Vehicle, condominium: Condominium, alice: User) -> None:
    passed(road, ALICES)
    theirs = passed(road, BOBS)
    erase(asked(condominium, alice, person=vehicle.owner), by=alice)

    theirs.refresh_from_db()
    assert (theirs.plate, theirs.owner_name, theirs.detections.count()) == (BOBS, "Bob", 1)
    assert "It comes out the same." in replayed(theirs)


def test_a_plate_goes_out_of_decisions_about_others_too(
    road: Road, vehicle: Vehicle, bobs: Vehicle, condominium: Condominium, alice: User
) -> None:
    theirs = passed(road, BOBS)
    decision = Decision.objects.get(passage=theirs)
    decision.facts |= {"candidates": [ALICES, BOBS], "shares": {ALICES: 0.4, BOBS: 0.6}}
    decision.save()
    entry = journal.record(condominium, "passage.decided", passage_id=theirs.pk, data={"facts": decision.facts})

    erase(asked(condominium, alice, plates=ALICES), by=alice)

    decision.refresh_from_db()
    assert (decision.facts["candidates"], decision.facts["shares"]) == ([BOBS], {BOBS: 0.6})
    assert decision.facts["owner"] == "Bob"
    entry.refresh_from_db()
    assert entry.is_erased
    assert journal.verify(condominium) is None


def test_a_longer_plate_is_another_plate(condominium: Condominium, alice: User) -> None:
    journal.record(condominium, "vehicle.registered", subject="AB123CD")
    journal.record(condominium, "vehicle.registered", subject="AB12")
    assert erase(asked(condominium, alice, plates="AB12"), by=alice).entries == 1
    assert JournalEntry.objects.filter(subject="AB123CD", is_erased=False).exists()


def test_an_erasure_is_journalled_and_says_no_plate(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passed(road, ALICES)
    request = asked(condominium, alice, plates=ALICES)
    erase(request, by=alice)

    told = JournalEntry.objects.get(action="subjectrequest.erased")
    assert (told.actor, told.data["request"], told.data["passages"]) == ("alice", request.pk, 1)
    assert len(told.data["digest"]) == 64
    named = JournalEntry.objects.get(action="journal.erased")
    assert (named.actor, named.data["why"]) == ("alice", "erasure")
    assert (request.plates, request.person, request.erased_at is not None) == ("", None, True)


def test_a_closed_request_about_the_plate_forgets_it(condominium: Condominium, alice: User) -> None:
    first = asked(condominium, alice, RequestKind.ACCESS, plates=STRANGERS)
    close(first, by=alice)
    erase(asked(condominium, alice, plates=STRANGERS), by=alice)
    first.refresh_from_db()
    assert first.plates == ""


def test_tampering_with_what_was_erased_is_still_found(
    transactional_db: None, road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passage = passed(road, ALICES)
    erase(asked(condominium, alice, plates=ALICES), by=alice)
    entry = JournalEntry.objects.get(passage_id=passage.pk, action="passage.decided")
    with journal_open():
        JournalEntry.objects.filter(pk=entry.pk).update(at=entry.at - HOURS)
    misfit = journal.verify(condominium)
    assert misfit is not None
    assert (misfit.sequence, misfit.why) == (entry.sequence, "what is left of it was altered")


# --- afterwards -----------------------------------------------------------------------------------------


def test_replaying_an_erased_passage_says_so(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passage = passed(road, ALICES)
    erase(asked(condominium, alice, plates=ALICES), by=alice)
    with pytest.raises(CommandError, match=r"Entry \d+: what this decision rested on was erased"):
        replayed(passage)


def test_an_erased_passage_is_not_given_a_plate_again(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passage = passed(road, ALICES)
    erase(asked(condominium, alice, plates=ALICES), by=alice)
    with pytest.raises(VehicleError, match="was erased"):
        corrections.correct(Passage.objects.get(pk=passage.pk), ALICES, by=alice)


def test_the_same_vehicle_may_come_again(road: Road, vehicle: Vehicle, condominium: Condominium, alice: User) -> None:
    passed(road, ALICES)
    erase(asked(condominium, alice, plates=ALICES), by=alice)
    (again,) = road.sees(read(ALICES))
    assert (again.plate, Passage.objects.count()) == (ALICES, 2)


def test_a_purge_leaves_an_erased_passage_alone(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passed(road, ALICES)
    erase(asked(condominium, alice, plates=ALICES), by=alice)
    assert purge(condominium, timezone.now() + timedelta(days=5000)).ids == []
    assert Passage.objects.count() == 1


# --- what bars ------------------------------------------------------------------------------------------


def test_a_plate_on_the_watch_list_is_not_erased(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passage = passed(road, ALICES)
    entry = WatchlistEntry.objects.create(condominium=condominium, plate=ALICES, kind="banned")
    request = asked(condominium, alice, person=vehicle.owner)
    with pytest.raises(RequestError, match="ABC1D23 is on the watch-list, and kept while it is"):
        erase(request, by=alice)
    assert Passage.objects.get(pk=passage.pk).plate == ALICES

    entry.is_active = False
    entry.save()
    assert erase(request, by=alice).people == 1
    assert WatchlistEntry.objects.count() == 0


def test_a_passage_under_another_open_request_is_not_erased(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passed(road, ALICES)
    other = asked(condominium, alice, RequestKind.ACCESS, plates=ALICES)
    request = asked(condominium, alice, plates=ALICES)
    with pytest.raises(RequestError, match="named in another open request"):
        erase(request, by=alice)
    assert "It comes out the same." in replayed(Passage.objects.get())

    close(other, by=alice)
    assert erase(request, by=alice).passages == 1


def test_one_plate_of_two_may_be_barred(road: Road, vehicle: Vehicle, condominium: Condominium, alice: User) -> None:
    passed(road, ALICES)
    stranger = passed(road, STRANGERS, times=3)
    WatchlistEntry.objects.create(condominium=condominium, plate=STRANGERS, kind="stolen")
    request = asked(condominium, alice, plates=f"{ALICES}, {STRANGERS}")

    erased = erase(request, by=alice)

    assert (erased.passages, len(erased.kept)) == (1, 1)
    assert (request.plates, request.is_open) == (STRANGERS, True)
    assert Passage.objects.get(pk=stranger.pk).plate == STRANGERS


def test_a_vehicle_that_may_still_stand_there_is_left_for_later(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    (passage,) = road.sees(read(ALICES))
    request = asked(condominium, alice, plates=ALICES)
    found = plan(request, timezone.now())
    assert (found.passages, found.kept) == ([], ["1 passage is less than an hour old: erase it later."])

    erase(request, by=alice)
    assert "It comes out the same." in replayed(passage)


def test_a_buyers_erasure_leaves_the_sellers_time(
    road: Road, vehicle: Vehicle, bobs: Vehicle, condominium: Condominium, alice: User
) -> None:
    sellers = passed(road, ALICES)
    Vehicle.objects.filter(pk=vehicle.pk).update(owner=bobs.owner)
    erase(asked(condominium, alice, person=bobs.owner), by=alice)
    sellers.refresh_from_db()
    assert (sellers.owner_name, sellers.plate) == ("Alice", ALICES)
    assert "It comes out the same." in replayed(sellers)


def test_a_request_for_access_erases_nothing(condominium: Condominium, alice: User) -> None:
    with pytest.raises(RequestError, match="asks for nothing to be erased"):
        erase(asked(condominium, alice, RequestKind.ACCESS, plates=ALICES), by=alice)


def test_nobody_else_may(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User, bob: User, charlie: User
) -> None:
    passage = passed(road, ALICES)
    request = asked(condominium, alice, plates=ALICES)
    for other in (bob, charlie):
        with pytest.raises(PermissionDenied):
            erase(request, by=other)
    assert Passage.objects.get(pk=passage.pk).plate == ALICES


def test_another_condominium_keeps_what_it_knows(
    road: Road, vehicle: Vehicle, elsewhere: Condominium, charlie: User
) -> None:
    passage = passed(road, ALICES)
    erase(asked(elsewhere, charlie, plates=ALICES), by=charlie)
    passage.refresh_from_db()
    assert (passage.plate, Vehicle.objects.count()) == (ALICES, 1)


# --- failures -------------------------------------------------------------------------------------------


def test_an_altered_journal_bars_an_erasure(
    transactional_db: None, road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    passage = passed(road, ALICES)
    with journal_open():
        JournalEntry.objects.filter(passage_id=passage.pk, action="passage.decided").update(actor="mallory")
    with pytest.raises(RequestError, match="nothing was erased: Entry"):
        erase(asked(condominium, alice, plates=ALICES), by=alice)
    assert (Passage.objects.get().plate, files() != []) == (ALICES, True)


def test_a_picture_that_cannot_be_removed_is_swept_later(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed(road, ALICES)

    def broken(storage: Any, name: str) -> None:
        raise OSError("read-only")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", broken)
        assert erase(asked(condominium, alice, plates=ALICES), by=alice).files_left == 1
    assert (Passage.objects.get().plate, files() != []) == ("", True)

    purge(condominium, timezone.now() + timedelta(days=4))
    assert files() == []


def test_facts_that_name_nobody_stay() -> None:
    facts = {"plate": BOBS, "lane": "in", "shares": {ALICES: 0.1, BOBS: 0.9}, "stranger": 0.0}
    left = without(facts, frozenset({ALICES}))
    assert json.dumps(left) == json.dumps(facts | {"shares": {BOBS: 0.9}})
