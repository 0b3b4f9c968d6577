"""The page of a gate: how it is now, what became of its openings, and the buttons that its reader may use."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from gates.models import Controller, Gate, GateCommand
from gates.order_states import Standing
from gates.problems import Problem
from gates.states import State
from premises.models import Condominium, JournalEntry, User
from premises.roles import Role
from tests.admin.conftest import SignedIn
from tests.admin.pages import OF_ALICE, address, row_of
from tests.conftest import member


@pytest.fixture
def gate(furnished: Condominium) -> Gate:
    """Heard a moment ago."""
    gate: Gate = row_of(Gate, furnished)
    at = timezone.now()
    Controller.objects.update(online=True, session="0123456789abcdef", uptime_ms=1, heard_at=at)
    return gate


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def page(client: Client, gate: Gate) -> Any:
    return client.get(address(Gate, "change", gate.pk)).context


def live(client: Client, gate: Gate) -> Any:
    return client.get(reverse("admin:gates_gate_live", args=[gate.pk]))


def noted(client: Client, gate: Gate) -> list[tuple[str, str]]:
    return [(note.tone, note.text) for note in live(client, gate).context["notes"]]


def offered(client: Client, gate: Gate) -> list[str]:
    return [each["id"] for each in live(client, gate).context["gate_actions"]]


def command(gate: Gate, **more: Any) -> GateCommand:
    at = timezone.now() - timedelta(minutes=2)
    usual = {"requested_by_name": "bob", "reason": "delivery", "pulse_ms": 500, "requested_at": at, "expires_at": at}
    return GateCommand.objects.create(condominium_id=gate.condominium_id, gate=gate, **(usual | more))


def test_the_page_and_what_renews_it_show_the_same(manager: Client, gate: Gate) -> None:
    fragment = live(manager, gate).content.decode()
    assert fragment.strip().startswith('<div id="gate-now"')
    assert f'data-from="{reverse("admin:gates_gate_live", args=[gate.pk])}"' in fragment
    names = ("position", "heard", "notes", "gate_lanes", "commands", "gate_actions", "forgives")
    whole, part = page(manager, gate), live(manager, gate).context
    assert {name: str(whole[name]) for name in names} == {name: str(part[name]) for name in names}


def test_nothing_is_said_where_all_is_well(manager: Client, gate: Gate) -> None:
    Gate.objects.update(position="closed", position_at=timezone.now())
    assert noted(manager, gate) == []
    assert live(manager, gate).context["position"]["word"] == "closed"


@pytest.mark.parametrize(
    ("model", "change", "tone", "text"),
    [
        (Gate, {"position": "unknown"}, "info", "It has no position switch that says where it stands: look at it."),
        (Gate, {"obstructed": True}, "danger", "Something stands in its way: it does not open while that is so."),
        (Gate, {"on_hold": True, "held_by": "bob", "held_because": "paint"}, "danger", "It is stopped. By bob: paint"),
        (
            Condominium,
            {"gates_on_hold": True, "held_by": "ana", "held_because": "flood"},
            "danger",
            "All gates of the condominium are stopped. By ana: flood",
        ),
        (Condominium, {"locked_down": True}, "warning", "The condominium is locked down: nobody is let in by plate."),
        (Controller, {"heard_at": None}, "danger", "The gate's controller was never heard: nothing of ours opens it."),
        (
            Controller,
            {"is_active": False},
            "danger",
            "The gate's controller is out of service: nothing of ours opens it.",
        ),
        (Gate, {"controller": None}, "danger", "The gate has no controller: nothing of ours opens it."),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_said_in_words(
    manager: Client, gate: Gate, model: Any, change: dict[str, Any], tone: str, text: str
) -> None:
    Gate.objects.update(position="closed", position_at=timezone.now())
    model.objects.update(**change)
    assert noted(manager, gate) == [(tone, text)]


def test_a_silent_controller_is_red_with_since_when_and_its_position_is_not_known(manager: Client, gate: Gate) -> None:
    since = timezone.now() - timedelta(seconds=11)
    Gate.objects.update(position="open", position_at=since)
    Controller.objects.update(heard_at=since)
    shown = live(manager, gate)
    assert shown.context["heard"].words.startswith("not heard since ")
    assert shown.context["position"]["word"] == "not known"
    assert "Nothing opens here:" in shown.content.decode()


def test_each_step_has_the_milliseconds_since_the_one_before(manager: Client, gate: Gate) -> None:
    GateCommand.objects.all().delete()
    at = timezone.now()
    later = [at + timedelta(milliseconds=ms) for ms in (4, 24, 30, 1030)]
    command(
        gate, requested_at=at, sent_at=later[0], accepted_at=later[1], pulsed_at=later[2], confirmed_at=later[3],
        ended_at=later[3], state=State.CONFIRMED,
    )  # fmt: skip
    shown = live(manager, gate).context["commands"][0]
    assert [(str(each.step.name), each.between) for each in shown.steps] == [
        ("requested", None),
        ("sent", 4),
        ("accepted by the controller", 20),
        ("relay pulsed", 6),
        ("seen open by the position switch", 1000),
    ]
    assert (shown.why, shown.tone) == ("", "success")


def test_the_failed_step_is_said_in_words(manager: Client, gate: Gate) -> None:
    at = timezone.now() - timedelta(minutes=1)
    command(gate, state=State.EXPIRED, problem=Problem.NO_PULSE, sent_at=at, accepted_at=at, ended_at=at)
    said = live(manager, gate).content.decode()
    assert "The controller accepted it, but reported no pulse: outcome unknown." in said


def test_a_pulse_that_no_switch_saw_is_said_once_it_could_have(manager: Client, gate: Gate) -> None:
    GateCommand.objects.all().delete()
    Gate.objects.update(has_position_switch=True)
    row = command(gate, state=State.PULSED, pulsed_at=timezone.now() - timedelta(seconds=10))
    assert live(manager, gate).context["commands"][0].why == ""
    GateCommand.objects.filter(pk=row.pk).update(pulsed_at=timezone.now() - timedelta(seconds=21))
    assert "did not see the gate open" in live(manager, gate).context["commands"][0].why


def test_a_command_of_a_passage_leads_to_it(manager: Client, gate: Gate) -> None:
    row = GateCommand.objects.filter(gate=gate).exclude(passage_id=None).first()
    assert row is not None
    assert reverse("admin:access_passage_change", args=[row.passage_id]) in live(manager, gate).content.decode()


def test_the_buttons_fit_the_state_and_the_reader(
    furnished: Condominium, gate: Gate, alice: User, bob: User, signed_in: SignedIn
) -> None:
    for user in (alice, bob):
        assert offered(signed_in(user), gate) == [
            *("do-open_gate", "do-hold_open", "do-lock_down", "do-stop"),
            *("do-lock_all_down", "do-stop_all"),
        ]
    Gate.objects.update(on_hold=True)
    Condominium.objects.update(gates_on_hold=True)
    assert offered(signed_in(bob), gate) == [
        *("do-open_gate", "do-lock_down", "do-give_back"),
        *("do-lock_all_down", "do-give_all_back"),
    ]
    Gate.objects.update(on_hold=False, standing=Standing.LOCKED)
    Condominium.objects.update(gates_on_hold=False, locked_down=True)
    assert offered(signed_in(bob), gate) == [
        *("do-open_gate", "do-release", "do-stop"),
        *("do-free_all", "do-stop_all"),
    ]
    auditor = signed_in(member("ada", furnished, Role.AUDITOR))
    assert offered(auditor, gate) == []
    assert "You may look at this gate, and not move it." in live(auditor, gate).content.decode()


def test_the_guard_sees_the_page_and_changes_no_settings(gate: Gate, bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    text = client.get(address(Gate, "change", gate.pk)).content.decode()
    assert ("gate-openings" in text, 'name="pulse_ms"' in text) == (True, False)
    answer = client.post(address(Gate, "change", gate.pk), {"name": "Mine", "relay": 1, "pulse_ms": 50, "life_ms": 500})
    assert (answer.status_code, Gate.objects.get(pk=gate.pk).name) == (403, gate.name)


def test_stopping_all_gates_from_a_gates_page_means_its_condominium(
    manager: Client, gate: Gate, furnished: Condominium, owner: User, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    button = next(each for each in live(client, gate).context["gate_actions"] if each["id"] == "do-stop_all")
    assert client.get(button["address"]).context["form"].initial == {"condominium": furnished.pk}
    nonsense = reverse("admin:gates_gate_stop_all") + "?condominium=999999"
    assert client.get(nonsense).context["form"].initial == {}


def test_after_stopping_it_one_is_back_at_the_gate(manager: Client, gate: Gate) -> None:
    answer = manager.post(reverse("admin:gates_gate_stop", args=[gate.pk]), {"reason": "at work"})
    assert answer.headers["Location"] == address(Gate, "change", gate.pk)


def inside(gate: Gate, furnished: Condominium) -> Passage:
    """A vehicle that came in, was not seen to leave, and was held back when it came once more."""
    lane, vehicle = Lane.objects.get(gate=gate), row_of(Vehicle, furnished)
    Passage.objects.all().update(opened_at=timezone.now() - timedelta(days=200))
    at = timezone.now() - timedelta(hours=3)
    own: dict[str, Any] = {"condominium": furnished, "lane": lane, "plate": vehicle.plate, "vehicle": vehicle}
    own |= {"plate_key": vehicle.plate_key}
    entry = Passage.objects.create(**own, opened_at=at, last_seen_at=at, outcome=Outcome.OPEN, reason=Reason.PERMITTED)
    command(gate, passage_id=entry.pk, state=State.PULSED)
    at = timezone.now() - timedelta(minutes=1)
    return Passage.objects.create(
        **own, opened_at=at, last_seen_at=at, outcome=Outcome.REFUSE, reason=Reason.ALREADY_INSIDE
    )


def test_who_is_held_back_as_inside_is_offered_to_be_forgiven(
    manager: Client, gate: Gate, furnished: Condominium, bob: User, signed_in: SignedIn
) -> None:
    row = inside(gate, furnished)
    button = reverse("admin:access_vehicle_forgive", args=[row.vehicle_id])
    assert button in live(manager, gate).content.decode()
    guards = live(signed_in(bob), gate)
    assert [passage.pk for passage, _plate in guards.context["held_back"]] == [row.pk]
    assert button not in guards.content.decode()
    manager.post(button, {"sure": "on"})
    assert live(manager, gate).context["held_back"] == []


def test_charlie_sees_nothing_of_alices_gate(
    gate: Gate, furnished: Condominium, charlie: User, signed_in: SignedIn
) -> None:
    client = signed_in(charlie)
    assert live(client, gate).status_code == 404
    assert client.get(address(Gate, "change", gate.pk)).status_code == 302
    own = row_of(Gate, Condominium.objects.get(slug="ipes"))
    assert not OF_ALICE.search(live(client, own).content.decode())


@pytest.mark.parametrize("number", ["abc", "1/hold-open", "999999", "9" * 30])
def test_an_address_of_no_gate_leads_back_to_the_start(manager: Client, number: str) -> None:
    answer = manager.get(f"/admin/gates/gate/{number}/change/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_who_is_not_signed_in_gets_no_fragment(gate: Gate, client: Client) -> None:
    assert live(client, gate).status_code == 302


def test_looking_at_the_page_is_written_down_and_its_renewal_is_not(manager: Client, gate: Gate) -> None:
    live(manager, gate)
    assert JournalEntry.objects.filter(action="passages.listed").count() == 0
    manager.get(address(Gate, "change", gate.pk))
    manager.get(address(Gate, "change", gate.pk))
    assert JournalEntry.objects.filter(action="passages.listed").count() == 1
