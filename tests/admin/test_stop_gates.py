"""In the admin a gate is stopped with two clicks and a reason, and the page offers only what fits."""

import pytest
from django.urls import reverse

from gates.models import Gate
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of
from tests.conftest import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate(furnished: Condominium) -> Gate:
    found: Gate = row_of(Gate, furnished)
    return found


def url(button: str, gate: Gate | None = None) -> str:
    return reverse(f"admin:gates_gate_{button}", args=[gate.pk] if gate else [])


def test_a_guard_stops_a_gate_and_gives_it_back(bob: User, gate: Gate, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    page = client.get(address(Gate, "change", gate.pk)).content.decode()
    assert (url("stop", gate) in page, url("give_back", gate) in page) == (True, False)

    client.post(url("stop", gate), {"reason": "at work"})
    gate.refresh_from_db()
    assert (gate.on_hold, gate.held_by, gate.held_because) == (True, "bob", "at work")
    page = client.get(address(Gate, "change", gate.pk)).content.decode()
    assert (url("stop", gate) in page, url("give_back", gate) in page, "at work" in page) == (False, True, True)

    client.post(url("give_back", gate), {"reason": "done"})
    gate.refresh_from_db()
    assert not gate.on_hold


def test_asking_stops_nothing_and_neither_does_no_reason(bob: User, gate: Gate, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assert client.get(url("stop", gate)).status_code == 200
    assert client.post(url("stop", gate), {"reason": ""}).status_code == 200
    assert not Gate.objects.get(pk=gate.pk).on_hold


def test_the_field_itself_is_not_to_be_changed(alice: User, gate: Gate, signed_in: SignedIn) -> None:
    form = {"name": gate.name, "relay": 1, "pulse_ms": 500, "life_ms": 5000, "on_hold": "on"}
    signed_in(alice).post(address(Gate, "change", gate.pk), form)
    assert not Gate.objects.get(pk=gate.pk).on_hold


def test_all_gates_are_stopped_at_once(bob: User, furnished: Condominium, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    answer = client.post(url("stop_all"), {"condominium": furnished.pk, "reason": "flooding"})
    assert answer.status_code == 302
    furnished.refresh_from_db()
    assert (furnished.gates_on_hold, furnished.held_by) == (True, "bob")
    client.post(url("give_all_back"), {"condominium": furnished.pk, "reason": "over"})
    furnished.refresh_from_db()
    assert not furnished.gates_on_hold


def test_charlie_stops_nothing_of_alices(
    charlie: User, gate: Gate, furnished: Condominium, signed_in: SignedIn
) -> None:
    client = signed_in(charlie)
    assert client.post(url("stop", gate), {"reason": "x"}).status_code == 404
    client.post(url("stop_all"), {"condominium": furnished.pk, "reason": "x"})
    furnished.refresh_from_db()
    assert not furnished.gates_on_hold
    assert not JournalEntry.objects.filter(condominium=furnished, action="gates.held").exists()


def test_an_auditor_stops_nothing(furnished: Condominium, gate: Gate, signed_in: SignedIn) -> None:
    client = signed_in(member("ada", furnished, Role.AUDITOR))
    assert url("stop", gate) not in client.get(address(Gate, "change", gate.pk)).content.decode()
    assert client.post(url("stop", gate), {"reason": "x"}).status_code == 403
    assert client.post(url("stop_all"), {"reason": "x"}).status_code == 403
