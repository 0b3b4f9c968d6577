"""Who is inside, who may come in again, whose place is taken: what was seen before decides what opens now."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from access import openings, visits, whereabouts
from access.models import Direction, Lane, Passage, Permit, Vehicle
from access.permitting import Passback
from access.reasons import Outcome, Reason
from access.vehicles import VehicleError, end_vehicle, register_vehicle
from cameras.models import Camera, Source
from gates.models import Controller, Gate, GateCommand
from gates.states import State
from premises.models import Condominium, JournalEntry, Unit, User
from tests.access.conftest import ALICES, BOBS, STRANGERS, Road, read

HOUR = 3600.0


@pytest.fixture
def way_out(condominium: Condominium) -> Lane:
    """A gate of its own, on the other side of the condominium."""
    camera = Camera.objects.create(condominium=condominium, name="Out", source=Source.URL, url="http://192.0.2.8/out")
    controller = Controller.objects.create(
        condominium=condominium,
        name="Other board",
        device="board-2",
        key="cd" * 32,
        online=True,
        session="fedcba9876543210",
        uptime_ms=1000,
        heard_at=timezone.now(),
    )
    gate = Gate.objects.create(condominium=condominium, name="Back gate", controller=controller)
    return Lane.objects.create(condominium=condominium, name="Out", camera=camera, gate=gate, direction=Direction.OUT)


@pytest.fixture
def out(way_out: Lane, road: Road) -> Road:
    exit_road = Road(way_out)
    exit_road.now = road.now
    return exit_road


def reasons_of(*seen: list[Passage]) -> list[str]:
    return [Passage.objects.get(pk=passages[0].pk).reason for passages in seen]


def hard(lane: Lane) -> None:
    Lane.objects.filter(pk=lane.pk).update(passback=Passback.HARD)


# --- anti-passback --------------------------------------------------------------------------------------


def test_who_is_inside_does_not_come_in_again(road: Road, vehicle: Vehicle) -> None:
    hard(road.lane)

    again = road.sees(read(ALICES)), road.sees(read(ALICES), after=HOUR)

    assert reasons_of(*again) == [Reason.PERMITTED, Reason.ALREADY_INSIDE]


def test_who_left_comes_in_again(road: Road, out: Road, vehicle: Vehicle) -> None:
    hard(road.lane)
    came = road.sees(read(ALICES))
    out.now = road.now
    left = out.sees(read(ALICES), after=HOUR)

    again = road.sees(read(ALICES), after=2 * HOUR)

    assert reasons_of(came, left, again) == [Reason.PERMITTED] * 3


def test_a_gate_that_closed_too_early_opens_once_more(road: Road, vehicle: Vehicle) -> None:
    hard(road.lane)

    again = road.sees(read(ALICES)), road.sees(read(ALICES), after=60)

    assert reasons_of(*again) == [Reason.PERMITTED] * 2


def test_an_opening_that_failed_was_no_entry(road: Road, vehicle: Vehicle) -> None:
    hard(road.lane)
    first = road.sees(read(ALICES))
    GateCommand.objects.update(state=State.FAILED)

    again = road.sees(read(ALICES), after=HOUR)

    assert reasons_of(first, again) == [Reason.PERMITTED] * 2


def test_after_some_hours_it_is_forgiven(road: Road, vehicle: Vehicle) -> None:
    hard(road.lane)
    first = road.sees(read(ALICES))

    again = road.sees(read(ALICES), after=25 * HOUR)

    assert reasons_of(first, again) == [Reason.PERMITTED] * 2


def test_a_person_forgives_at_once(road: Road, vehicle: Vehicle, alice: User) -> None:
    hard(road.lane)
    road.now -= timedelta(hours=3)
    first = road.sees(read(ALICES))
    refused = road.sees(read(ALICES), after=HOUR)

    whereabouts.forgive(vehicle, by=alice)

    again = road.sees(read(ALICES), after=HOUR)
    assert reasons_of(first, refused, again) == [Reason.PERMITTED, Reason.ALREADY_INSIDE, Reason.PERMITTED]
    entry = JournalEntry.objects.get(action="vehicle.forgiven")
    assert (entry.actor, entry.subject) == ("alice", ALICES)


def test_soft_lets_in_and_says_so(road: Road, vehicle: Vehicle) -> None:
    Lane.objects.filter(pk=road.lane.pk).update(passback=Passback.SOFT)
    road.sees(read(ALICES))

    (again,) = road.sees(read(ALICES), after=HOUR)

    again.refresh_from_db()
    assert again.reason == Reason.PERMITTED
    assert "was not seen to leave" in again.decision.sentence


# --- places ---------------------------------------------------------------------------------------------


@pytest.fixture
def second(condominium: Condominium, unit: Unit) -> Vehicle:
    """Another vehicle of Alice's unit, which has one place."""
    Unit.objects.filter(pk=unit.pk).update(places=1)
    return register_vehicle(condominium, BOBS, by="tests", unit=unit)


