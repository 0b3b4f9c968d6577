"""The kill switch: a named person stops a gate or all gates for a reason, and who stopped it gives it back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from gates import holds
from gates.commands import request_open
from gates.models import Gate
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.conftest import member

pytestmark = pytest.mark.django_db

WHY = "Somebody is at work under it"


def told() -> list[tuple[str, str, str, Any]]:
    entries = JournalEntry.objects.filter(action__startswith="gate").order_by("sequence")
    return [(entry.action, entry.actor, entry.subject, entry.data.get("reason")) for entry in entries]


@pytest.fixture
def carol(condominium: Condominium) -> User:
    """Another guard."""
    return member("carol", condominium, Role.GUARD)


def test_a_stopped_gate_opens_for_nobody_and_the_journal_says_who_and_why(gate: Gate, bob: User, alice: User) -> None:
    assert holds.hold(gate, by=bob, reason=f" {WHY} ")
    assert (gate.held_by, gate.held_because) == ("bob", WHY)
    command = request_open(gate, by=alice, reason="a delivery")
    assert (command.state, command.problem) == ("failed", "on_hold")
    assert told()[0] == ("gate.held", "bob", gate.name, WHY)


def test_who_stopped_it_gives_it_back(gate: Gate, bob: User) -> None:
    holds.hold(gate, by=bob, reason=WHY)
    assert holds.give_back(gate, by=bob, reason="done")
    gate.refresh_from_db()
    assert (gate.on_hold, gate.held_by, gate.held_because) == (False, "", "")
    assert [row[0] for row in told()] == ["gate.held", "gate.given_back"]


def test_another_guard_does_not_give_it_back_and_the_manager_does(
    gate: Gate, bob: User, carol: User, alice: User
) -> None:
    holds.hold(gate, by=bob, reason=WHY)
    with pytest.raises(PermissionDenied, match="bob stopped it"):
        holds.give_back(gate, by=carol, reason="I do not know of anything")
    assert Gate.objects.get(pk=gate.pk).on_hold
    assert holds.give_back(gate, by=alice, reason="done")


def test_stopped_twice_it_is_stopped_once(gate: Gate, bob: User, carol: User) -> None:
    twin = Gate.objects.get(pk=gate.pk)
    assert holds.hold(gate, by=bob, reason=WHY)
    assert not holds.hold(twin, by=carol, reason="me too")
    assert Gate.objects.get(pk=gate.pk).held_by == "bob"
    assert len(told()) == 1


def test_all_gates_are_stopped_and_one_that_was_stopped_by_itself_stays_so(
    gate: Gate, condominium: Condominium, bob: User
) -> None:
    holds.hold(gate, by=bob, reason=WHY)
    assert holds.hold_all(condominium, by=bob, reason="flooding")
    assert holds.give_all_back(condominium, by=bob, reason="over")
    assert request_open(gate, by="cancela", reason="registered").problem == "on_hold"
    assert [row[0] for row in told()][:3] == ["gate.held", "gates.held", "gates.given_back"]


def test_all_on_hold_opens_none(gate: Gate, condominium: Condominium, bob: User) -> None:
    holds.hold_all(condominium, by=bob, reason="flooding")
    assert request_open(gate, by="cancela", reason="registered").problem == "all_on_hold"


VERBS: list[Callable[..., bool]] = [holds.hold, holds.give_back]


@pytest.mark.parametrize("verb", VERBS)
def test_charlie_stops_and_frees_nothing_of_alices(gate: Gate, charlie: User, verb: Callable[..., bool]) -> None:
    with pytest.raises(PermissionDenied):
        verb(gate, by=charlie, reason=WHY)
    with pytest.raises(PermissionDenied):
        holds.hold_all(gate.condominium, by=charlie, reason=WHY)
    assert told() == []


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_without_a_reason_or_a_name(gate: Gate, bob: User, verb: Callable[..., bool]) -> None:
    with pytest.raises(ValidationError):
        verb(gate, by=bob, reason="  ")
    with pytest.raises(PermissionDenied):
        verb(gate, by="", reason=WHY)
    assert told() == []
