"""What a data-subject request asks for is done by a worker, in slices, once; who died over it is replaced."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.utils import timezone

from access import erasing, request_work
from access.models import (
    Passage,
    RequestKind,
    RequestWork,
    RunState,
    SubjectRequest,
    Vehicle,
    WatchlistEntry,
    WorkKind,
)
from access.subject_requests import RequestError, close, open_request
from premises import journal
from premises.models import Condominium, JournalEntry, User
from tests.access.conftest import ALICES, Road, read

HOURS = timedelta(hours=2)
LATER = timedelta(minutes=11)


@pytest.fixture
def passages(road: Road, vehicle: Vehicle) -> list[Passage]:
    """Twelve of Alice's, some hours ago."""
    for _ in range(12):
        road.sees(read(ALICES))
        road.sees_nothing(after=100)
    Passage.objects.update(last_seen_at=timezone.now() - HOURS)
    return list(Passage.objects.order_by("opened_at", "pk"))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice has no time for more than its first batch."""
    monkeypatch.setattr(request_work, "SLICE", 0.0)


def asked(condominium: Condominium, by: User, kind: WorkKind = WorkKind.GATHER) -> RequestWork:
    request = SubjectRequest(condominium=condominium, asked_by="Herself", plates=ALICES, kind=RequestKind.ERASURE)
    return request_work.ask(open_request(request, by=by), kind, by=by)


def again(work: RequestWork) -> RequestWork:
    return RequestWork.objects.get(pk=work.pk)


def drafts() -> list[str]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return sorted(path.name for path in root.rglob("*.part*"))


def told(work: RequestWork) -> Any:
    with again(work).request.archive.open() as file:
        return json.loads(zipfile.ZipFile(io.BytesIO(file.read())).read("passages.json"))


def test_an_archive_is_gathered_in_slices(
    condominium: Condominium, alice: User, passages: list[Passage], hurried: None
) -> None:
    work, seen = asked(condominium, alice), []
    while request_work.proceed(work.pk, work.tries):
        seen.append((again(work).done, again(work).total))

    assert seen == [(5, 12), (10, 12)]
    assert (again(work).state, again(work).outcome, drafts()) == (RunState.DONE, {"passages": 12}, [])
    assert [each["id"] for each in told(work)] == [str(passage.pk) for passage in passages]
    assert JournalEntry.objects.get(action="subjectrequest.gathered").actor == "alice"


def test_an_erasure_is_done_and_known_to_be_done(
    condominium: Condominium, alice: User, passages: list[Passage]
) -> None:
    work = asked(condominium, alice, WorkKind.ERASE)
    assert request_work.proceed(work.pk, work.tries) is False
    assert (again(work).state, again(work).outcome["passages"]) == (RunState.DONE, 12)
    assert not Vehicle.objects.exists()
    assert journal.verify(condominium) is None


def test_the_same_message_twice_does_nothing_twice(
    condominium: Condominium, alice: User, passages: list[Passage], hurried: None
) -> None:
    work = asked(condominium, alice)
    RequestWork.objects.update(busy=True)  # the first is at it
    assert request_work.proceed(work.pk, work.tries) is False
    assert again(work).done == 0


@pytest.mark.parametrize("slices", [0, 1])
def test_what_a_worker_died_over_is_begun_anew(
    condominium: Condominium, alice: User, passages: list[Passage], hurried: None, slices: int
) -> None:
    work = asked(condominium, alice)
    for _ in range(slices):
        request_work.proceed(work.pk, work.tries)
    RequestWork.objects.update(busy=True)

    assert request_work.resume_stalled(timezone.now()) == 0
    assert request_work.resume_stalled(timezone.now() + LATER) == 1

    assert request_work.proceed(work.pk, work.tries) is False  # whoever was thought dead changes nothing any more
    while request_work.proceed(work.pk, work.tries + 1):
        pass
    assert (again(work).state, len(told(work)), drafts()) == (RunState.DONE, 12, [])


def test_what_fails_again_and_again_is_given_up_and_says_so(condominium: Condominium, alice: User) -> None:
    work = asked(condominium, alice)
    for number in range(1, 5):
        request_work.resume_stalled(timezone.now() + number * LATER)
    assert (again(work).state, "again and again" in again(work).problem) == (RunState.FAILED, True)


def test_who_was_overtaken_while_erasing_erases_nothing(
    condominium: Condominium, alice: User, passages: list[Passage], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = asked(condominium, alice, WorkKind.ERASE)
    plan = erasing.plan

    def slow(*args: Any) -> Any:
        """While this one plans, the row is given to somebody else."""
        RequestWork.objects.filter(pk=work.pk).update(tries=1, busy=False)
        return plan(*args)

    monkeypatch.setattr(erasing, "plan", slow)
    assert request_work.proceed(work.pk, work.tries) is False
    assert Vehicle.objects.count() == 1
    assert not JournalEntry.objects.filter(action="subjectrequest.erased").exists()


def test_closing_the_request_ends_the_work_and_leaves_no_file(
    condominium: Condominium,
    alice: User,
    passages: list[Passage],
    hurried: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    work = asked(condominium, alice)
    request_work.proceed(work.pk, work.tries)
    assert len(drafts()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        close(work.request, by=alice)
    assert (request_work.proceed(work.pk, work.tries), drafts()) == (False, [])


def test_what_cannot_be_done_is_said_on_the_row(condominium: Condominium, alice: User) -> None:
    WatchlistEntry.objects.create(condominium=condominium, plate=ALICES)
    work = asked(condominium, alice, WorkKind.ERASE)
    assert request_work.proceed(work.pk, work.tries) is False
    assert again(work).problem == f"{ALICES} is on the watch-list, and kept while it is."


def test_one_thing_at_a_time_is_done_for_a_request(condominium: Condominium, alice: User) -> None:
    work = asked(condominium, alice)
    with pytest.raises(RequestError, match="already"):
        request_work.ask(work.request, WorkKind.ERASE, by=alice)
    request_work.proceed(work.pk, work.tries)
    assert request_work.ask(work.request, WorkKind.ERASE, by=alice).state == RunState.WAITING


def test_who_may_not_asks_for_nothing(condominium: Condominium, alice: User, bob: User, charlie: User) -> None:
    request = asked(condominium, alice).request
    RequestWork.objects.all().delete()
    for nobody in (bob, charlie):
        for kind in WorkKind:
            with pytest.raises(PermissionDenied):
                request_work.ask(request, kind, by=nobody)
    assert not RequestWork.objects.exists()


def test_who_lost_the_right_meanwhile_gets_nothing(
    condominium: Condominium, alice: User, passages: list[Passage]
) -> None:
    work = asked(condominium, alice)
    alice.memberships.all().delete()
    assert request_work.proceed(work.pk, work.tries) is False
    assert (again(work).state, bool(again(work).request.archive)) == (RunState.FAILED, False)
