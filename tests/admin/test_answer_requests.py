"""A manager answers who asks about the own data: opens a request, gathers, hands over, erases, closes."""

import io
import zipfile
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.test import Client
from django.utils import timezone

from access import request_work
from access.downloads import streamed
from access.gathering import gather
from access.models import (
    Passage,
    RequestKind,
    RequestWork,
    RetentionPolicy,
    SubjectRequest,
    Vehicle,
    WatchlistEntry,
)
from access.subject_requests import open_request
from premises import journal
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.furnishing import furnish
from tests.admin.pages import address, row_of
from tests.conftest import member

LONG_AGO = timedelta(hours=5)


@pytest.fixture
def passage(condominium: Condominium) -> Passage:
    furnish(condominium, rows=1, prefix="Q")
    # The furnished request names it too: what is tested here is another.
    SubjectRequest.objects.all().delete()
    Passage.objects.update(last_seen_at=timezone.now() - LONG_AGO)
    found: Passage = row_of(Passage, condominium)
    return found


def asked(passage: Passage, by: User, kind: RequestKind = RequestKind.ERASURE) -> SubjectRequest:
    row = SubjectRequest(condominium=passage.condominium, asked_by="Herself", kind=kind, plates=passage.plate)
    return open_request(row, by=by)


def button(row: SubjectRequest, name: str) -> str:
    return f"{address(SubjectRequest, 'changelist')}{row.pk}/{name}/"


def shown(client: Client, row: SubjectRequest) -> str:
    return client.get(address(SubjectRequest, "change", row.pk)).content.decode()


def offered(client: Client, row: SubjectRequest) -> list[str]:
    page = shown(client, row)
    return [name for name in ("gather", "download", "erase", "close") if button(row, name) in page]


def worked() -> None:
    """What a worker does with all that was asked for."""
    for work in RequestWork.objects.all():
        while request_work.proceed(work.pk, work.tries):
            pass


# --- requests -------------------------------------------------------------------------------------------


