"""What stands is said again while the controller says otherwise: once at a time, ever more slowly, not for ever."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gates import commands, holds, standing, standing_orders, stands
from gates.commands import request_open
from gates.models import Controller, Gate, GateCommand, StandingOrder
from gates.protocol import Ack, Step
from gates.tending import LOST, tend
from premises.models import Condominium, JournalEntry, User
from tests.gates.parts import Broker
from tests.gates.standing import SESSION, WHY, answers, beats, fresh, last, said, soon, tells, told

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "ffeeddccbbaa0099"


class Clock:
    """The server's, to be moved on by hand."""

    def __init__(self) -> None:
        self.shows = timezone.now()

    def __call__(self) -> datetime:
        return self.shows

    def passes(self, seconds: float) -> None:
        self.shows += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def heard(gate: Gate, controller: Controller, broker: Broker) -> Controller:
    """A controller that is heard and takes orders, at a broker that takes messages for it."""
    beats(controller, 60_000, "1=closed")
    controller.refresh_from_db()
    return controller


def held(gate: Gate, by: User) -> StandingOrder:
    """Held open, and its controller said that it is."""
    standing.hold_open(gate, until=soon(), by=by, reason=WHY)
    answers(last(gate), "done")
    return last(gate)


def after(**more: float) -> Any:
    return timezone.now() + timedelta(**more)


def test_an_order_is_said_at_once_and_its_life_is_seen(gate: Gate, heard: Controller, bob: User) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    order = last(gate)
    assert (order.standing, order.state, order.asked_by_name, order.reason) == ("open", "sent", "bob", WHY)
    assert 14 * 60_000 < order.for_ms <= 15 * 60_000
    assert (order.session, order.expires_uptime_ms > 60_000) == (SESSION, True)
    assert stands.on_board(fresh(gate)) == "free"
    answers(order, "done")
    assert (said(gate), stands.on_board(fresh(gate))) == ([("open", "done")], "open")


