"""A vehicle waits, is approved or refused, is signed off and comes back; nothing opens but for an active one."""

import pytest
from django.core.exceptions import PermissionDenied

from access.models import Lane, Permit, Vehicle
from access.proposals import hand_over, leave_with_holder, propose_vehicle
from access.reasons import Outcome, Reason
from access.states import VehicleState
from access.vehicles import (
    VehicleError,
    add_to_permits,
    approve,
    end_vehicle,
    refuse,
    register_vehicle,
    take_up_again,
)
from premises.journal import verify
from premises.models import Condominium, JournalEntry, Membership, Person, Unit, User
from premises.roles import Role
from tests.access.conftest import ALICES, BOBS, STRANGERS, Road, read


def resident(name: str, unit: Unit) -> User:
    """Somebody who lives in the unit and signs in."""
    person = Person.objects.create(condominium=unit.condominium, name=name.title(), unit=unit)
    user = User.objects.create_user(name)
    Membership.objects.create(condominium=unit.condominium, user=user, role=Role.RESIDENT, person=person)
    return user


@pytest.fixture
def dora(unit: Unit) -> User:
    """Lives in A 101, as Alice does."""
    return resident("dora", unit)


@pytest.fixture
def emil(condominium: Condominium) -> User:
    """Lives in B 202."""
    return resident("emil", Unit.objects.create(condominium=condominium, block="B", number="202"))


@pytest.fixture
def waiting(condominium: Condominium, dora: User) -> Vehicle:
    vehicle = propose_vehicle(condominium, BOBS, by=dora, make="Fusca")
    assert vehicle is not None
    return vehicle


def last_entry() -> tuple[str, str, str]:
    entry = JournalEntry.objects.order_by("sequence").last()
    assert entry is not None
    assert verify(entry.condominium) is None
    return entry.actor, entry.action, entry.subject


def permits(vehicle: Vehicle) -> list[bool]:
    return [permit.is_active for permit in vehicle.permits.order_by("pk")]


# --- proposing ------------------------------------------------------------------------------------------


def test_a_resident_proposes_for_the_own_unit_whatever_was_sent(
    condominium: Condominium, dora: User, emil: User, vehicle: Vehicle
) -> None:
    other = Unit.objects.get(number="202")

    proposed = propose_vehicle(condominium, "xyz-9a87", by=dora, unit=other, owner=other.people.get())

    assert proposed is not None
    assert (proposed.plate, proposed.state, proposed.unit_name, proposed.owner_name) == (
        BOBS,
        VehicleState.WAITING,
        "A 101",
        "Dora",
    )
    assert permits(proposed) == []
    assert last_entry() == ("dora", "vehicle.proposed", BOBS)


def test_a_waiting_vehicle_stays_outside(road: Road, waiting: Vehicle) -> None:
    (passage,) = road.sees(read(BOBS))

    assert (passage.outcome, passage.reason, passage.vehicle) == (Outcome.REFUSE, Reason.WAITING_APPROVAL, waiting)


def test_even_with_a_permit_a_waiting_vehicle_stays_outside(road: Road, waiting: Vehicle) -> None:
    Permit.objects.create(condominium=waiting.condominium, vehicle=waiting)

    assert road.sees(read(BOBS))[0].reason == Reason.WAITING_APPROVAL


def test_a_manager_proposes_for_anybody(condominium: Condominium, unit: Unit, alice: User) -> None:
    proposed = propose_vehicle(condominium, BOBS, by=alice, unit=unit)

    assert proposed is not None
    assert (proposed.state, proposed.unit) == (VehicleState.WAITING, unit)


def test_who_lives_nowhere_here_proposes_nothing(
    condominium: Condominium, dora: User, bob: User, charlie: User
) -> None:
    elsewhere = Condominium.objects.get(slug="ipes")
    Membership.objects.filter(user=dora).update(person=None)

    for somebody in (bob, charlie, dora):
        with pytest.raises(PermissionDenied):
            propose_vehicle(condominium, BOBS, by=somebody)
    with pytest.raises(PermissionDenied):
        propose_vehicle(elsewhere, BOBS, by=dora)
    assert Vehicle.objects.count() == 0


def test_a_resident_who_may_not_sign_in_any_more_proposes_nothing(condominium: Condominium, dora: User) -> None:
    dora.is_active = False

    with pytest.raises(PermissionDenied):
        propose_vehicle(condominium, BOBS, by=dora)


