"""What was kept long enough is taken away, strangers first; the journal says what that was, and stays whole."""

import logging
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.utils import timezone

from access import purging, tasks
from access.models import (
    Decision,
    Detection,
    Lane,
    OpeningPhoto,
    Passage,
    Permit,
    RetentionPolicy,
    SubjectRequest,
    Vehicle,
    WatchlistEntry,
)
from access.purging import purge, rehearse
from access.reasons import Reason
from access.retention import Days, Kept, PassageFacts, class_of, ends_at, is_visit
from access.subject_requests import close, open_request
from gates.models import Gate, GateCommand
from premises import journal
from premises.models import Condominium, JournalEntry, User
from tests.access.conftest import ALICES, STRANGERS, Road, jpeg, read

DAYS = Days(strangers=30, visitors=90, registered=180, incidents=1095)
MONTH = timedelta(days=31)


def later(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def files() -> list[str]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def strangers_passage(road: Road) -> Passage:
    for _ in range(3):
        (passage,) = road.sees(read(STRANGERS))
    road.sees_nothing(after=100)
    return passage


# --- the rule -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (PassageFacts(), Kept.STRANGERS),
        (PassageFacts(Reason.UNKNOWN_PLATE), Kept.STRANGERS),
        (PassageFacts(Reason.PERMITTED, registered=True), Kept.REGISTERED),
        (PassageFacts(Reason.NO_PERMIT, registered=True), Kept.REGISTERED),
        (PassageFacts(Reason.PERMITTED, registered=True, visitor=True), Kept.VISITORS),
        (PassageFacts(Reason.WATCHLISTED, registered=True, visitor=True), Kept.INCIDENTS),
        (PassageFacts(Reason.WATCHLISTED), Kept.INCIDENTS),
        (PassageFacts(Reason.PERMITTED, watched=True, registered=True), Kept.INCIDENTS),
    ],
)
def test_a_passage_is_of_one_class(facts: PassageFacts, kept: Kept) -> None:
    assert class_of(facts) == kept


@pytest.mark.parametrize(
    ("lasts", "visit"), [(timedelta(hours=4), True), (MONTH, True), (MONTH * 2, False), (None, False)]
)
def test_a_short_permit_is_a_visitors(lasts: timedelta | None, visit: bool) -> None:
    now = timezone.now()
    assert is_visit("resident", now, now + lasts if lasts else None) is visit


def test_a_visitors_permit_is_a_visitors_however_long_it_lasts() -> None:
    assert is_visit("visitor", timezone.now(), None)


def test_strangers_are_kept_shortest_and_incidents_longest() -> None:
    now = timezone.now()
    ends = [ends_at(kept, now, DAYS) for kept in Kept]
    assert ends == sorted(ends)
    assert DAYS.shortest == timedelta(days=30)


# --- the verb -------------------------------------------------------------------------------------------


def test_a_stranger_goes_first_and_a_resident_later(road: Road, vehicle: Vehicle, condominium: Condominium) -> None:
    stranger = strangers_passage(road)
    (resident,) = road.sees(read(ALICES))

    assert purge(condominium, later(29)).ids == []
    assert purge(condominium, later(31)).ids == [stranger.pk]
    assert purge(condominium, later(179)).ids == []
    assert purge(condominium, later(181)).ids == [resident.pk]
    assert Passage.objects.count() == Detection.objects.count() == Decision.objects.count() == 0


def test_a_visitor_goes_before_a_resident(road: Road, vehicle: Vehicle, condominium: Condominium) -> None:
    Permit.objects.update(valid_until=later(2))
    road.sees(read(ALICES))

    assert purge(condominium, later(89)).ids == []
    assert purge(condominium, later(91)).passages == {"visitors": 1}


