"""The resident pages show the own home and nothing of anybody else; who lives nowhere is told whom to ask."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from access import looking, visits
from access.models import Lane, Passage, Vehicle
from access.proposals import propose_vehicle
from access.vehicles import register_vehicle
from premises.models import Condominium, JournalEntry, Membership, Person, Unit, User
from premises.roles import Role
from tests.portal.arriving import arrives
from tests.portal.conftest import SignedIn

HERS, HIS = "BRA2E19", "RIO4F56"
PAGES = (
    "",
    "vehicles/",
    "vehicles/add/",
    "guests/",
    "guests/add/",
    "guests/invite/",
    "passages/",
    "looked/",
    "settings/",
)


@pytest.fixture
def passage(lane: Lane, unit: Unit, other_unit: Unit, dora: User, emil: User) -> Passage:
    """Of Dora's vehicle; Emil has one, too."""
    register_vehicle(lane.condominium, HERS, by="tests", unit=unit, make="Strada")
    register_vehicle(lane.condominium, HIS, by="tests", unit=other_unit, make="Onix")
    return arrives(lane, HERS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_for_who_is_signed_in(client: Client, page: str, db: None) -> None:
    answer = client.get(f"/my/{page}")

    assert answer.status_code == 302
    assert "/my/" in answer["Location"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_own_home_alone(
    signed_in: SignedIn, passage: Passage, dora: User, emil: User, frida: User, page: str
) -> None:
    propose_vehicle(passage.condominium, "GTX3L21", by=dora)
    hosts = Unit.objects.get(condominium=passage.condominium, number="101")
    tonight = timezone.now() + timedelta(hours=3)
    visits.announce(hosts, "NBK5M67", by=dora, holder="Marina", valid_until=tonight)
    hers = (HERS, "Strada", "GTX3L21", "NBK5M67", "Marina", str(passage.pk))
    for user in (emil, frida):
        answer = signed_in(user).get(f"/my/{page}")
        assert answer.status_code == 200
        assert [each for each in hers if each in answer.content.decode()] == []
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy


def test_each_page_shows_its_rows(signed_in: SignedIn, passage: Passage, dora: User) -> None:
    client = signed_in(dora)
    for page in ("", "vehicles/", "passages/", f"passages/{passage.pk}/"):
        assert HERS in client.get(f"/my/{page}").content.decode()


def test_pictures_are_for_the_own_home_alone(
    signed_in: SignedIn, passage: Passage, dora: User, emil: User, frida: User, charlie: User
) -> None:
    addresses = [f"/my/passages/{passage.pk}/{size}.jpg" for size in ("small", "large")]
    for address in addresses:
        answer = signed_in(dora).get(address)
        assert (answer.status_code, answer["Content-Type"], answer.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
        assert "no-store" in answer["Cache-Control"]
        for user in (emil, frida):
            assert signed_in(user).get(address).status_code == 404
        assert signed_in(charlie).get(address).status_code == 403
    assert signed_in(dora).get(f"/my/passages/{passage.pk}/frame.jpg").status_code == 404
    assert signed_in(dora).get(f"/my/passages/{uuid4()}/large.jpg").status_code == 404
    detection = passage.detections.get()
    assert signed_in(dora).get(f"/evidence/{detection.pk}/frame").status_code == 403
    looked = JournalEntry.objects.filter(action="passage.viewed")
    assert list(looked.values_list("actor", "passage_id")) == [("dora", passage.pk)]


def test_who_looked_is_told_with_role_and_name(
    signed_in: SignedIn, passage: Passage, dora: User, emil: User, alice: User, bob: User
) -> None:
    bob.first_name = "Roberto"
    bob.save()
    looking.looked_at(passage, by=bob)
    looking.looked_through([passage.condominium_id], by=alice)
    looking.looked_at(passage, by=dora)

    for address, seen in ((f"/my/passages/{passage.pk}/", ["Roberto"]), ("/my/looked/", ["Roberto", "alice"])):
        page = signed_in(dora).get(address).content.decode()
        assert [name for name in ("Roberto", "alice") if name in page] == seen
        assert "Guard, Roberto" in page
    assert "Roberto" not in signed_in(emil).get("/my/looked/").content.decode()
    assert signed_in(emil).get(f"/my/passages/{passage.pk}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_lives_nowhere_is_told_whom_to_ask(signed_in: SignedIn, alice: User, page: str) -> None:
    answer = signed_in(alice).get(f"/my/{page}")

    assert answer.status_code == 403
    assert "Ask the manager" in answer.content.decode()


def test_who_has_two_homes_changes_between_them(
    signed_in: SignedIn, passage: Passage, dora: User, elsewhere: Condominium, emil: User
) -> None:
    beach = Unit.objects.create(condominium=elsewhere, number="9")
    person = Person.objects.create(condominium=elsewhere, name="Dora", unit=beach)
    Membership.objects.create(condominium=elsewhere, user=dora, role=Role.RESIDENT, person=person)
    client = signed_in(dora)
    assert HERS in client.get("/my/vehicles/").content.decode()

    assert client.post("/my/home/", {"unit": beach.pk}).status_code == 302

    assert HERS not in client.get("/my/vehicles/").content.decode()
    assert client.post("/my/home/", {"unit": emil.memberships.get().person.unit_id}).status_code == 404  # type: ignore[union-attr]
    assert client.get("/my/home/").status_code == 404
    Membership.objects.filter(condominium=elsewhere).delete()
    assert HERS in client.get("/my/vehicles/").content.decode()


def test_a_plate_that_another_home_holds_is_passed_to_the_manager_without_a_word_of_whose(
    signed_in: SignedIn, passage: Passage, dora: User, emil: User
) -> None:
    client = signed_in(emil)

    page = client.post("/my/vehicles/add/", {"plate": HERS}, follow=True).content.decode()

    assert "The manager was told" in page
    assert "A 101" not in page
    assert "Strada" not in page
    assert Vehicle.objects.get(plate=HERS).claimed_by == emil.memberships.get().person


def test_a_resident_signs_off_the_own_vehicle_and_no_other(
    signed_in: SignedIn, passage: Passage, dora: User, emil: User
) -> None:
    hers, his = Vehicle.objects.get(plate=HERS), Vehicle.objects.get(plate=HIS)
    assert signed_in(dora).post(f"/my/vehicles/{his.pk}/sold/", {"reason": "sold"}).status_code == 404

    assert signed_in(dora).post(f"/my/vehicles/{hers.pk}/sold/", {"reason": "sold"}).status_code == 302

    hers.refresh_from_db()
    his.refresh_from_db()
    assert ((hers.state, hers.ended_because), his.state) == (("ended", "Sold"), "active")


def test_signing_out_leaves_nothing_in_the_browser(signed_in: SignedIn, dora: User) -> None:
    client = signed_in(dora)
    assert client.get("/my/sign-out/").status_code == 405

    answer = client.post("/my/sign-out/")

    assert answer["Clear-Site-Data"] == '"cache"'
    assert client.get("/my/").status_code == 302