def test_what_is_heeded_is_not_said_again(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    beats(heard, 62_000, "1=open+")
    assert [tend(), tend(after(seconds=5))] == [0, 0]


def test_without_an_answer_it_is_said_again_ever_more_slowly(
    gate: Gate, heard: Controller, bob: User, clock: Clock
) -> None:
    standing.lock_down(gate, by=bob, reason=WHY)
    told_at = []
    for second in range(1, 200):
        clock.passes(1)
        beats(heard, 60_000 + 1000 * second, "1=closed")
        if tend():
            told_at.append(second)
    assert told_at == [2, 6, 14, 30, 62, 122, 182]


def test_a_controller_that_restarted_is_told_again(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    Gate.objects.update(said_at=after(minutes=-1))
    beats(heard, 500, "1=closed", session=OTHER)
    assert tend() == 1
    assert (last(gate).session, last(gate).standing) == (OTHER, "open")
    assert last(gate).for_ms < 15 * 60_000


def test_two_servers_say_it_once(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    Gate.objects.update(said_at=after(minutes=-1), on_board="free", on_board_at=timezone.now())
    one, other = fresh(gate), fresh(gate)
    assert standing_orders._claim(one, timezone.now())
    assert not standing_orders._claim(other, timezone.now())
    assert tend() == 0


def test_each_order_is_later_than_the_one_before_in_the_controllers_clock(
    gate: Gate, heard: Controller, bob: User
) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    first = last(gate)
    Controller.objects.update(heard_at=after(seconds=-1), uptime_ms=50_000)  # a heartbeat that was long under way
    standing.release(gate, by=bob, reason="it is in")
    assert last(gate).expires_uptime_ms == first.expires_uptime_ms + 1


def test_a_hold_ends_by_itself_and_nothing_is_said_of_it(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    Gate.objects.update(standing_until=after(seconds=-1))
    assert (tend(), stands.wanted(fresh(gate))) == (0, "free")
    tells(heard, 63_000, "hold_ended", "1 over")
    beats(heard, 63_001, "1=open")
    Gate.objects.update(standing_until=after(seconds=-6))
    assert (tend(), fresh(gate).standing) == (0, "free")
    assert told() == ["gate.held_open", "gate.hold_ended"]
    assert JournalEntry.objects.get(action="gate.hold_ended").data["problem"] == "over"


def test_a_controller_that_ends_it_too_late_is_told(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    Gate.objects.update(standing_until=after(seconds=-6), said_at=after(minutes=-1))
    assert tend() == 1
    assert said(gate)[-1] == ("free", "sent")


def test_a_hold_that_nobody_could_have_closed_does_not_come_back(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    tells(heard, 63_000, "hold_ended", "1 broker_gone")
    beats(heard, 63_001, "1=closed")
    assert (fresh(gate).standing, tend()) == ("free", 0)


def test_a_hold_that_could_not_be_kept_for_a_minute_is_over(gate: Gate, heard: Controller, bob: User) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    answers(last(gate), "refused", "obstructed")
    late = timezone.now() + LOST + timedelta(seconds=1)
    beats(heard, 120_000, "1=closed!", at=late)
    tend(late)
    assert fresh(gate).standing == "free"
    entry = JournalEntry.objects.get(action="gate.hold_lost")
    assert (entry.actor, entry.data) == ("cancela", {"problem": "obstructed"})


def test_with_its_controller_silent_for_a_minute_a_hold_is_over(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    tend(after(seconds=59))
    assert fresh(gate).standing == "open"
    tend(after(seconds=62))
    assert (fresh(gate).standing, told()[-1]) == ("free", "gate.hold_lost")
    beats(heard, 61_000, "1=open+")
    Gate.objects.update(said_at=None)
    assert tend() == 1
    assert said(gate)[-1] == ("free", "sent")


def test_a_lock_down_is_never_given_up(gate: Gate, heard: Controller, bob: User) -> None:
    standing.lock_down(gate, by=bob, reason=WHY)
    tend(after(days=3))
    assert fresh(gate).standing == "locked"
    beats(heard, 500, "1=closed", session=OTHER)
    Gate.objects.update(said_at=after(minutes=-2))
    assert tend() == 1
    assert said(gate)[-1] == ("locked", "sent")


def test_a_board_that_is_locked_and_shall_be_held_open_is_freed_first(gate: Gate, heard: Controller, bob: User) -> None:
    beats(heard, 61_000, "1=closed#")
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    assert said(gate) == [("free", "sent")]
    answers(last(gate), "done")
    Gate.objects.update(said_at=None)
    assert tend() == 1
    assert said(gate)[-1] == ("open", "sent")


def test_a_board_that_comes_locked_from_elsewhere_is_freed(gate: Gate, heard: Controller) -> None:
    beats(heard, 61_000, "1=closed#")
    assert tend() == 1
    assert said(gate) == [("free", "sent")]


def test_the_kill_switch_ends_it_on_the_board_too(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    holds.hold(gate, by=bob, reason="a child on it")
    assert said(gate) == [("open", "done"), ("free", "sent")]


def test_a_switch_thrown_past_the_verb_ends_it_too(gate: Gate, heard: Controller, bob: User) -> None:
    held(gate, bob)
    Gate.objects.update(on_hold=True)
    tend()
    assert (fresh(gate).standing, said(gate)[-1]) == ("free", ("free", "sent"))


def test_the_condominiums_lock_down_is_told_to_gates_that_nobody_leaves_by(
    gate: Gate, heard: Controller, condominium: Condominium, bob: User
) -> None:
    Gate.objects.update(way_out=False)
    standing.lock_all_down(condominium, by=bob, reason="robbers")
    order = last(gate)
    assert (order.standing, order.asked_by_name, order.reason) == ("locked", "bob", "robbers")
    answers(order, "done")
    standing.free_all(condominium, by=bob, reason="over")
    assert said(gate)[-1] == ("free", "sent")


def test_an_old_board_is_told_nothing_and_its_gate_is_locked_by_us_alone(
    gate: Gate, controller: Controller, broker: Broker, bob: User
) -> None:
    beats(controller, 60_000, "1=closed")
    Controller.objects.update(firmware="1.1")
    standing.lock_down(gate, by=bob, reason=WHY)
    assert (tend(), said(gate)) == (0, [])
    assert request_open(gate, by="cancela", reason="registered").problem == "locked_down"


def test_with_the_broker_down_the_order_fails_and_is_said_when_it_is_back(
    gate: Gate, heard: Controller, broker: Broker, bob: User
) -> None:
    broker.kill()
    standing.lock_down(gate, by=bob, reason=WHY)
    assert (last(gate).state, last(gate).problem) == ("failed", "broker_down")
    broker.start()
    Gate.objects.update(said_at=after(minutes=-1))
    assert tend() == 1
    assert said(gate)[-1] == ("locked", "sent")


def test_an_order_that_nobody_answers_has_an_end(gate: Gate, heard: Controller, bob: User) -> None:
    standing.lock_down(gate, by=bob, reason=WHY)
    standing_orders.sweep(after(seconds=6))
    assert last(gate).state == "sent"
    standing_orders.sweep(after(seconds=8))
    assert (last(gate).state, last(gate).problem) == ("expired", "no_answer")
    answers(last(gate), "done")  # late, and true
    assert (last(gate).state, last(gate).problem) == ("done", "")


def test_an_answer_of_another_controller_is_no_answer(
    gate: Gate, heard: Controller, bob: User, mallory: Any, elsewhere: Condominium
) -> None:
    standing.lock_down(gate, by=bob, reason=WHY)
    order = last(gate)
    order.gate.controller = Controller.objects.get(device="mallory")
    answers(order, "done")
    assert last(gate).state == "sent"


def test_an_answer_to_nothing_is_passed_over(gate: Gate, heard: Controller) -> None:
    order = StandingOrder(gate=fresh(gate))
    answers(order, "done")
    assert said(gate) == []


def test_an_opening_that_finds_the_gate_held_open_was_not_needed(gate: Gate, heard: Controller) -> None:
    command = request_open(gate, by="cancela", reason="registered")
    ack = Ack(str(command.pk), Step.REFUSED, "held_open", SESSION, 2000)
    assert commands.apply_ack(heard, ack)
    assert list(GateCommand.objects.values_list("state", "problem")) == [("stood_open", "")]
    assert told() == ["gate.requested", "gate.stood_open"]
