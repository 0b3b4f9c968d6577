"""The manager says yes or no to a resident's vehicle: who lives there is told, once, in the own language, if wanted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from access.answers import vehicle_answered
from access.models import Vehicle
from access.proposals import propose_vehicle
from access.vehicles import approve, end_vehicle, refuse
from portal import answers
from portal.models import AnswerNotice, Preferences
from premises.models import Condominium, JournalEntry, Unit, User
from tests.portal.conftest import resident

PLATE = "NBK5M67"


@pytest.fixture
def proposed(condominium: Condominium, dora: User) -> Vehicle:
    vehicle = propose_vehicle(condominium, PLATE, by=dora)
    assert vehicle is not None
    return vehicle


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """Entries that the signal told of; the queue is not there in tests."""
    told: list[int] = []

    def hear(entry_id: int, **signal: object) -> None:
        told.append(entry_id)

    vehicle_answered.disconnect(dispatch_uid="portal.answers")
    vehicle_answered.connect(hear, weak=False, dispatch_uid="tests")
    yield told
    vehicle_answered.disconnect(dispatch_uid="tests")
    vehicle_answered.connect(answers.queue, dispatch_uid="portal.answers")


def entry() -> JournalEntry:
    return JournalEntry.objects.filter(action__in=("vehicle.approved", "vehicle.refused")).latest("pk")


def test_all_of_the_home_are_told_once_and_the_neighbour_is_not(
    proposed: Vehicle, unit: Unit, emil: User, alice: User
) -> None:
    resident("ida", unit)
    approve(proposed, by=alice)

    assert (answers.tell(entry().pk), answers.tell(entry().pk)) == (2, 0)

    assert [message.to for message in mail.outbox] == [["dora@example.org"], ["ida@example.org"]]
    assert mail.outbox[0].subject == f"{PLATE} is approved"
    assert "the gate opens for it from now on" in mail.outbox[0].body
    assert AnswerNotice.objects.exclude(mailed_at=None).count() == 2


def test_a_refusal_says_the_reason_in_the_residents_language(proposed: Vehicle, dora: User, alice: User) -> None:
    Preferences.objects.create(user=dora, language="en")
    refuse(proposed, by=alice, reason="The unit has two already")
    answers.tell(entry().pk)
    assert mail.outbox[0].subject == f"{PLATE} was not approved"
    assert "The unit has two already" in mail.outbox[0].body


def test_who_does_not_want_mail_gets_none(proposed: Vehicle, dora: User, alice: User) -> None:
    Preferences.objects.create(user=dora, mail_vehicles=False)
    approve(proposed, by=alice)
    assert (answers.tell(entry().pk), mail.outbox) == (1, [])


def test_a_link_stands_in_it_where_the_site_knows_its_address(proposed: Vehicle, alice: User, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://gate.example"
    approve(proposed, by=alice)
    answers.tell(entry().pk)
    assert "https://gate.example/my/vehicles/" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_the_signal_tells_of_answers_and_of_nothing_else(proposed: Vehicle, alice: User, heard: list[int]) -> None:
    approve(proposed, by=alice)
    assert heard == [entry().pk]
    end_vehicle(proposed, by=alice, reason="Sold")
    assert len(heard) == 1


def test_the_sweep_tells_what_nobody_told_and_leaves_old_news(proposed: Vehicle, alice: User) -> None:
    approve(proposed, by=alice)
    assert answers.sweep() == 0  # it may be under way
    found = entry()
    with time_machine.travel(found.at + timedelta(minutes=1), tick=False):
        assert (answers.sweep(), answers.sweep()) == (1, 0)
    AnswerNotice.objects.all().delete()
    with time_machine.travel(found.at + timedelta(days=2), tick=False):
        assert answers.sweep() == 0


def test_what_was_erased_meanwhile_is_not_told(proposed: Vehicle, alice: User) -> None:
    approve(proposed, by=alice)
    told = entry()
    proposed.delete()
    assert (answers.tell(told.pk), answers.tell(0), mail.outbox) == (0, 0, [])
