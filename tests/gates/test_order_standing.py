"""A named person holds a gate open, locks it down or frees it, for a reason; what cannot be now is not done later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from gates import holds, standing, stands
from gates.commands import request_open
from gates.models import Controller, Gate, StandingOrder
from gates.problems import Problem
from gates.shown import standing_label
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.conftest import member
from tests.gates.dialects import make
from tests.gates.standing import WHY, beats, fresh, soon, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol(condominium: Condominium) -> User:
    """Another guard."""
    return member("carol", condominium, Role.GUARD)


@pytest.fixture
def heard(gate: Gate, controller: Controller) -> Controller:
    """A controller that is heard, and takes orders."""
    beats(controller, 60_000, "1=closed")
    controller.refresh_from_db()
    return controller


def wanted(gate: Gate) -> str:
    return stands.wanted(fresh(gate))


def test_a_guard_holds_a_gate_open_until_a_time(gate: Gate, heard: Controller, bob: User) -> None:
    until = soon()
    assert standing.hold_open(gate, until=until, by=bob, reason=f" {WHY} ")
    row = fresh(gate)
    assert (wanted(gate), row.standing_until, row.standing_by, row.standing_because) == ("open", until, "bob", WHY)
    assert stands.wanted(row, until) == "free"
    entry = JournalEntry.objects.get(action="gate.held_open")
    assert (entry.actor, entry.subject, entry.data) == ("bob", gate.name, {"reason": WHY, "until": until.isoformat()})


def test_any_guard_lets_it_go(gate: Gate, heard: Controller, bob: User, carol: User) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    assert standing.release(gate, by=carol, reason="it is in")
    assert (wanted(gate), told()) == ("free", ["gate.held_open", "gate.let_go"])
    assert not standing.release(gate, by=carol, reason="again")


@pytest.mark.parametrize(("more", "said"), [({"seconds": -1}, "over already"), ({"hours": 4.1}, "four hours")])
def test_a_time_that_will_not_do_is_said(
    gate: Gate, heard: Controller, bob: User, more: dict[str, float], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        standing.hold_open(gate, until=soon(**more), by=bob, reason=WHY)
    assert (wanted(gate), told()) == ("free", [])


def refused(gate: Gate, by: User) -> str:
    with pytest.raises(ValidationError) as caught:
        standing.hold_open(gate, until=soon(), by=by, reason=WHY)
    assert wanted(gate) in ("free", "locked")
    return str(caught.value.code)


def test_what_cannot_be_held_open_now_is_not_held_open_later(
    gate: Gate, controller: Controller, bob: User, alice: User
) -> None:
    assert refused(gate, bob) == "controller_offline"
    beats(controller, 60_000, "1=closed")
    Controller.objects.update(firmware="1.1")
    assert refused(gate, bob) == "firmware_old"
    Controller.objects.update(firmware="1.2")
    holds.hold(gate, by=bob, reason="at work")
    assert refused(gate, bob) == "on_hold"
    holds.give_back(gate, by=bob, reason="done")
    standing.lock_down(gate, by=bob, reason=WHY)
    assert refused(gate, bob) == "locked_down"
    standing.release(gate, by=bob, reason=WHY)
    standing.lock_all_down(gate.condominium, by=alice, reason=WHY)
    assert refused(gate, bob) == "locked_down"


def test_the_kill_switch_ends_a_hold_and_it_does_not_come_back(gate: Gate, heard: Controller, bob: User) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    holds.hold(gate, by=bob, reason="a child on it")
    assert (wanted(gate), told()) == ("free", ["gate.held_open", "gate.let_go", "gate.held"])
    holds.give_back(gate, by=bob, reason="done")
    assert wanted(gate) == "free"


def test_the_kill_switch_for_all_ends_every_hold(gate: Gate, heard: Controller, bob: User) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    holds.hold_all(gate.condominium, by=bob, reason="flooding")
    assert fresh(gate).standing == "free"


def test_a_locked_gate_is_asked_for_nothing(gate: Gate, heard: Controller, bob: User, alice: User) -> None:
    assert standing.lock_down(gate, by=bob, reason="somebody follows cars in")
    for by in ("cancela", alice):
        command = request_open(gate, by=by, reason="registered")
        assert (command.state, command.problem) == ("failed", "locked_down")
    assert not standing.lock_down(gate, by=alice, reason="me too")
    assert fresh(gate).standing_by == "bob"


def test_a_gate_is_locked_though_its_controller_is_not_heard(gate: Gate, bob: User) -> None:
    assert standing.lock_down(gate, by=bob, reason=WHY)
    assert request_open(gate, by="cancela", reason="registered").problem == "locked_down"


def test_a_lock_down_ends_a_hold(gate: Gate, heard: Controller, bob: User) -> None:
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    standing.lock_down(gate, by=bob, reason="somebody follows cars in")
    standing.release(gate, by=bob, reason="over")
    assert (wanted(gate), told()) == ("free", ["gate.held_open", "gate.locked_down", "gate.freed"])


def test_who_locked_it_frees_it_and_so_does_who_keeps_the_devices(
    gate: Gate, bob: User, carol: User, alice: User
) -> None:
    standing.lock_down(gate, by=bob, reason=WHY)
    with pytest.raises(PermissionDenied, match="bob locked it down"):
        standing.release(gate, by=carol, reason="I do not know of anything")
    assert wanted(gate) == "locked"
    assert standing.release(gate, by=alice, reason="over")


def test_all_are_locked_but_who_leaves_may_leave(gate: Gate, condominium: Condominium, bob: User) -> None:
    entrance = Gate.objects.create(condominium=condominium, name="Entrance", way_out=False)
    assert standing.lock_all_down(condominium, by=bob, reason=WHY)
    assert (wanted(gate), wanted(entrance)) == ("free", "locked")
    assert not standing.lock_all_down(condominium, by=bob, reason=WHY)
    condominium.refresh_from_db()
    assert (condominium.locked_down, condominium.locked_by, condominium.locked_because) == (True, "bob", WHY)
    assert standing.free_all(condominium, by=bob, reason="over")
    assert (wanted(entrance), told()) == ("free", ["gates.locked_down", "gates.freed"])


def test_another_guard_does_not_end_the_lock_down_of_all(condominium: Condominium, bob: User, carol: User) -> None:
    standing.lock_all_down(condominium, by=bob, reason=WHY)
    with pytest.raises(PermissionDenied, match="bob locked it down"):
        standing.free_all(condominium, by=carol, reason="why?")


def test_a_gate_locked_by_itself_stays_so(gate: Gate, condominium: Condominium, bob: User) -> None:
    standing.lock_down(gate, by=bob, reason=WHY)
    standing.lock_all_down(condominium, by=bob, reason=WHY)
    standing.free_all(condominium, by=bob, reason="over")
    assert wanted(gate) == "locked"


def test_all_that_can_be_are_held_open_and_of_the_others_it_is_said_why(
    gate: Gate, heard: Controller, condominium: Condominium, bob: User
) -> None:
    other = Gate.objects.create(condominium=condominium, name="Side gate")
    left = standing.hold_all_open(condominium, until=soon(), by=bob, reason="fire")
    assert left == {other: "This gate has no controller."}
    assert wanted(gate) == "open"
    assert standing.let_all_go(condominium, by=bob, reason="out") == 1
    assert wanted(gate) == "free"


def hold_open(gate: Gate, **who: Any) -> Any:
    return standing.hold_open(gate, until=timezone.now() + timedelta(minutes=5), **who)


VERBS: list[Callable[..., Any]] = [hold_open, standing.lock_down, standing.release]


@pytest.mark.parametrize("verb", VERBS)
def test_charlie_orders_nothing_at_alices(
    gate: Gate, heard: Controller, charlie: User, verb: Callable[..., Any]
) -> None:
    with pytest.raises(PermissionDenied):
        verb(gate, by=charlie, reason=WHY)
    for whole in (standing.lock_all_down, standing.free_all, standing.let_all_go):
        with pytest.raises(PermissionDenied):
            whole(gate.condominium, by=charlie, reason=WHY)
    assert told() == []


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_ordered_without_a_reason_or_a_name(
    gate: Gate, heard: Controller, bob: User, verb: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError, match="Give a reason"):
        verb(gate, by=bob, reason="  ")
    with pytest.raises(PermissionDenied):
        verb(gate, by="", reason=WHY)
    assert told() == []


def test_a_board_of_another_make_is_locked_here_and_holds_nothing_open(condominium: Condominium, bob: User) -> None:
    gate, controller, _ = make(condominium, "tasmota")
    Controller.objects.filter(pk=controller.pk).update(online=True, heard_at=timezone.now(), vouched_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        standing.hold_open(gate, until=timezone.now() + timedelta(minutes=5), by=bob, reason=WHY)
    assert refused.value.code == Problem.NOT_HELD
    standing.lock_down(gate, by=bob, reason=WHY)
    assert request_open(gate, by=bob, reason="all the same").problem == Problem.LOCKED_DOWN
    assert str(standing_label(Gate.objects.get(pk=gate.pk))) == "locked here; its board knows nothing of it"
    assert StandingOrder.objects.count() == 0
