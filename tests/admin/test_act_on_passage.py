"""What managers and guards do about a passage; and that auditors only look, and residents do not come in."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Lane, Passage, Permit, Vehicle
from gates.models import GateCommand
from gates.problems import Problem
from gates.states import State
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of
from tests.conftest import member


@pytest.fixture
def passage(furnished: Condominium) -> Passage:
    passage: Passage = row_of(Passage, furnished)
    return passage


def press(client: Client, passage: Passage, button: str, **data: Any) -> Any:
    return client.post(f"{address(Passage, 'changelist')}{passage.pk}/{button}/", data, follow=True)


def opened_by_hand() -> list[tuple[str, str, str]]:
    commands = GateCommand.objects.exclude(requested_by=None).order_by("requested_at")
    return [(str(command.gate), command.requested_by_name, command.reason) for command in commands]


def test_a_guard_opens_with_a_reason(bob: User, passage: Passage, signed_in: SignedIn) -> None:
    answer = press(signed_in(bob), passage, "open_gate", why="visitor", note="for A 101")
    assert opened_by_hand() == [(str(passage.lane.gate), "bob", "Visitor, announced: for A 101")]
    # No controller listens in this test, and the page says so instead of "opened".
    command = GateCommand.objects.get(requested_by=bob)
    assert (command.state, command.problem) == (State.FAILED, Problem.CONTROLLER_OFFLINE)
    assert command.passage_id == passage.pk
    assert "Not opened: The controller is not heard." in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"why": "other"}, {"why": "because"}], ids=["nothing", "no note", "unknown"])
def test_nothing_opens_without_a_reason(bob: User, passage: Passage, signed_in: SignedIn, data: dict[str, str]) -> None:
    press(signed_in(bob), passage, "open_gate", **data)
    assert opened_by_hand() == []


def test_asking_for_the_page_opens_nothing(bob: User, passage: Passage, signed_in: SignedIn) -> None:
    url = f"{address(Passage, 'changelist')}{passage.pk}/open_gate/?why=visitor"
    assert signed_in(bob).get(url).status_code == 200
    assert opened_by_hand() == []


def test_a_lane_without_a_gate_is_not_opened(bob: User, passage: Passage, signed_in: SignedIn) -> None:
    Lane.objects.update(gate=None)
    answer = press(signed_in(bob), passage, "open_gate", why="visitor")
    assert "This lane has no gate." in answer.content.decode()


def test_a_gate_is_opened_from_its_own_page(bob: User, passage: Passage, signed_in: SignedIn) -> None:
    gate = passage.lane.gate
    assert gate is not None
    signed_in(bob).post(reverse("admin:gates_gate_open_gate", args=[gate.pk]), {"why": "emergency"})
    assert opened_by_hand() == [(str(gate), "bob", "Emergency")]


def test_a_guard_corrects_a_plate(bob: User, passage: Passage, signed_in: SignedIn) -> None:
    press(signed_in(bob), passage, "misread", typed="abc-1d23")
    passage.refresh_from_db()
    assert (passage.corrected_plate, passage.vehicle) == ("ABC1D23", None)
    assert JournalEntry.objects.filter(action="passage.corrected", passage_id=passage.pk).count() == 1


@pytest.mark.parametrize("typed", ["", "🚗🚗🚗🚗", "A", "ABCDEFGHIJKLM"])
def test_what_cannot_be_a_plate_corrects_nothing(bob: User, passage: Passage, signed_in: SignedIn, typed: str) -> None:
    answer = press(signed_in(bob), passage, "misread", typed=typed)
    assert answer.context["form"].errors != {}
    passage.refresh_from_db()
    assert passage.corrected_plate == ""


def test_a_manager_lets_a_stranger_in_from_now_on(
    alice: User, passage: Passage, condominium: Condominium, signed_in: SignedIn
) -> None:
    Passage.objects.filter(pk=passage.pk).update(plate="XYZ9K87", plate_key="XYZ9K87", vehicle=None)
    press(signed_in(alice), passage, "add_to_permits", sure="yes")
    vehicle = Vehicle.objects.get(condominium=condominium, plate="XYZ9K87")
    assert Permit.objects.filter(vehicle=vehicle, is_active=True).count() == 1
    assert opened_by_hand() == []


# --- roles ----------------------------------------------------------------------------------------------


def test_a_guard_cannot_give_permits(bob: User, passage: Passage, signed_in: SignedIn) -> None:
    before = Permit.objects.count()
    assert press(signed_in(bob), passage, "add_to_permits", sure="yes").status_code == 403
    assert Permit.objects.count() == before


@pytest.mark.parametrize("button", ["open_gate", "misread", "add_to_permits"])
def test_an_auditor_only_looks(condominium: Condominium, passage: Passage, signed_in: SignedIn, button: str) -> None:
    client = signed_in(member("ada", condominium, Role.AUDITOR))
    page = client.get(address(Passage, "change", passage.pk)).content.decode()
    assert (passage.plate in page, "Open gate" in page) == (True, False)
    assert press(client, passage, button, why="visitor", typed="ABC1D23", sure="yes").status_code == 403


def test_an_auditor_changes_nothing(condominium: Condominium, furnished: Condominium, signed_in: SignedIn) -> None:
    client = signed_in(member("ada", condominium, Role.AUDITOR))
    vehicle = row_of(Vehicle, furnished)
    assert client.get(address(Vehicle, "change", vehicle.pk)).status_code == 200
    assert client.post(address(Vehicle, "change", vehicle.pk), {"plate": "ABC1D23"}).status_code == 403
    assert client.get(address(Vehicle, "add")).status_code == 403


def test_a_resident_does_not_come_in(condominium: Condominium, signed_in: SignedIn) -> None:
    client = signed_in(member("rita", condominium, Role.RESIDENT))
    answer = client.get(reverse("admin:index"), follow=True)
    assert (answer.status_code, "This account may not enter here." in answer.content.decode()) == (403, True)


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(alice: User, client: Client) -> None:
    wanted = address(Passage, "changelist")
    answer = client.get(wanted, follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next={wanted}"
    data = {"login": "alice", "password": "a long password of the tests", "next": wanted}
    answer = client.post(reverse("account_login"), data)
    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)


# --- who looked -----------------------------------------------------------------------------------------


def test_looking_is_written_down_once_an_hour(alice: User, bob: User, passage: Passage, signed_in: SignedIn) -> None:
    for user in (alice, alice, bob):
        signed_in(user).get(address(Passage, "change", passage.pk))
        signed_in(user).get(reverse("evidence", args=[passage.detections.get().pk, "frame"]))
    looked = JournalEntry.objects.filter(action="passage.viewed", passage_id=passage.pk).order_by("sequence")
    assert list(looked.values_list("actor", flat=True)) == ["alice", "bob"]


def test_going_through_the_list_is_written_down_once_an_hour(
    alice: User, passage: Passage, signed_in: SignedIn
) -> None:
    for _time in range(3):
        signed_in(alice).get(address(Passage, "changelist"))
    assert JournalEntry.objects.filter(action="passages.listed", actor="alice").count() == 1