def test_what_the_own_unit_has_already_is_said(condominium: Condominium, vehicle: Vehicle, dora: User) -> None:
    with pytest.raises(VehicleError) as refused:
        propose_vehicle(condominium, "ABC1323", by=dora)

    assert str(refused.value) == "ABC1323 is already registered, as ABC1D23, for A 101 · Alice."
    vehicle.refresh_from_db()
    assert vehicle.claimed_by is None


def test_a_manager_hears_who_has_the_plate(condominium: Condominium, waiting: Vehicle, alice: User) -> None:
    with pytest.raises(VehicleError) as refused:
        propose_vehicle(condominium, BOBS, by=alice)

    assert str(refused.value) == "XYZ9A87 is already registered, for A 101 · Dora. It waits for approval."


# --- the same plate for two units -----------------------------------------------------------------------


def test_another_units_plate_is_neither_taken_nor_told_but_shown_to_the_manager(
    condominium: Condominium, vehicle: Vehicle, emil: User
) -> None:
    assert propose_vehicle(condominium, ALICES, by=emil) is None

    vehicle.refresh_from_db()
    assert (vehicle.state, vehicle.unit_name, str(vehicle.claimed_by)) == (VehicleState.ACTIVE, "A 101", "Emil")
    assert last_entry() == ("emil", "vehicle.contested", ALICES)


def test_a_contested_vehicle_is_handed_over(
    condominium: Condominium, vehicle: Vehicle, emil: User, alice: User
) -> None:
    propose_vehicle(condominium, ALICES, by=emil)
    vehicle.refresh_from_db()

    hand_over(vehicle, by=alice)

    vehicle.refresh_from_db()
    assert (vehicle.unit_name, vehicle.owner_name, vehicle.claimed_by) == ("B 202", "Emil", None)
    assert last_entry() == ("alice", "vehicle.handed_over", ALICES)


def test_a_contested_vehicle_is_left_with_its_unit(
    condominium: Condominium, vehicle: Vehicle, emil: User, alice: User
) -> None:
    propose_vehicle(condominium, ALICES, by=emil)
    vehicle.refresh_from_db()

    leave_with_holder(vehicle, by=alice)

    vehicle.refresh_from_db()
    assert (vehicle.unit_name, vehicle.claimed_by) == ("A 101", None)
    for settle in (hand_over, leave_with_holder):
        with pytest.raises(VehicleError, match="Nobody else proposed ABC1D23"):
            settle(vehicle, by=alice)


def test_a_sold_vehicle_is_proposed_by_its_new_owner_without_what_the_old_one_had(
    condominium: Condominium, vehicle: Vehicle, emil: User, alice: User
) -> None:
    end_vehicle(vehicle, by=alice, reason="sold")

    again = propose_vehicle(condominium, ALICES, by=emil)

    assert again == vehicle
    assert (again.state, again.unit_name, again.ended_at, again.ended_because) == ("waiting", "B 202", None, "")
    assert permits(again) == [False]
    approve(again, by=alice)
    assert permits(again) == [False, True]


# --- approving and refusing -----------------------------------------------------------------------------


def test_an_approved_vehicle_may_pass(road: Road, waiting: Vehicle, alice: User) -> None:
    approve(waiting, by=alice)

    assert last_entry() == ("alice", "vehicle.approved", BOBS)
    assert road.sees(read(BOBS))[0].outcome == Outcome.OPEN


def test_a_refused_vehicle_is_kept_with_the_reason(road: Road, waiting: Vehicle, alice: User) -> None:
    refuse(waiting, by=alice, reason=" Not of this unit ")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.ended_because) == (VehicleState.ENDED, "Not of this unit")
    assert last_entry() == ("alice", "vehicle.refused", BOBS)
    assert road.sees(read(BOBS))[0].reason == Reason.ENDED


def test_a_refusal_has_a_reason(waiting: Vehicle, alice: User) -> None:
    with pytest.raises(VehicleError, match=r"Give the reason\."):
        refuse(waiting, by=alice, reason=" ")


def test_of_two_managers_only_one_decides(waiting: Vehicle, alice: User) -> None:
    stale = Vehicle.objects.get(pk=waiting.pk)
    refuse(waiting, by=alice, reason="no")

    with pytest.raises(VehicleError, match="in another state by now"):
        approve(stale, by=alice)
    assert permits(stale) == []


