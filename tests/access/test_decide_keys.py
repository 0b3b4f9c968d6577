"""A key at a reader, the server being there: decided as plates are, with a reason, and written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from access import keys
from access.key_deciding import decide, judge
from access.models import Direction, Key, Lane, Passage, Vehicle, WatchlistEntry
from access.permitting import Passback
from access.states import VehicleState
from cameras.models import Camera
from gates import holds
from gates.key_wire import Read
from gates.key_words import What
from gates.models import Controller, Gate, GateCommand, KeyUse
from gates.order_states import Standing
from premises.models import Condominium, JournalEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller(condominium: Condominium) -> Controller:
    return Controller.objects.create(condominium=condominium, name="Board", device="board-1", key="00" * 32)


@pytest.fixture
def gate(condominium: Condominium, controller: Controller) -> Gate:
    return Gate.objects.create(condominium=condominium, controller=controller, name="Main gate")


@pytest.fixture
def vehicle(condominium: Condominium) -> Vehicle:
    return Vehicle.objects.create(condominium=condominium, plate="ABC1D23")


@pytest.fixture
def key(condominium: Condominium, gate: Gate, vehicle: Vehicle, alice: User) -> Key:
    return keys.give_tag(condominium, "12345678", "Alice", by=alice, vehicle=vehicle)


def lane(gate: Gate, direction: str, **more: Any) -> Lane:
    own = {"condominium": gate.condominium, "name": f"{direction} {Lane.objects.count()}"}
    return Lane.objects.create(**own, camera=Camera.objects.create(**own), gate=gate, direction=direction, **more)


def worth(key: Key, gate: Gate) -> What:
    key.refresh_from_db()
    gate.refresh_from_db()
    return judge(key, gate, timezone.now())


def test_it_opens(key: Key, gate: Gate) -> None:
    assert worth(key, gate) == What.GRANTED


def test_one_that_was_taken_back_does_not(key: Key, gate: Gate, alice: User) -> None:
    keys.end(key, by=alice)
    assert worth(key, gate) == What.ENDED


@pytest.mark.parametrize(
    ("field", "hours", "what"),
    [
        ("valid_from", 1, What.NOT_YET),
        ("valid_from", -1, What.GRANTED),
        ("valid_until", -1, What.ENDED),
        ("valid_until", 1, What.GRANTED),
    ],
)
def test_it_holds_in_its_time(key: Key, gate: Gate, field: str, hours: int, what: What) -> None:
    Key.objects.update(**{field: timezone.now() + timedelta(hours=hours)})
    assert worth(key, gate) == what


def test_it_is_for_its_gates(key: Key, gate: Gate, condominium: Condominium) -> None:
    other = Gate.objects.create(condominium=condominium, name="Other")
    key.gates.set([other])
    assert (worth(key, gate), worth(key, other)) == (What.OTHER_GATE, What.GRANTED)


def test_a_gate_on_hold_stays_closed(key: Key, gate: Gate, alice: User) -> None:
    holds.hold(gate, by=alice, reason="work")
    assert worth(key, gate) == What.ON_HOLD


def test_all_gates_on_hold_stay_closed(key: Key, gate: Gate) -> None:
    Condominium.objects.update(gates_on_hold=True)
    assert worth(key, gate) == What.ON_HOLD


def test_locked_down_nobody_enters_and_who_leaves_may_leave(key: Key, gate: Gate) -> None:
    Condominium.objects.update(locked_down=True)
    assert worth(key, gate) == What.LOCKED_DOWN
    lane(gate, Direction.OUT)
    assert worth(key, gate) == What.GRANTED
    lane(gate, Direction.IN)
    assert worth(key, gate) == What.LOCKED_DOWN


def test_a_gate_that_is_locked_by_itself_opens_to_no_key(key: Key, gate: Gate) -> None:
    gate.standing = Standing.LOCKED
    gate.save()
    assert worth(key, gate) == What.LOCKED_DOWN


def test_the_watch_list_wins_also_at_an_exit(key: Key, gate: Gate, condominium: Condominium) -> None:
    WatchlistEntry.objects.create(condominium=condominium, plate="ABC1D23")
    lane(gate, Direction.OUT)
    assert worth(key, gate) == What.WATCHLISTED


def test_a_vehicle_that_was_signed_off_stays_out_and_may_leave(key: Key, gate: Gate) -> None:
    Vehicle.objects.update(state=VehicleState.ENDED)
    assert worth(key, gate) == What.VEHICLE_ENDED
    lane(gate, Direction.OUT)
    assert worth(key, gate) == What.GRANTED


def test_hard_anti_passback_holds_for_keys_of_a_vehicle(key: Key, gate: Gate, vehicle: Vehicle) -> None:
    entrance = lane(gate, Direction.IN, passback=Passback.HARD)
    assert worth(key, gate) == What.GRANTED
    at = timezone.now() - timedelta(hours=1)
    passage = Passage.objects.create(
        condominium=gate.condominium, lane=entrance, opened_at=at, last_seen_at=at, plate="ABC1D23", vehicle=vehicle
    )
    GateCommand.objects.create(
        condominium=gate.condominium,
        gate=gate,
        passage_id=passage.pk,
        state="pulsed",
        pulse_ms=500,
        requested_at=at,
        expires_at=at,
    )
    assert worth(key, gate) == What.INSIDE


def test_an_opening_is_asked_for_and_written_down_without_the_name_in_its_actor(
    key: Key, gate: Gate, controller: Controller
) -> None:
    decide(controller, key.pk, Read(1, "tag", "00" * 8, 1000))
    command, use = GateCommand.objects.get(), KeyUse.objects.get()
    assert (command.requested_by_name, command.reason) == (f"key: {key.pk}", "tag …678 · Alice at the reader.")
    assert (use.what, use.key_ref, use.command_id, use.gate) == ("granted", key.pk, command.pk, gate)
    assert "Alice" not in {entry.actor for entry in JournalEntry.objects.all()}


def test_a_refusal_is_written_down_with_its_reason(key: Key, gate: Gate, controller: Controller, alice: User) -> None:
    keys.end(key, by=alice)
    assert not decide(controller, key.pk, Read(1, "tag", "00" * 8, 1000))
    entry = JournalEntry.objects.get(action="gate.key_refused")
    assert (entry.subject, entry.data) == ("Main gate", {"key": "tag …678 · Alice", "what": "ended"})
    assert GateCommand.objects.count() == 0


def test_an_unknown_one_is_written_down_too(gate: Gate, controller: Controller) -> None:
    assert not decide(controller, None, Read(1, "tag", "00" * 8, 1000))
    assert KeyUse.objects.get().what == "unknown"


def test_a_key_of_another_condominium_is_unknown_here(
    gate: Gate, controller: Controller, elsewhere: Condominium, charlie: User, alice: User
) -> None:
    theirs = keys.give_tag(elsewhere, "12345678", "Charlie", by=charlie)
    assert not decide(controller, theirs.pk, Read(1, "tag", "00" * 8, 1000))
    use = KeyUse.objects.get()
    assert (use.what, use.key_name) == ("unknown", "")
    assert [KeyUse.objects.restrict(each).count() for each in (alice, charlie)] == [1, 0]


def test_a_reader_at_no_gate_opens_nothing(key: Key, controller: Controller, gate: Gate) -> None:
    assert not decide(controller, key.pk, Read(7, "tag", "00" * 8, 1000))
    assert KeyUse.objects.get().what == "other_gate"
