"""What the console's cards say: who is at each lane, who needs the guard, what is known of the gate."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from cameras.models import Camera, Health, Source
from gates.commands import request_open
from gates.models import Controller, Gate, GateCommand
from gates.states import State
from portal import duty
from portal.console import waiting
from portal.console.board import Card, cards
from portal.console.duties import duties
from portal.console.version import versions
from premises.models import Condominium, User
from tests.portal.console.gatehouse import ALICES, STRANGERS, long_ago, make_lane, stands

pytestmark = pytest.mark.django_db


def card(lane: Lane) -> Card:
    (found,) = [each for each in cards([lane.condominium_id], timezone.now()) if each.lane == lane]
    return found


def test_nobody_came_yet(lane: Lane) -> None:
    shown = card(lane)
    assert (shown.seen, shown.needs, shown.troubles) == (None, False, [])
    assert shown.gate is not None
    assert shown.gate.sentence == "No opening lately."


def test_a_stranger_needs_the_guard_until_turned_away(lane: Lane, bob: User) -> None:
    passage = stands(lane, STRANGERS)
    assert card(lane).needs

    duty.turn_away(passage, by=bob)

    shown = card(lane)
    assert shown.seen is not None
    assert (shown.needs, shown.seen.turned_away_by) == (False, "bob")


def test_a_stranger_needs_the_guard_until_opened_for(lane: Lane, bob: User) -> None:
    passage = stands(lane, STRANGERS)
    assert lane.gate is not None
    command = request_open(lane.gate, by=bob, reason="delivery", passage_id=passage.pk)
    assert not card(lane).needs

    GateCommand.objects.filter(pk=command.pk).update(state=State.EXPIRED)
    assert card(lane).needs


def test_who_came_first_is_shown_first_and_the_others_are_counted(lane: Lane) -> None:
    first, _second = stands(lane, STRANGERS), stands(lane, "QQY0Q18")
    shown = card(lane)
    assert shown.seen is not None
    assert (shown.seen.passage, shown.more) == (first, 1)


def test_who_left_without_an_answer_is_handed_over(lane: Lane, condominium: Condominium) -> None:
    asked = stands(lane, STRANGERS, Outcome.ASK, Reason.UNSURE)
    long_ago(asked, waiting.STANDING + timedelta(seconds=1))

    assert not card(lane).needs
    assert duties([condominium.pk], timezone.now())[condominium.pk].left == [asked]


def test_a_resident_is_named_and_needs_nobody(lane: Lane, vehicle: Vehicle) -> None:
    stands(lane, ALICES, Outcome.OPEN, Reason.PERMITTED)
    shown = card(lane)
    assert shown.seen is not None
    assert (shown.needs, shown.seen.unit, shown.seen.name) == (False, "A 101", "Alice Prado")
    assert shown.seen.known is None


def test_the_vehicle_of_an_earlier_day_is_shown_beside(lane: Lane, vehicle: Vehicle) -> None:
    before = stands(lane, ALICES, Outcome.OPEN, Reason.PERMITTED)
    Passage.objects.filter(pk=before.pk).update(opened_at=timezone.now() - timedelta(days=1))
    before.detections.update(taken_at=timezone.now() - timedelta(days=1))
    stands(lane, ALICES, Outcome.OPEN, Reason.PERMITTED)
    shown = card(lane)
    assert shown.seen is not None
    assert shown.seen.known == before.detections.get().pk


@pytest.mark.parametrize(
    ("state", "switch", "sentence"),
    [
        (State.SENT, False, "Asked to open; waiting for the gate."),
        (State.PULSED, False, "Told to open. This gate cannot say whether it moved."),
        (State.PULSED, True, "Told to open; the position switch has not seen it move."),
        (State.CONFIRMED, True, "Opened, seen by the position switch."),
    ],
)
def test_a_gate_is_opened_only_where_that_was_seen(
    lane: Lane, bob: User, state: State, switch: bool, sentence: str
) -> None:
    assert lane.gate is not None
    Gate.objects.update(has_position_switch=switch)
    command = request_open(lane.gate, by=bob, reason="delivery")
    GateCommand.objects.filter(pk=command.pk).update(state=state, ended_at=timezone.now())
    shown = card(lane).gate
    assert shown is not None
    assert shown.sentence == sentence


def test_an_opening_of_a_while_ago_says_nothing_of_now(lane: Lane, bob: User) -> None:
    assert lane.gate is not None
    command = request_open(lane.gate, by=bob, reason="delivery")
    earlier = timezone.now() - timedelta(minutes=3)
    GateCommand.objects.filter(pk=command.pk).update(state=State.CONFIRMED, requested_at=earlier)
    shown = card(lane).gate
    assert shown is not None
    assert shown.sentence == "No opening lately."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((Camera, {"health": Health.FAILING}), "failing"),
        ((Camera, {"health": Health.STOPPED}), "stopped"),
        ((Camera, {"source": Source.URL, "last_frame_at": None}), "silent"),
        ((Controller, {"online": False}), "offline"),
        ((Controller, {"heard_at": None}), "never-heard"),
        ((Controller, {"is_active": False}), "no-controller"),
        ((Gate, {"on_hold": True}), "on-hold"),
        ((Gate, {"standing": "locked"}), "locked-down"),
        ((Condominium, {"gates_on_hold": True}), "all-on-hold"),
    ],
)
def test_what_is_wrong_with_the_devices_is_said(lane: Lane, change: tuple[Any, dict[str, Any]], code: str) -> None:
    model, values = change
    before = versions([lane.condominium_id], timezone.now())
    model.objects.update(**values)
    assert [trouble.code for trouble in card(lane).troubles] == [code]
    assert versions([lane.condominium_id], timezone.now()) != before


def test_the_version_changes_with_whatever_is_shown(lane: Lane, bob: User, condominium: Condominium) -> None:
    def version() -> object:
        return versions([condominium.pk], timezone.now())

    seen = [version()]
    passage = stands(lane, STRANGERS)
    seen.append(version())
    Passage.objects.filter(pk=passage.pk).update(ended_at=timezone.now())
    seen.append(version())
    assert lane.gate is not None
    command = request_open(lane.gate, by=bob, reason="delivery")
    seen.append(version())
    GateCommand.objects.filter(pk=command.pk).update(state=State.SENT)
    seen.append(version())
    duty.take_over(condominium, by=bob)
    seen.append(version())
    assert all(one != other for one, other in pairwise(seen))
    assert seen[-1] == version()


def test_more_lanes_cost_no_more_queries(lane: Lane, condominium: Condominium) -> None:
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            cards([condominium.pk], timezone.now())
        with CaptureQueriesContext(connection) as polled:
            versions([condominium.pk], timezone.now())
        return len(asked), len(polled)

    stands(lane, STRANGERS)
    one = cost()
    for name in ("Exit", "Service", "Garage"):
        stands(make_lane(condominium, name), STRANGERS)
    assert cost() == one
    assert one == (4, 4)
