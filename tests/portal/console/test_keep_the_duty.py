"""The duty at the gatehouse: taken over, handed over, and only by who has it here."""

import pytest
from django.core.exceptions import PermissionDenied

from access.models import Lane
from portal import duty
from portal.models import Note, Shift
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.conftest import member
from tests.portal.console.gatehouse import STRANGERS, stands

pytestmark = pytest.mark.django_db


def test_one_takes_over_from_the_other(condominium: Condominium, alice: User, bob: User) -> None:
    duty.take_over(condominium, by=alice)
    shift = duty.take_over(condominium, by=bob, note="  The key of the hall is with me. ")

    assert duty.on_duty(condominium) == shift
    assert Shift.objects.get(guard=alice).ended_at is not None
    entry = JournalEntry.objects.filter(action="shift.taken_over").latest("sequence")
    assert (entry.actor, entry.data) == ("bob", {"from": "alice"})
    assert Note.objects.get().text == "The key of the hall is with me."


def test_who_is_on_duty_does_not_take_over(condominium: Condominium, bob: User) -> None:
    duty.take_over(condominium, by=bob)
    with pytest.raises(duty.DutyError, match="on duty already"):
        duty.take_over(condominium, by=bob)
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 301])
def test_a_note_says_something_and_not_too_much(condominium: Condominium, bob: User, text: str) -> None:
    with pytest.raises(duty.DutyError):
        duty.leave_note(condominium, text, by=bob)
    assert not Note.objects.exists()


def test_a_note_that_is_too_long_leaves_the_duty_where_it_was(condominium: Condominium, alice: User, bob: User) -> None:
    duty.take_over(condominium, by=alice)
    with pytest.raises(duty.DutyError):
        duty.take_over(condominium, by=bob, note="x" * 301)
    shift = duty.on_duty(condominium)
    assert shift is not None
    assert shift.guard == alice


def test_a_note_is_done_once(condominium: Condominium, alice: User, bob: User) -> None:
    note = duty.leave_note(condominium, "Parcel for A 101", by=alice)
    assert duty.finish_note(note, by=bob)
    assert not duty.finish_note(note, by=alice)
    note.refresh_from_db()
    assert note.done_by_name == "bob"


def test_a_passage_is_turned_away_once_and_its_decision_stays(lane: Lane, bob: User) -> None:
    passage = stands(lane, STRANGERS)
    assert duty.turn_away(passage, by=bob)
    assert not duty.turn_away(passage, by=bob)
    passage.refresh_from_db()
    assert passage.outcome == "refuse"
    assert JournalEntry.objects.filter(action="passage.turned_away", passage_id=passage.pk).count() == 1


def test_charlie_an_auditor_and_a_resident_have_no_duty_here(
    lane: Lane, condominium: Condominium, charlie: User, bob: User
) -> None:
    passage, note = stands(lane, STRANGERS), duty.leave_note(condominium, "Parcel", by=bob)
    for user in (charlie, member("dora", condominium, Role.AUDITOR), member("eva", condominium, Role.RESIDENT)):
        for act in (
            lambda user=user: duty.take_over(condominium, by=user),
            lambda user=user: duty.leave_note(condominium, "x", by=user),
            lambda user=user: duty.finish_note(note, by=user),
            lambda user=user: duty.turn_away(passage, by=user),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert not Shift.objects.exists()