def test_a_unit_has_only_its_places(road: Road, out: Road, vehicle: Vehicle, second: Vehicle) -> None:
    one, other = road.sees(read(ALICES)), road.sees(read(BOBS), after=60)
    assert reasons_of(one, other) == [Reason.PERMITTED, Reason.UNIT_FULL]
    Passage.objects.get(pk=other[0].pk).decision.sentence.index("(1) are taken: ABC1D23")

    out.now = road.now
    out.sees(read(ALICES), after=60)

    assert reasons_of(road.sees(read(BOBS), after=300)) == [Reason.PERMITTED]


def test_an_owners_unit_counts_where_a_vehicle_has_none(road: Road, vehicle: Vehicle, second: Vehicle) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(unit=None)

    one, other = road.sees(read(ALICES)), road.sees(read(BOBS), after=60)

    assert reasons_of(one, other) == [Reason.PERMITTED, Reason.UNIT_FULL]


def test_a_visitor_takes_no_place(road: Road, vehicle: Vehicle, second: Vehicle, unit: Unit) -> None:
    visits.announce(unit, STRANGERS, by="tests", single_entry=True)
    road.sees(read(ALICES))

    assert reasons_of(road.sees(read(STRANGERS), after=60)) == [Reason.PERMITTED]


# --- visitors -------------------------------------------------------------------------------------------


def test_a_pass_for_one_entry_is_good_for_one_and_for_leaving(
    road: Road, out: Road, unit: Unit, vehicle: Vehicle
) -> None:
    visits.announce(unit, STRANGERS, by="tests", holder="Dora", single_entry=True)
    came = road.sees(read(STRANGERS))
    out.now = road.now
    left = out.sees(read(STRANGERS), after=HOUR)
    again = road.sees(read(STRANGERS), after=2 * HOUR)

    assert reasons_of(came, left, again) == [Reason.PERMITTED, Reason.LEAVING, Reason.USED]


def test_a_pass_until_a_time_is_good_until_then_and_for_leaving(road: Road, out: Road, unit: Unit, gate: Gate) -> None:
    visits.announce(unit, STRANGERS, by="tests", valid_until=road.now + timedelta(hours=1))
    came, again = road.sees(read(STRANGERS)), road.sees(read(STRANGERS), after=HOUR / 2)
    late = road.sees(read(STRANGERS), after=HOUR)
    out.now = road.now
    left = out.sees(read(STRANGERS), after=HOUR)

    assert reasons_of(came, again, late, left) == [
        Reason.PERMITTED, Reason.PERMITTED, Reason.EXPIRED, Reason.LEAVING,
    ]  # fmt: skip


def test_a_pass_names_its_host_and_is_journalled(unit: Unit, alice: User) -> None:
    permit = visits.announce(unit, "qqq-0q00", by=alice, holder="Dora", single_entry=True)

    assert (permit.vehicle.plate, permit.vehicle.home, permit.host) == (STRANGERS, None, unit)
    entry = JournalEntry.objects.get(action="visitor.announced")
    assert (entry.actor, entry.subject, entry.data["unit"]) == ("alice", STRANGERS, "A 101")


def test_a_pass_without_an_end_is_refused(unit: Unit) -> None:
    with pytest.raises(ValidationError, match="one entry, or until a time"):
        visits.announce(unit, STRANGERS, by="tests")

    assert not Vehicle.objects.exists()


def test_a_residents_vehicle_is_no_visitors(unit: Unit, vehicle: Vehicle) -> None:
    with pytest.raises(VehicleError, match="ABC1D23 is a vehicle of unit A 101"):
        visits.announce(unit, ALICES, by="tests", single_entry=True)


def test_a_vehicle_that_was_signed_off_is_not_announced(unit: Unit) -> None:
    permit = visits.announce(unit, STRANGERS, by="tests", single_entry=True)
    end_vehicle(permit.vehicle, by="tests", reason="Sold")

    with pytest.raises(VehicleError, match="It was signed off: take it up again"):
        visits.announce(unit, STRANGERS, by="tests", single_entry=True)


