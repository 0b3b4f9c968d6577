"""Who may sit at the console, and what its addresses answer; Charlie finds nothing of Alice's behind any of them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Lane, Passage, Permit, Vehicle
from gates.models import GateCommand
from portal import duty
from portal.console import urls
from portal.console.forms import Until, ends
from portal.models import Note, Shift, TurnedAway
from premises.models import Condominium, JournalEntry, Person, Unit, User
from premises.roles import Role
from tests.conftest import member
from tests.portal.console.gatehouse import ALICES, STRANGERS, long_ago, make_lane, stands

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.fixture
def passage(lane: Lane) -> Passage:
    return stands(lane, STRANGERS)


Asked = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture
def everything(lane: Lane, passage: Passage, unit: Unit, bob: User) -> Asked:
    """Every address that names a row of Alice's: the method, the address, and what is sent that would do something."""
    note = duty.leave_note(lane.condominium, "Parcel", by=bob)
    return [
        ("post", reverse("console:open", args=[lane.pk]), {"why": "delivery"}),
        ("post", reverse("console:visitor", args=[lane.pk]), {"unit": unit.pk, "plate": STRANGERS, "until": "today"}),
        ("get", reverse("console:units", args=[lane.pk]), {"q": "101"}),
        ("post", reverse("console:turn_away", args=[passage.pk]), {}),
        ("post", reverse("console:correct", args=[passage.pk]), {"typed": ALICES}),
        ("get", reverse("console:plates", args=[passage.pk]), {}),
        ("post", reverse("console:take_over", args=[lane.condominium_id]), {}),
        ("post", reverse("console:leave_note", args=[lane.condominium_id]), {"note": "x"}),
        ("post", reverse("console:finish_note", args=[note.pk]), {}),
    ]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_address_is_tried(everything: Asked) -> None:
    assert len(everything) + len(("screen", "stream")) == len(urls.urlpatterns)


def test_charlie_finds_nothing_and_changes_nothing(everything: Asked, charlie: User) -> None:
    client = signed_in(charlie)
    assert {getattr(client, how)(url, sent).status_code for how, url, sent in everything} == {404}
    assert not any(model.objects.exists() for model in (GateCommand, Permit, TurnedAway, Shift))
    assert Note.objects.get().done_at is None
    # What he was refused was there to be had.
    assert Passage.objects.get().corrected_plate == ""


def test_bob_does_all_of_it(everything: Asked, bob: User) -> None:
    client = signed_in(bob)
    assert {getattr(client, how)(url, sent).status_code for how, url, sent in everything} == {200}
    assert GateCommand.objects.count() == 2
    assert (Permit.objects.count(), TurnedAway.objects.count(), Shift.objects.count()) == (1, 1, 1)


def test_nobody_is_told_to_sign_in(everything: Asked, client: Client) -> None:
    assert {getattr(client, how)(url, sent).status_code for how, url, sent in everything} == {401}
    answer = client.get(reverse("console:screen"))
    assert (answer.status_code, "next=/console/" in answer.headers["Location"]) == (302, True)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.RESIDENT])
def test_who_opens_no_gate_has_no_console(lane: Lane, condominium: Condominium, role: Role) -> None:
    assert signed_in(member("dora", condominium, role)).get(reverse("console:screen")).status_code == 403