def test_a_visitor_who_came_too_late_is_one_all_the_same(
    road: Road, vehicle: Vehicle, condominium: Condominium
) -> None:
    Permit.objects.update(valid_from=later(-3), valid_until=later(-1))
    road.sees(read(ALICES))

    assert Passage.objects.get().reason == Reason.EXPIRED
    assert purge(condominium, later(91)).passages == {"visitors": 1}


def test_what_is_put_on_the_watch_list_afterwards_is_kept_longest(road: Road, condominium: Condominium) -> None:
    strangers_passage(road)
    WatchlistEntry.objects.create(condominium=condominium, plate=STRANGERS, kind="stolen")

    assert purge(condominium, later(1000)).ids == []
    assert purge(condominium, later(1096)).passages == {"incidents": 1}


def test_the_condominiums_own_days_count(road: Road, condominium: Condominium) -> None:
    RetentionPolicy.objects.create(condominium=condominium, strangers_days=7)
    strangers_passage(road)

    assert len(purge(condominium, later(8)).ids) == 1


def test_the_pictures_go_with_the_passage(road: Road, condominium: Condominium) -> None:
    strangers_passage(road)
    assert files() != []

    assert purge(condominium, later(31)).files_left == 0

    assert files() == []
    assert not default_storage.exists(f"{condominium.pk}/{road.now:%Y/%m/%d}")


def test_the_journal_says_what_was_purged_and_no_plate(road: Road, condominium: Condominium) -> None:
    passage = strangers_passage(road)
    purge(condominium, later(31))

    told = JournalEntry.objects.get(action="passages.purged")
    assert told.data["passages"] == {"strangers": 1}
    assert told.data["from"] == told.data["to"]
    assert len(told.data["digest"]) == 64
    assert STRANGERS not in str(list(JournalEntry.objects.values_list("subject", "data")))
    assert JournalEntry.objects.filter(passage_id=passage.pk, is_erased=True).exists()
    assert journal.verify(condominium) is None


def test_a_gate_command_outlives_its_passage_without_its_words(
    road: Road, vehicle: Vehicle, condominium: Condominium
) -> None:
    road.sees(read(ALICES))
    assert "Alice" in GateCommand.objects.get().reason

    purge(condominium, later(181))

    assert GateCommand.objects.get().reason == ""


def test_a_run_that_finds_nothing_writes_nothing(condominium: Condominium) -> None:
    purge(condominium, later(31))
    assert JournalEntry.objects.count() == 0