def test_charlie_announces_nobody_here(unit: Unit, charlie: User) -> None:
    with pytest.raises(PermissionDenied):
        visits.announce(unit, STRANGERS, by=charlie, single_entry=True)

    assert not Permit.objects.exists()


# --- leaving --------------------------------------------------------------------------------------------


def test_a_stranger_whom_the_guard_let_in_is_let_out(road: Road, out: Road, vehicle: Vehicle, alice: User) -> None:
    (came,) = road.sees(*[read(STRANGERS)])
    for _ in range(2):
        road.sees(read(STRANGERS))
    openings.open_gate(road.lane.gate, by=alice, reason="Delivery", passage=came)  # type: ignore[arg-type]
    out.now = road.now

    left = out.sees(read(STRANGERS), after=HOUR)

    assert reasons_of([came], left) == [Reason.UNKNOWN_PLATE, Reason.LET_IN]


def test_a_stranger_whom_nobody_let_in_waits_for_the_guard(out: Road, vehicle: Vehicle) -> None:
    for _ in range(3):
        seen = out.sees(read(STRANGERS))

    assert reasons_of(seen) == [Reason.UNKNOWN_PLATE]
    assert Passage.objects.get().outcome == Outcome.ASK


# --- two cameras of one gate ----------------------------------------------------------------------------


@pytest.fixture
def rear(road: Road, condominium: Condominium, gate: Gate) -> Road:
    camera = Camera.objects.create(condominium=condominium, name="Rear", source=Source.URL, url="http://192.0.2.9/rear")
    behind = Road(Lane.objects.create(condominium=condominium, name="Rear", camera=camera, gate=gate))
    behind.now = road.now
    return behind


def test_the_second_camera_of_a_gate_opens_it_no_second_time(road: Road, rear: Road, vehicle: Vehicle) -> None:
    front = road.sees(read(ALICES))
    back = rear.sees(read(ALICES), after=4)
    rear.sees_nothing(after=30)

    assert reasons_of(front, back) == [Reason.PERMITTED, Reason.SEEN_TWICE]
    assert GateCommand.objects.count() == 1


def test_the_exits_camera_takes_who_came_in_for_nobody_who_leaves(road: Road, rear: Road, vehicle: Vehicle) -> None:
    Lane.objects.filter(pk=rear.lane.pk).update(direction=Direction.OUT)
    hard(road.lane)
    road.sees(read(ALICES))
    rear.sees(read(ALICES), after=4)
    rear.sees_nothing(after=30)

    again = road.sees(read(ALICES), after=HOUR)

    assert reasons_of(again) == [Reason.ALREADY_INSIDE]


def test_who_turns_back_at_the_gate_is_let_out_all_the_same(road: Road, rear: Road, vehicle: Vehicle) -> None:
    Lane.objects.filter(pk=rear.lane.pk).update(direction=Direction.OUT, gap_seconds=30)
    road.sees(read(ALICES))
    waiting = rear.sees(read(ALICES), after=4)
    assert reasons_of(waiting) == [""]

    rear.sees(read(ALICES), after=20)

    assert reasons_of(waiting) == [Reason.PERMITTED]


def test_two_cameras_read_together_what_neither_reads_alone(road: Road, rear: Road, vehicle: Vehicle) -> None:
    """Each alone is too unsure for the gate; that both say the same is not."""
    doubtful = read(ALICES, 0.5)
    front = road.sees(doubtful)
    assert reasons_of(front) == [""]

    back = rear.sees(doubtful, after=1)

    assert reasons_of(back) == [Reason.PERMITTED]


def test_another_vehicle_at_the_other_camera_is_no_witness(road: Road, rear: Road, vehicle: Vehicle) -> None:
    road.sees(read(BOBS, 0.5))

    back = rear.sees(read(ALICES, 0.5), after=1)

    assert reasons_of(back) == [""]


# --- lock-down ------------------------------------------------------------------------------------------


def test_while_locked_down_nobody_enters_and_everybody_may_leave(
    road: Road, out: Road, vehicle: Vehicle, condominium: Condominium
) -> None:
    Condominium.objects.filter(pk=condominium.pk).update(locked_down=True)

    at_the_gate = road.sees(read(ALICES))
    out.now = road.now
    leaving = out.sees(read(ALICES), after=60)

    assert reasons_of(at_the_gate, leaving) == [Reason.LOCKED_DOWN, Reason.PERMITTED]
    assert Passage.objects.get(pk=at_the_gate[0].pk).outcome == Outcome.REFUSE