def test_a_request_is_opened_and_journalled(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    data = {"kind": "access", "plates": passage.plate.lower(), "asked_by": "Herself, with her passport", "note": ""}
    answer = signed_in(alice).post(address(SubjectRequest, "add"), data)

    assert answer.status_code == 302
    row = SubjectRequest.objects.get()
    assert (row.plates, row.opened_by, row.is_open) == (passage.plate, "alice", True)
    told = JournalEntry.objects.get(action="subjectrequest.opened")
    assert (told.actor, told.subject, told.data) == ("alice", "", {"request": row.pk, "kind": "access"})


@pytest.mark.parametrize(
    ("data", "field"),
    [({"plates": ""}, "plates"), ({"plates": "A"}, "plates"), ({"asked_by": ""}, "asked_by")],
)
def test_what_names_nobody_is_refused(
    passage: Passage, alice: User, signed_in: SignedIn, data: dict[str, str], field: str
) -> None:
    whole = {"kind": "access", "plates": passage.plate, "asked_by": "Herself", "note": "", **data}
    answer = signed_in(alice).post(address(SubjectRequest, "add"), whole)
    assert list(answer.context["adminform"].form.errors) == [field]
    assert SubjectRequest.objects.count() == 0


def test_what_was_asked_is_not_changed_afterwards(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    row = asked(passage, alice)
    url = address(SubjectRequest, "change", row.pk)
    signed_in(alice).post(url, {"kind": "access", "plates": "XYZ9A87", "asked_by": "Mallory", "note": "phoned"})
    row.refresh_from_db()
    assert (row.kind, row.plates, row.asked_by, row.note) == ("erasure", passage.plate, "Herself", "phoned")


def test_a_request_is_never_deleted(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    row = asked(passage, alice)
    assert signed_in(alice).post(address(SubjectRequest, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert SubjectRequest.objects.exists()


def test_only_what_can_be_done_now_is_offered(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    row = asked(passage, alice, RequestKind.ACCESS)
    assert offered(client, row) == ["gather", "close"]
    gather(row, by=alice)
    assert offered(client, row) == ["gather", "download", "close"]
    assert offered(client, asked(passage, alice)) == ["gather", "erase", "close"]
    client.post(button(row, "close"))
    assert offered(client, row) == []


def test_gathering_asks_first_and_the_archive_comes_whole(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    client, row = signed_in(alice), asked(passage, alice)
    assert client.get(button(row, "download")).status_code == 302
    client.get(button(row, "gather"))
    row.refresh_from_db()
    assert not row.archive

    assert client.post(button(row, "gather")).status_code == 302
    assert client.get(button(row, "download")).status_code == 302  # the request itself gathers nothing
    worked()
    answer = client.get(button(row, "download"))

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len(content) == int(answer["Content-Length"])
    assert "passages.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["Content-Type"] == "application/zip"
    assert JournalEntry.objects.get(action="subjectrequest.downloaded").actor == "alice"


def test_a_real_server_gets_the_archive_in_pieces(passage: Passage, alice: User) -> None:
    request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, io.BytesIO())
    answer = streamed(request, ContentFile(b"abc" * 100_000), "archive.zip")

    async def received() -> list[bytes]:
        return [piece async for piece in answer]

    pieces = async_to_sync(received)()
    assert (b"".join(pieces), len(pieces)) == (b"abc" * 100_000, 5)


def test_an_archive_that_is_gone_is_said_to_be(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    row = gather(asked(passage, alice), by=alice)
    default_storage.delete(row.archive.name or "")
    answer = signed_in(alice).get(button(row, "download"), follow=True)
    assert "Nothing was gathered yet." in answer.content.decode()


def test_erasing_says_what_it_takes_and_wants_a_yes(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    client, row = signed_in(alice), asked(passage, alice)
    page = client.get(button(row, "erase")).content.decode()
    assert passage.plate in page
    assert client.post(button(row, "erase")).status_code == 200
    assert Vehicle.objects.exists()

    answer = client.post(button(row, "erase"), {"sure": "on"}, follow=True)
    assert "It is being erased." in answer.content.decode()
    assert Vehicle.objects.exists()
    worked()

    assert "1 passage was erased." in shown(client, row)
    assert not Vehicle.objects.exists()
    assert journal.verify(passage.condominium) is None
    story = client.get(address(Passage, "change", passage.pk)).content.decode()
    assert "because somebody asked for it" in story
    assert passage.plate not in story


def test_what_is_not_erased_is_said_with_its_reason(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    WatchlistEntry.objects.create(condominium=passage.condominium, plate=passage.plate)
    client, row = signed_in(alice), asked(passage, alice)
    why = f"{passage.plate} is on the watch-list, and kept while it is."
    assert why in client.get(button(row, "erase")).content.decode()
    client.post(button(row, "erase"), {"sure": "on"})
    worked()
    assert why in shown(client, row)
    assert Vehicle.objects.exists()


def test_while_it_is_worked_on_nothing_else_is_offered_and_the_page_follows(
    passage: Passage, alice: User, signed_in: SignedIn
) -> None:
    client, row = signed_in(alice), asked(passage, alice)
    client.post(button(row, "gather"))
    assert offered(client, row) == ["close"]
    assert 'data-again="2"' in shown(client, row)
    again = client.post(button(row, "gather"))
    assert "It is being worked on already." in again.content.decode()
    worked()
    assert offered(client, row) == ["gather", "download", "erase", "close"]
    assert "data-again" not in shown(client, row)
    assert "Gathered, with 1 passage." in shown(client, row)


def test_closing_ends_it(passage: Passage, alice: User, signed_in: SignedIn) -> None:
    client, row = signed_in(alice), asked(passage, alice)
    assert client.post(button(row, "close")).status_code == 302
    row.refresh_from_db()
    assert (row.is_open, row.closed_by) == (False, "alice")
    again = client.post(button(row, "close"))
    assert "This request is closed already." in again.content.decode()


def test_an_auditor_answers_but_neither_opens_nor_closes_nor_erases(
    passage: Passage, alice: User, condominium: Condominium, signed_in: SignedIn
) -> None:
    client = signed_in(member("dora", condominium, Role.AUDITOR))
    row = asked(passage, alice)
    assert offered(client, row) == ["gather"]
    assert client.post(button(row, "gather")).status_code == 302
    worked()
    archive = client.get(button(row, "download"))
    assert archive.status_code == 200
    assert b"".join(archive.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    for name in ("erase", "close"):
        assert client.post(button(row, name), {"sure": "on"}).status_code == 403
    assert client.get(address(SubjectRequest, "add")).status_code == 403


def test_a_guard_sees_none_of_it(passage: Passage, alice: User, bob: User, signed_in: SignedIn) -> None:
    client, row = signed_in(bob), gather(asked(passage, alice), by=alice)
    for page in (address(SubjectRequest, "changelist"), address(RetentionPolicy, "changelist")):
        assert client.get(page).status_code == 403
    for name in ("gather", "download", "erase", "close"):
        assert client.post(button(row, name), {"sure": "on"}).status_code == 403
    assert "Data protection" not in client.get("/admin/").content.decode()


def test_charlie_gets_no_archive(passage: Passage, alice: User, charlie: User, signed_in: SignedIn) -> None:
    row = gather(asked(passage, alice), by=alice)
    for name in ("gather", "download", "erase", "close"):
        assert signed_in(charlie).post(button(row, name), {"sure": "on"}).status_code == 404
    assert not JournalEntry.objects.filter(actor="charlie").exists()
    row.refresh_from_db()
    assert (row.is_open, Vehicle.objects.count()) == (True, 1)


# --- retention ------------------------------------------------------------------------------------------

DAYS = {
    "strangers_days": "15",
    "visitors_days": "60",
    "registered_days": "90",
    "incidents_days": "400",
    "notes_days": "30",
}


def test_a_manager_sets_how_long_is_kept(condominium: Condominium, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assert "strangers 30 days" in client.get(address(RetentionPolicy, "changelist")).content.decode()
    client.post(address(RetentionPolicy, "add"), {**DAYS, "decided": "assembly of March"})
    row = RetentionPolicy.objects.get()
    assert (row.condominium, row.strangers_days) == (condominium, 15)
    assert JournalEntry.objects.get().action == "retentionpolicy.added"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"strangers_days": "0"}, "strangers_days"),
        ({"incidents_days": "1826"}, "incidents_days"),
        ({"visitors_days": "14"}, "visitors_days"),
    ],
)
def test_days_have_their_bounds(
    condominium: Condominium, alice: User, signed_in: SignedIn, change: dict[str, str], field: str
) -> None:
    answer = signed_in(alice).post(address(RetentionPolicy, "add"), {**DAYS, "decided": "", **change})
    assert list(answer.context["adminform"].form.errors) == [field]


def test_a_condominium_has_one_retention(condominium: Condominium, alice: User, signed_in: SignedIn) -> None:
    RetentionPolicy.objects.create(condominium=condominium)
    answer = signed_in(alice).post(address(RetentionPolicy, "add"), {**DAYS, "decided": ""})
    assert "It is set already" in answer.content.decode()
    assert RetentionPolicy.objects.count() == 1