def test_only_who_may_change_the_register_moves_a_vehicle(
    waiting: Vehicle, dora: User, emil: User, bob: User, charlie: User
) -> None:
    for somebody in (dora, emil, bob, charlie):
        for move in (approve, take_up_again, hand_over, leave_with_holder):
            with pytest.raises(PermissionDenied):
                move(waiting, by=somebody)
        if somebody != dora:
            with pytest.raises(PermissionDenied):
                end_vehicle(waiting, by=somebody)
        with pytest.raises(PermissionDenied):
            refuse(waiting, by=somebody, reason="no")
    waiting.refresh_from_db()
    assert waiting.state == VehicleState.WAITING


def test_a_resident_signs_the_own_vehicle_off(vehicle: Vehicle, dora: User) -> None:
    end_vehicle(vehicle, by=dora, reason="sold")

    vehicle.refresh_from_db()
    assert (vehicle.state, permits(vehicle)) == (VehicleState.ENDED, [False])
    assert last_entry() == ("dora", "vehicle.ended", ALICES)


# --- signing off and taking up again --------------------------------------------------------------------


def test_a_sold_vehicle_stays_on_record_and_never_opens(road: Road, vehicle: Vehicle, alice: User) -> None:
    (passed,) = road.sees(read(ALICES))

    end_vehicle(vehicle, by=alice, reason="sold")

    vehicle.refresh_from_db()
    assert (vehicle.state, vehicle.ended_at is None, vehicle.ended_because) == (VehicleState.ENDED, False, "sold")
    assert permits(vehicle) == [False]
    assert last_entry() == ("alice", "vehicle.ended", ALICES)
    passed.refresh_from_db()
    assert passed.vehicle == vehicle
    road.sees_nothing(after=60)
    assert road.sees(read(ALICES))[0].reason == Reason.ENDED


def test_it_comes_back_with_the_permits_that_ended_with_it_and_no_others(
    vehicle: Vehicle, lane: Lane, alice: User
) -> None:
    limited = vehicle.permits.get()
    limited.lanes.add(lane)
    withdrawn = Permit.objects.create(condominium=vehicle.condominium, vehicle=vehicle, is_active=False)
    end_vehicle(vehicle, by=alice)

    take_up_again(vehicle, by=alice)

    vehicle.refresh_from_db()
    assert (vehicle.state, vehicle.ended_at) == (VehicleState.ACTIVE, None)
    assert list(vehicle.permits.filter(is_active=True)) == [limited]
    assert not Permit.objects.get(pk=withdrawn.pk).is_active
    assert last_entry() == ("alice", "vehicle.taken_up", ALICES)


def test_without_any_it_comes_back_with_a_new_one(vehicle: Vehicle, alice: User) -> None:
    vehicle.permits.all().delete()
    end_vehicle(vehicle, by=alice)

    take_up_again(vehicle, by=alice)

    assert permits(vehicle) == [True]


def test_nothing_is_done_twice(vehicle: Vehicle, alice: User) -> None:
    with pytest.raises(VehicleError):
        take_up_again(vehicle, by=alice)
    end_vehicle(vehicle, by=alice)
    with pytest.raises(VehicleError):
        end_vehicle(vehicle, by=alice)
    assert JournalEntry.objects.filter(action="vehicle.ended").count() == 1


def test_registering_a_signed_off_plate_says_so(condominium: Condominium, vehicle: Vehicle, alice: User) -> None:
    end_vehicle(vehicle, by=alice)

    with pytest.raises(VehicleError, match="It was signed off: take it up again"):
        register_vehicle(condominium, ALICES, by=alice)


@pytest.mark.parametrize("state", ["waiting", "ended"])
def test_letting_a_passage_in_from_now_on_makes_its_vehicle_active(
    road: Road, vehicle: Vehicle, alice: User, state: str
) -> None:
    Vehicle.objects.update(state=state)
    (passage,) = road.sees(read(ALICES))

    add_to_permits(passage, by=alice)

    vehicle.refresh_from_db()
    assert vehicle.is_active
    assert Permit.objects.filter(vehicle=vehicle, is_active=True).count() == 1


def test_a_stranger_is_still_a_stranger(road: Road, waiting: Vehicle) -> None:
    for _ in range(3):
        (passage,) = road.sees(read(STRANGERS))
    assert passage.reason == Reason.UNKNOWN_PLATE