def test_what_changes_something_needs_a_token_of_the_page(lane: Lane, bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert client.post(reverse("console:open", args=[lane.pk]), {"why": "delivery"}).status_code == 403
    assert not GateCommand.objects.exists()


def test_the_screen_shows_the_own_lanes_and_writes_the_look_down(
    lane: Lane, passage: Passage, elsewhere: Condominium, bob: User
) -> None:
    theirs = make_lane(elsewhere, "Theirs")
    client = signed_in(bob)
    page = client.get(reverse("console:screen")).content.decode()
    client.get(reverse("console:screen"))
    assert f'id="lane-{lane.pk}"' in page
    assert f'id="lane-{theirs.pk}"' not in page
    assert "Theirs" not in page
    looks = JournalEntry.objects.filter(actor="bob").order_by("sequence")
    assert [entry.action for entry in looks] == ["passages.listed", "passage.viewed"]


def test_the_policy_of_the_page_allows_nothing_inline(lane: Lane, bob: User) -> None:
    answer = signed_in(bob).get(reverse("console:screen"))
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    page = answer.content.decode()
    assert " style=" not in page
    assert "onclick" not in page


def test_an_opening_needs_a_reason(lane: Lane, bob: User) -> None:
    answer = signed_in(bob).post(reverse("console:open", args=[lane.pk]), {"why": "other"})
    assert (answer.status_code, answer.json()) == (400, {"said": "Give the reason."})
    assert not GateCommand.objects.exists()


def test_an_opening_is_not_for_a_passage_of_long_ago_nor_of_another_lane(
    lane: Lane, passage: Passage, condominium: Condominium, bob: User
) -> None:
    other = make_lane(condominium, "Exit")
    client = signed_in(bob)
    sent = {"why": "delivery", "passage": str(passage.pk)}
    assert client.post(reverse("console:open", args=[other.pk]), sent).status_code == 404
    long_ago(passage, timedelta(minutes=6))
    assert client.post(reverse("console:open", args=[lane.pk]), sent).status_code == 200
    assert client.post(reverse("console:open", args=[lane.pk]), sent | {"passage": "nonsense"}).status_code == 200
    assert set(GateCommand.objects.values_list("passage_id", flat=True)) == {None}


def test_a_lane_without_a_gate_opens_nothing(lane: Lane, bob: User) -> None:
    Lane.objects.update(gate=None)
    answer = signed_in(bob).post(reverse("console:open", args=[lane.pk]), {"why": "delivery"})
    assert (answer.status_code, answer.json()["said"]) == (400, "This lane has no gate.")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"unit": ""}, "Choose the unit."),
        ({"plate": ""}, "Give the plate."),
        ({"plate": "🚗🚗🚗"}, "A plate has only the letters A to Z and the digits 0 to 9."),
        ({"plate": ALICES}, f"{ALICES} is a vehicle of unit A 101, not a visitor's."),
    ],
)
def test_a_visitor_that_cannot_be_is_refused_and_nothing_opens(
    lane: Lane, vehicle: Vehicle, unit: Unit, bob: User, wrong: dict[str, Any], said: str
) -> None:
    sent = {"unit": unit.pk, "plate": STRANGERS, "until": "today", "holder": "Dora"} | wrong
    answer = signed_in(bob).post(reverse("console:visitor", args=[lane.pk]), sent)
    assert (answer.status_code, answer.json()["said"]) == (400, said)
    assert not GateCommand.objects.exists()
    assert not Permit.objects.filter(kind="visitor").exists()


def test_a_visitor_of_another_plate_corrects_the_passage(lane: Lane, passage: Passage, unit: Unit, bob: User) -> None:
    sent = {"unit": unit.pk, "plate": "QQX0Q71", "until": "once", "passage": str(passage.pk)}
    assert signed_in(bob).post(reverse("console:visitor", args=[lane.pk]), sent).status_code == 200
    passage.refresh_from_db()
    assert passage.corrected_plate == "QQX0Q71"
    assert GateCommand.objects.get().reason == "Visitor QQX0Q71 of unit A 101"


def test_units_are_found_by_name_and_by_who_lives_there(
    lane: Lane, condominium: Condominium, elsewhere: Condominium, unit: Unit, bob: User
) -> None:
    other = Unit.objects.create(condominium=condominium, block="B", number="1010")
    Unit.objects.create(condominium=elsewhere, block="A", number="101")
    Person.objects.create(condominium=condominium, name="Alice Prado", unit=unit)

    def found(typed: str) -> list[int]:
        answer = signed_in(bob).get(reverse("console:units", args=[lane.pk]), {"q": typed})
        return [row["id"] for row in answer.json()["units"]]

    assert found("101") == [unit.pk, other.pk]
    assert found("a101") == found("A 101") == found("prado") == [unit.pk]
    assert found("nobody") == []


def test_a_pass_ends_when_it_was_said_to(condominium: Condominium) -> None:
    from_noon = {until: ends(until, NOON) - NOON for until in Until}
    assert from_noon[Until.HOURS] == timedelta(hours=4)
    assert from_noon[Until.TODAY] == timedelta(hours=11, minutes=59)
    assert from_noon[Until.TOMORROW] == timedelta(days=1, hours=11, minutes=59)
    assert from_noon[Until.ONCE] == timedelta(minutes=5)


def test_the_guard_begins_here_and_finds_it_from_the_admin(lane: Lane, condominium: Condominium, bob: User) -> None:
    auditor = member("dora", condominium, Role.AUDITOR)
    link = f'href="{reverse("console:screen")}"'
    assert signed_in(bob).get("/").headers["Location"] == reverse("console:screen")
    assert link in signed_in(bob).get("/admin/").content.decode()
    assert link not in signed_in(auditor).get("/admin/").content.decode()
