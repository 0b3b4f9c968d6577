"""In the admin a gate is held open, locked down and freed with two clicks and a reason; the page offers what fits."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gates import stands
from gates.models import Controller, Gate
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of
from tests.conftest import member

pytestmark = pytest.mark.django_db

BUTTONS = ("hold_open", "lock_down", "release")


@pytest.fixture
def gate(furnished: Condominium) -> Gate:
    found: Gate = row_of(Gate, furnished)
    return found


@pytest.fixture
def heard(gate: Gate) -> Gate:
    """Its controller is heard, and takes orders."""
    Controller.objects.filter(gates=gate).update(
        online=True, session="00112233445566aa", heard_at=timezone.now(), uptime_ms=60_000, firmware="1.2"
    )
    return gate


def url(button: str, gate: Gate | None = None) -> str:
    return reverse(f"admin:gates_gate_{button}", args=[gate.pk] if gate else [])


def offered(client: Client, gate: Gate) -> list[str]:
    page = client.get(address(Gate, "change", gate.pk)).content.decode()
    return [button for button in BUTTONS if url(button, gate) in page]


def standing(gate: Gate) -> str:
    return stands.wanted(Gate.objects.select_related("condominium").get(pk=gate.pk))


def test_a_guard_holds_a_gate_open_and_lets_it_go(bob: User, heard: Gate, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assert offered(client, heard) == ["hold_open", "lock_down"]
    answer = client.post(url("hold_open", heard), {"minutes": "30", "reason": "a removal van"}, follow=True)
    assert "Held open until" in answer.content.decode()
    row = Gate.objects.get(pk=heard.pk)
    assert (row.standing_by, row.standing_because) == ("bob", "a removal van")
    assert row.standing_until and 29 < (row.standing_until - timezone.now()).total_seconds() / 60 < 30
    assert offered(client, heard) == ["hold_open", "lock_down", "release"]
    client.post(url("release", heard), {"reason": "it is in"})
    assert standing(heard) == "free"


def test_what_cannot_be_held_open_says_why(bob: User, gate: Gate, signed_in: SignedIn) -> None:
    Controller.objects.update(online=False)
    answer = signed_in(bob).post(url("hold_open", gate), {"minutes": "30", "reason": "a removal van"})
    assert "The controller is not heard." in answer.content.decode()
    assert standing(gate) == "free"


def test_a_guard_locks_a_gate_down_and_frees_it(bob: User, gate: Gate, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    client.post(url("lock_down", gate), {"reason": "robbers"})
    assert (standing(gate), offered(client, gate)) == ("locked", ["release"])
    assert "robbers" in client.get(address(Gate, "change", gate.pk)).content.decode()
    client.post(url("release", gate), {"reason": "over"})
    assert standing(gate) == "free"


def test_another_guard_is_told_who_locked_it(
    bob: User, gate: Gate, furnished: Condominium, signed_in: SignedIn
) -> None:
    signed_in(bob).post(url("lock_down", gate), {"reason": "robbers"})
    other = signed_in(member("carol", furnished, Role.GUARD))
    answer = other.post(url("release", gate), {"reason": "why?"}, follow=True)
    assert "bob locked it down" in answer.content.decode()
    assert standing(gate) == "locked"


@pytest.mark.parametrize("button", BUTTONS)
def test_asking_orders_nothing_and_neither_does_no_reason(
    bob: User, heard: Gate, signed_in: SignedIn, button: str
) -> None:
    client = signed_in(bob)
    assert client.get(url(button, heard)).status_code == 200
    assert client.post(url(button, heard), {"minutes": "30", "reason": ""}).status_code == 200
    assert standing(heard) == "free"


def test_the_condominium_is_locked_down_and_freed(bob: User, furnished: Condominium, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    client.post(url("lock_all_down"), {"condominium": furnished.pk, "reason": "robbers"})
    furnished.refresh_from_db()
    assert (furnished.locked_down, furnished.locked_by) == (True, "bob")
    client.post(url("free_all"), {"condominium": furnished.pk, "reason": "over"})
    furnished.refresh_from_db()
    assert not furnished.locked_down


def test_all_gates_are_held_open_and_let_go(
    bob: User, heard: Gate, furnished: Condominium, signed_in: SignedIn
) -> None:
    Gate.objects.create(condominium=furnished, name="Without a board")
    client = signed_in(bob)
    form = {"condominium": furnished.pk, "minutes": "15", "reason": "fire"}
    said = client.post(url("hold_all_open"), form, follow=True).content.decode()
    assert "Without a board could not be held open: This gate has no controller." in said
    assert standing(heard) == "open"
    client.post(url("let_all_go"), {"condominium": furnished.pk, "reason": "out"})
    assert standing(heard) == "free"


def test_the_condominiums_lock_down_is_no_field_of_a_form(
    alice: User, furnished: Condominium, signed_in: SignedIn
) -> None:
    form = {"name": furnished.name, "time_zone": furnished.time_zone, "locked_down": "on"}
    signed_in(alice).post(address(Condominium, "change", furnished.pk), form)
    furnished.refresh_from_db()
    assert not furnished.locked_down


ALL: list[tuple[str, dict[str, Any]]] = [("lock_all_down", {}), ("hold_all_open", {"minutes": "15"})]


def test_charlie_orders_nothing_of_alices(
    charlie: User, heard: Gate, furnished: Condominium, signed_in: SignedIn
) -> None:
    client = signed_in(charlie)
    for button in BUTTONS:
        assert client.post(url(button, heard), {"minutes": "15", "reason": "x"}).status_code == 404
    for button, more in ALL:
        client.post(url(button), {"condominium": furnished.pk, "reason": "x", **more})
    furnished.refresh_from_db()
    assert (standing(heard), furnished.locked_down) == ("free", False)
    assert not JournalEntry.objects.filter(condominium=furnished, action__startswith="gates.").exists()


def test_an_auditor_orders_nothing(furnished: Condominium, heard: Gate, signed_in: SignedIn) -> None:
    client = signed_in(member("ada", furnished, Role.AUDITOR))
    assert offered(client, heard) == []
    for button in BUTTONS:
        assert client.post(url(button, heard), {"minutes": "15", "reason": "x"}).status_code == 403
    for button, more in ALL:
        assert client.post(url(button), {"reason": "x", **more}).status_code == 403
