"""All that is kept about a person or a plate comes into one archive, and nothing of anybody else."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from PIL import Image

from access.gathering import gather
from access.looking import looked_at, looked_up
from access.models import SubjectRequest, Vehicle, WatchlistEntry
from access.purging import purge
from access.subject_requests import RequestError, close, open_request
from access.vehicles import register_vehicle
from premises import journal
from premises.models import Condominium, JournalEntry, Membership, Person, Unit, User
from premises.roles import Role
from tests.access.conftest import ALICES, BOBS, FAR, STRANGERS, Road, read
from tests.conftest import member


@pytest.fixture
def bobs(condominium: Condominium) -> Vehicle:
    unit = Unit.objects.create(condominium=condominium, block="B", number="202")
    owner = Person.objects.create(condominium=condominium, name="Bob", unit=unit)
    return register_vehicle(condominium, BOBS, by="tests", owner=owner)


def asked(condominium: Condominium, by: User, **what: Any) -> SubjectRequest:
    request = SubjectRequest(condominium=condominium, asked_by="Herself, with her passport", **what)
    request.clean()
    return open_request(request, by=by)


def archive_of(request: SubjectRequest) -> zipfile.ZipFile:
    with request.archive.open() as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def said(zipped: zipfile.ZipFile, name: str) -> Any:
    return json.loads(zipped.read(name))


def gathered(condominium: Condominium, by: User, **what: Any) -> zipfile.ZipFile:
    return archive_of(gather(asked(condominium, by, **what), by=by))


def test_a_person_gets_everything_in_one_archive(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User, bob: User
) -> None:
    (passage,) = road.sees(read(ALICES))
    looked_at(passage, by=bob)
    looked_up(condominium.pk, ALICES, by=bob)

    zipped = gathered(condominium, alice, person=vehicle.owner)

    assert said(zipped, "person.json")["phone"] == "+55 11 5555-0100"
    (known,) = said(zipped, "vehicles.json")
    assert (known["plate"], len(known["permits"])) == (ALICES, 1)
    (told,) = said(zipped, "passages.json")
    assert (told["plate"], told["owner"], told["unit"]) == (ALICES, "Alice", "A 101")
    assert told["decision"]["why"] != ""
    assert [each["text"] for each in told["reads"]] == [ALICES]
    assert [each["who"] for each in said(zipped, "who-looked.json")] == ["bob", "bob"]
    assert {each["number"] for each in said(zipped, "journal.json")} == set(
        JournalEntry.objects.exclude(action__startswith="subjectrequest.").values_list("sequence", flat=True)
    )


def test_the_manifest_has_the_digest_of_each_file(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    road.sees(read(ALICES))
    zipped = gathered(condominium, alice, plates=ALICES)

    listed = {each["name"]: each["sha256"] for each in said(zipped, "manifest.json")["files"]}
    assert {*listed, "manifest.json"} == set(zipped.namelist())
    assert {name: hashlib.sha256(zipped.read(name)).hexdigest() for name in listed} == listed
    assert sum(name.startswith("pictures/") for name in listed) == 2


def test_an_untouched_picture_is_the_very_frame(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    (passage,) = road.sees(read(ALICES))
    listed = said(gathered(condominium, alice, plates=ALICES), "manifest.json")["files"]

    frame = next(each for each in listed if each["name"].endswith("-frame.jpg"))
    assert (frame["sha256"], frame["original"]) == (passage.detections.get().frame_digest, True)


def test_it_is_explained_in_portuguese(condominium: Condominium, alice: User) -> None:
    text = gathered(condominium, alice, plates=STRANGERS).read("LEIA-ME.txt").decode()
    assert "Lei nº 13.709/2018" in text


def test_times_are_those_of_the_condominium(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    road.sees(read(ALICES))
    zipped = gathered(condominium, alice, plates=ALICES)
    assert said(zipped, "passages.json")[0]["seen_at"].endswith("-03:00")
    assert zipped.read("passages.csv").decode("utf-8-sig").splitlines()[1].split(";")[2] == ALICES


def test_nothing_of_anybody_else_is_in_it(
    road: Road, vehicle: Vehicle, bobs: Vehicle, condominium: Condominium, alice: User
) -> None:
    """Not even where one was taken for the other, or both stood in one picture."""
    for _ in range(3):
        seen = road.sees(read("ABC1D28", score=0.5), read(BOBS, box=FAR))
    mine = next(passage for passage in seen if passage.plate != BOBS)
    decision = mine.decision
    decision.facts |= {"candidates": [ALICES, BOBS], "shares": {ALICES: 0.5, BOBS: 0.4}}
    decision.save()
    type(mine).objects.filter(pk=mine.pk).update(plate_key=ALICES)
    journal.record(condominium, "passage.decided", subject=ALICES, passage_id=mine.pk, data={"facts": decision.facts})

    zipped = gathered(condominium, alice, person=vehicle.owner)

    texts = {name: zipped.read(name).decode() for name in zipped.namelist() if not name.startswith("pictures/")}
    assert {name for name, text in texts.items() if BOBS in text or "Bob" in text or "B 202" in text} == set()
    assert said(zipped, "passages.json")[0]["decision"]["weighed"] == {ALICES: 0.5}


def test_another_vehicles_plate_in_the_picture_is_blackened(
    road: Road, vehicle: Vehicle, bobs: Vehicle, condominium: Condominium, alice: User
) -> None:
    road.sees(read(ALICES), read(BOBS, box=FAR))
    zipped = gathered(condominium, alice, plates=ALICES)

    name = next(name for name in zipped.namelist() if name.endswith("-frame.jpg"))
    with Image.open(io.BytesIO(zipped.read(name))) as picture:
        theirs = picture.getpixel((FAR.x + FAR.w // 2, FAR.y + FAR.h // 2))
        own = picture.getpixel((360, 220))
    assert isinstance(theirs, tuple) and isinstance(own, tuple)
    assert max(theirs) < 16 < max(own)
    listed = {each["name"]: each for each in said(zipped, "manifest.json")["files"]}
    assert listed[name]["original"] is False


def test_who_asks_about_a_plate_alone_hears_no_names(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    road.sees(read(ALICES))
    zipped = gathered(condominium, alice, plates=ALICES)
    (told,) = said(zipped, "passages.json")
    assert "owner" not in told
    assert said(zipped, "person.json") == {}
    assert "Alice" not in zipped.read("passages.json").decode()


def test_the_time_before_a_vehicle_was_sold_is_the_sellers(
    road: Road, vehicle: Vehicle, bobs: Vehicle, condominium: Condominium, alice: User
) -> None:
    road.sees(read(ALICES))
    seller = vehicle.owner
    Vehicle.objects.filter(pk=vehicle.pk).update(owner=bobs.owner)

    assert said(gathered(condominium, alice, person=bobs.owner), "passages.json") == []
    assert len(said(gathered(condominium, alice, person=seller), "passages.json")) == 1


def test_a_namesake_is_somebody_else(road: Road, vehicle: Vehicle, condominium: Condominium, alice: User) -> None:
    road.sees(read(ALICES))
    journal.record(condominium, "person.changed", subject="Alice")
    namesake = Person.objects.create(condominium=condominium, name="Alice")

    zipped = gathered(condominium, alice, person=namesake)
    assert (said(zipped, "passages.json"), said(zipped, "journal.json")) == ([], [])


def test_that_a_plate_is_on_the_watch_list_is_told(condominium: Condominium, alice: User) -> None:
    WatchlistEntry.objects.create(condominium=condominium, plate=STRANGERS, kind="banned", note="hit the fence of Bob")
    zipped = gathered(condominium, alice, plates=STRANGERS)
    assert [each["plate"] for each in said(zipped, "watchlist.json")] == [STRANGERS]
    assert "Bob" not in zipped.read("watchlist.json").decode()


def test_another_condominiums_passages_of_the_plate_are_not_in_it(
    road: Road, vehicle: Vehicle, elsewhere: Condominium, charlie: User
) -> None:
    road.sees(read(ALICES))
    zipped = gathered(elsewhere, charlie, plates=ALICES)
    assert (said(zipped, "passages.json"), said(zipped, "vehicles.json"), said(zipped, "journal.json")) == ([], [], [])


# --- who, when ------------------------------------------------------------------------------------------


def test_gathering_is_journalled_without_a_name(condominium: Condominium, vehicle: Vehicle, alice: User) -> None:
    request = gather(asked(condominium, alice, person=vehicle.owner, plates=ALICES), by=alice)

    told = JournalEntry.objects.filter(action__startswith="subjectrequest.").order_by("sequence")
    assert [entry.action for entry in told] == ["subjectrequest.opened", "subjectrequest.gathered"]
    assert {entry.actor for entry in told} == {"alice"}
    assert ALICES not in str([(entry.subject, entry.data) for entry in told])
    assert told[1].data["sha256"] == request.archive_digest


def test_the_digest_is_of_the_archive(condominium: Condominium, alice: User) -> None:
    request = gather(asked(condominium, alice, plates=STRANGERS), by=alice)
    with request.archive.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == request.archive_digest


def test_a_second_archive_takes_the_place_of_the_first(condominium: Condominium, alice: User) -> None:
    request = gather(asked(condominium, alice, plates=STRANGERS), by=alice)
    first = request.archive.name
    gather(request, by=alice)
    assert request.archive.name != first
    assert not default_storage.exists(first or "")


def test_the_archive_goes_when_the_request_is_closed(
    condominium: Condominium, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    request = gather(asked(condominium, alice, plates=STRANGERS), by=alice)
    name = request.archive.name
    with django_capture_on_commit_callbacks(execute=True):
        close(request, by=alice)

    assert (request.is_open, request.closed_by, bool(request.archive)) == (False, "alice", False)
    assert not default_storage.exists(name or "")
    with pytest.raises(RequestError, match="closed already"):
        close(request, by=alice)
    with pytest.raises(RequestError, match="closed already"):
        gather(request, by=alice)


def test_charlie_can_neither_see_nor_gather(condominium: Condominium, alice: User, charlie: User) -> None:
    request = asked(condominium, alice, plates=STRANGERS)
    assert list(SubjectRequest.objects.restrict(alice)) == [request]
    assert list(SubjectRequest.objects.restrict(charlie)) == []
    for verb in (gather, close):
        with pytest.raises(PermissionDenied):
            verb(request, by=charlie)
    with pytest.raises(PermissionDenied):
        asked(condominium, charlie, plates=STRANGERS)
    assert not SubjectRequest.objects.get().archive


def test_a_guard_has_no_part_in_it_and_an_auditor_answers(condominium: Condominium, alice: User, bob: User) -> None:
    request = asked(condominium, alice, plates=STRANGERS)
    auditor = member("dora", condominium, Role.AUDITOR)

    assert list(SubjectRequest.objects.restrict(bob)) == []
    with pytest.raises(PermissionDenied):
        gather(request, by=bob)
    assert gather(request, by=auditor).archive
    with pytest.raises(PermissionDenied):
        close(request, by=auditor)
    assert Membership.objects.filter(user=auditor).exists()


@pytest.mark.parametrize(("plates", "kept"), [("abc-1d23", "ABC1D23"), ("ABC1D23,, xyz 9a87 ", "ABC1D23, XYZ9A87")])
def test_plates_are_kept_in_one_spelling(condominium: Condominium, alice: User, plates: str, kept: str) -> None:
    assert asked(condominium, alice, plates=plates).plates == kept


def test_a_request_names_somebody(condominium: Condominium, alice: User, vehicle: Vehicle, bobs: Vehicle) -> None:
    for what in ({}, {"plates": "A"}, {"person": vehicle.owner, "plates": BOBS}):
        with pytest.raises(ValidationError):
            asked(condominium, alice, **what)
    assert SubjectRequest.objects.count() == 0


def test_a_purge_long_after_leaves_what_is_asked_for(
    road: Road, vehicle: Vehicle, condominium: Condominium, alice: User
) -> None:
    road.sees(read(ALICES))
    request = asked(condominium, alice, plates="ABC1323")  # the old spelling of the same vehicle
    purge(condominium, road.now + timedelta(days=5000))
    assert len(said(archive_of(gather(request, by=alice)), "passages.json")) == 1