def test_a_run_ends_at_its_limit_and_the_next_goes_on(
    road: Road, condominium: Condominium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(5):
        strangers_passage(road)

    first = purge(condominium, later(31), most=3)
    assert (len(first.ids), first.more) == (3, True)
    rest = purge(condominium, later(31), most=3)
    assert (len(rest.ids), rest.more) == (2, False)


def test_another_condominium_is_left_alone(road: Road, elsewhere: Condominium) -> None:
    strangers_passage(road)
    assert purge(elsewhere, later(31)).ids == []
    assert Passage.objects.count() == 1


# --- held -----------------------------------------------------------------------------------------------


def asked(condominium: Condominium, by: User, **what: Any) -> SubjectRequest:
    return open_request(SubjectRequest(condominium=condominium, asked_by="Somebody", **what), by=by)


def test_a_passage_that_an_open_request_names_survives(road: Road, condominium: Condominium, alice: User) -> None:
    passage = strangers_passage(road)
    request = asked(condominium, alice, plates=STRANGERS)

    assert purge(condominium, later(5000)).ids == []

    close(request, by=alice)
    assert purge(condominium, later(5000)).ids == [passage.pk]


def test_a_persons_passages_are_held_too(road: Road, vehicle: Vehicle, condominium: Condominium, alice: User) -> None:
    road.sees(read(ALICES))
    asked(condominium, alice, person=vehicle.owner)
    assert purge(condominium, later(5000)).ids == []


def test_a_request_opened_during_a_run_is_seen_by_the_next_batch(
    road: Road, condominium: Condominium, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers_passage(road)
    due = list(purging.passages_due(condominium, later(31)))
    asked(condominium, alice, plates=STRANGERS)
    monkeypatch.setattr(purging, "passages_due", lambda *arguments: iter(due))

    assert purge(condominium, later(31)).ids == []
    assert files() != []


# --- files ----------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_removed_leaves_the_rows_consistent(
    road: Road, condominium: Condominium, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = strangers_passage(road), strangers_passage(road)
    delete = FileSystemStorage.delete

    def broken(storage: Any, name: str) -> None:
        if str(first.pk) in name:
            raise OSError("read-only")
        delete(storage, name)

    with monkeypatch.context() as patch, caplog.at_level(logging.CRITICAL, "access"):
        patch.setattr(FileSystemStorage, "delete", broken)
        done = purge(condominium, later(31))
    assert set(done.ids) == {first.pk, second.pk}
    assert (done.files_left > 0, Passage.objects.count(), files() != []) == (True, 0, True)

    purge(condominium, later(32))
    assert files() == []


def test_a_batch_that_fails_keeps_rows_and_files(
    road: Road, condominium: Condominium, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers_passage(road)
    before = files()

    def broken(*arguments: Any) -> None:
        raise OSError("no journal")

    monkeypatch.setattr("access.purging.journal.erase", broken)
    with pytest.raises(OSError, match="no journal"):
        purge(condominium, later(31))
    assert (Passage.objects.count(), files()) == (1, before)


def test_a_folder_without_a_passage_is_swept_when_it_is_old(condominium: Condominium) -> None:
    folder = f"{condominium.pk}/{timezone.now():%Y/%m/%d}/{uuid4()}"
    default_storage.save(f"{folder}/frame.jpg", ContentFile(jpeg()))

    purge(condominium, later(1))
    assert default_storage.exists(f"{folder}/frame.jpg")
    purge(condominium, later(4))
    assert not default_storage.exists(folder)


def test_photos_of_openings_without_a_passage_go_like_visitors(
    lane: Lane, gate: Gate, condominium: Condominium
) -> None:
    now = timezone.now()
    command = GateCommand.objects.create(
        condominium=condominium,
        gate=gate,
        requested_by_name="bob",
        reason="Visitor",
        pulse_ms=500,
        requested_at=now,
        expires_at=now,
    )
    photo = OpeningPhoto(condominium=condominium, command_id=command.pk, lane=lane, taken_at=now, frame_digest="0" * 64)
    photo.frame.save("photo.jpg", ContentFile(jpeg()))

    assert purge(condominium, later(89)).photos == 0
    assert rehearse(condominium, later(91)).photos == 1
    assert purge(condominium, later(91)).photos == 1
    assert (OpeningPhoto.objects.count(), files()) == (0, [])


# --- task and command -----------------------------------------------------------------------------------


def test_the_task_purges_and_shrugs_at_a_condominium_that_is_gone(road: Road, condominium: Condominium) -> None:
    strangers_passage(road)
    Passage.objects.update(last_seen_at=timezone.now() - timedelta(days=31))

    tasks.purge_condominium.apply((condominium.pk,))
    tasks.purge_condominium.apply((condominium.pk + 1000,))

    assert Passage.objects.count() == 0


def test_the_command_says_what_it_would_do_and_does_it(road: Road, condominium: Condominium) -> None:
    strangers_passage(road)
    Passage.objects.update(last_seen_at=timezone.now() - timedelta(days=31))

    def told(*options: str) -> str:
        out = StringIO()
        call_command("purge", *options, stdout=out)
        return out.getvalue()

    assert told("--dry-run") == "acacias: 1 passages would be purged (1 of strangers), 0 photos of openings\n"
    assert Passage.objects.count() == 1
    assert told().splitlines() == [
        "acacias: 0 notes, invitations and links purged",
        "acacias: 1 passages purged (1 of strangers), 0 photos of openings",
    ]
    assert Passage.objects.count() == 0
