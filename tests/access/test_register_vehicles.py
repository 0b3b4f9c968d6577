"""Vehicles: entered once, found in either spelling, whoever typed the plate."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from access.corrections import correct
from access.models import Lane, Passage, Permit, PermitWindow, Vehicle, WatchlistEntry
from access.owners import OwnerAnswer, look_up
from access.reasons import Outcome, Reason
from access.vehicles import VehicleError, add_to_permits, find_vehicle, register_vehicle
from gates.models import GateCommand
from premises.journal import verify
from premises.models import Condominium, JournalEntry, Person, Unit, User
from recognition import Place
from tests.access.conftest import ALICES, STRANGERS, Road, read


@pytest.mark.parametrize("typed", ["ABC1D23", "abc-1d23", " abc 1d23 ", "ABC·1D23"])
def test_however_it_is_typed_it_is_one_plate(condominium: Condominium, alice: User, typed: str) -> None:
    vehicle = register_vehicle(condominium, typed, by=alice)

    assert (vehicle.plate, vehicle.plate_key) == ("ABC1D23", "ABC1D23")
    assert (vehicle.plate_old, vehicle.plate_mercosul) == ("ABC1323", "ABC1D23")


def test_an_old_plate_has_the_key_of_its_mercosul_spelling(condominium: Condominium, alice: User) -> None:
    vehicle = register_vehicle(condominium, "abc-1323", by=alice)

    assert (vehicle.plate, vehicle.plate_key) == ("ABC1323", "ABC1D23")
    assert find_vehicle(condominium, "ABC1D23") == vehicle == find_vehicle(condominium, "abc 1323")


def test_a_plate_of_another_country_has_one_spelling(condominium: Condominium, alice: User) -> None:
    vehicle = register_vehicle(condominium, "AB12CDE", by=alice)

    assert (vehicle.plate_key, vehicle.plate_old, vehicle.plate_mercosul) == ("AB12CDE", "", "")


def test_a_new_vehicle_may_pass_everywhere_without_end(condominium: Condominium, alice: User) -> None:
    vehicle = register_vehicle(condominium, ALICES, by=alice)

    permit = Permit.objects.get(vehicle=vehicle)
    assert (permit.valid_from, permit.valid_until, permit.lanes.count(), permit.is_active) == (None, None, 0, True)
    entry = JournalEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == ("alice", "vehicle.registered", ALICES)


def test_a_vehicle_belongs_to_its_owners_unit(condominium: Condominium, unit: Unit, alice: User) -> None:
    owner = Person.objects.create(condominium=condominium, name="Alice", unit=unit)

    assert register_vehicle(condominium, ALICES, by=alice, owner=owner, permit=False).unit == unit
    assert Permit.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("🚗🚗🚗🚗🚗🚗🚗", "characters", "A plate has only the letters A to Z and the digits 0 to 9."),
        ("АВС1234", "characters", "A plate has only the letters A to Z and the digits 0 to 9."),
        ("", "empty", "The plate is empty."),
        (" - ", "empty", "The plate is empty."),
        ("AB1", "too_short", "A plate has at least 4 characters."),
        ("ABCDEFGHIJK", "too_long", "A plate has at most 10 characters."),
        ("ABC1D23; DROP TABLE", "characters", "A plate has only the letters A to Z and the digits 0 to 9."),
    ],
)
def test_what_cannot_be_a_plate_is_refused_in_a_sentence(
    condominium: Condominium, alice: User, typed: str, code: str, said: str
) -> None:
    with pytest.raises(VehicleError) as refused:
        register_vehicle(condominium, typed, by=alice)
    assert (refused.value.code, str(refused.value)) == (code, said)

    for model in (Vehicle, WatchlistEntry):
        with pytest.raises(ValidationError) as invalid:
            model(condominium=condominium, plate=typed).clean()
        assert invalid.value.message_dict == {"plate": [said]}


def test_the_other_spelling_of_a_registered_vehicle_is_not_registered_again(
    condominium: Condominium, vehicle: Vehicle, alice: User
) -> None:
    with pytest.raises(VehicleError) as refused:
        register_vehicle(condominium, "ABC1323", by=alice)

    assert refused.value.code == "already_registered"
    assert str(refused.value) == "ABC1323 is already registered, as ABC1D23, for A 101 · Alice."
    with pytest.raises(ValidationError, match="ABC1323 is already registered, as ABC1D23, for A 101 · Alice"):
        Vehicle(condominium=condominium, plate="abc-1323").clean()
    assert Vehicle.objects.count() == 1


def test_another_condominium_may_have_the_same_vehicle(elsewhere: Condominium, vehicle: Vehicle, charlie: User) -> None:
    assert register_vehicle(elsewhere, ALICES, by=charlie) != vehicle
    assert find_vehicle(elsewhere, ALICES) != vehicle


def test_a_unit_of_another_condominium_is_refused(elsewhere: Condominium, unit: Unit, charlie: User) -> None:
    with pytest.raises(VehicleError) as refused:
        register_vehicle(elsewhere, ALICES, by=charlie, unit=unit)

    assert refused.value.code == "elsewhere"


def test_who_may_not_change_the_register_does_not(condominium: Condominium, bob: User, charlie: User) -> None:
    for somebody in (bob, charlie):
        with pytest.raises(PermissionDenied):
            register_vehicle(condominium, ALICES, by=somebody)

    assert Vehicle.objects.count() == 0


def test_a_plate_that_is_saved_alone_takes_its_spellings_along(vehicle: Vehicle) -> None:
    vehicle.plate = "xyz-9087"
    vehicle.save(update_fields=["plate"])

    vehicle.refresh_from_db()
    assert (vehicle.plate, vehicle.plate_key, vehicle.plate_old) == ("XYZ9087", "XYZ9A87", "XYZ9087")


# --- look-up --------------------------------------------------------------------------------------------


def test_a_look_up_says_whose_it_is_and_where_it_was_registered(condominium: Condominium, vehicle: Vehicle) -> None:
    assert look_up(condominium, "abc-1323") == OwnerAnswer(
        plate="ABC1323",
        vehicle=vehicle,
        unit="A 101",
        owner="Alice",
        contact="+55 11 5555-0100",
        place=Place("BR", "PR", "Paraná"),
        watchlist=None,
    )


@pytest.mark.parametrize(
    ("plate", "place"),
    [
        ("QQQ0Q00", Place("BR", "MG", "Minas Gerais")),
        ("MH20EE7601", Place("IN", "MH", "Maharashtra")),
        ("LA51ABC", Place("GB", "L", "London")),
        ("1234XYZ", None),
    ],
)
def test_of_an_unknown_plate_it_says_the_place(condominium: Condominium, plate: str, place: Place | None) -> None:
    assert look_up(condominium, plate) == OwnerAnswer(plate=plate, place=place)


def test_a_look_up_says_what_the_watch_list_says(condominium: Condominium, vehicle: Vehicle) -> None:
    WatchlistEntry.objects.create(condominium=condominium, plate="ABC1323", kind="stolen")

    assert look_up(condominium, ALICES).watchlist == "stolen"


def test_a_look_up_elsewhere_knows_nothing_of_it(elsewhere: Condominium, vehicle: Vehicle) -> None:
    answer = look_up(elsewhere, ALICES)

    assert (answer.vehicle, answer.owner, answer.contact) == (None, "", "")


# --- from a passage -------------------------------------------------------------------------------------


def test_a_stranger_who_was_refused_may_pass_from_now_on(road: Road, alice: User) -> None:
    for _ in range(3):
        (passage,) = road.sees(read(STRANGERS))

    permit = add_to_permits(passage, by=alice)

    passage.refresh_from_db()
    assert permit.vehicle.plate == STRANGERS
    assert (passage.vehicle, passage.outcome) == (permit.vehicle, Outcome.REFUSE)
    assert GateCommand.objects.count() == 0
    entry = JournalEntry.objects.order_by("sequence").last()
    assert entry is not None
    assert (entry.actor, entry.action, entry.passage_id) == ("alice", "permit.added", passage.pk)


def test_adding_twice_gives_one_permit(road: Road, vehicle: Vehicle, alice: User) -> None:
    (passage,) = road.sees(read(ALICES))

    assert add_to_permits(passage, by=alice) == add_to_permits(passage, by=alice)
    assert Permit.objects.count() == 1


def test_a_limited_permit_is_no_permit_without_end(road: Road, vehicle: Vehicle, alice: User) -> None:
    Permit.objects.update(valid_until=timezone.now() - timedelta(days=1))
    (passage,) = road.sees(read(ALICES))

    add_to_permits(passage, by=alice)

    assert Permit.objects.filter(vehicle=vehicle, valid_until=None).count() == 1


@pytest.mark.parametrize("change", [{"single_entry": True}, {"on_holidays": "never"}, {}])
def test_a_permit_for_some_hours_or_one_entry_is_no_permit_without_end(
    road: Road, vehicle: Vehicle, alice: User, change: dict[str, Any]
) -> None:
    (passage,) = road.sees(read(ALICES))
    limited = vehicle.permits.get()
    Permit.objects.filter(pk=limited.pk).update(**change)
    if not change:
        PermitWindow.objects.create(
            condominium=vehicle.condominium, permit=limited, days=[0], begins=time(8), ends=time(18)
        )

    assert add_to_permits(passage, by=alice) != limited


def test_only_who_may_change_the_register_adds_permits(road: Road, bob: User, charlie: User) -> None:
    (passage,) = road.sees(read(STRANGERS))

    for somebody in (bob, charlie):
        with pytest.raises(PermissionDenied):
            add_to_permits(passage, by=somebody)
    assert Vehicle.objects.count() == 0


def test_a_lane_that_a_permit_names_cannot_be_deleted(lane: Lane, vehicle: Vehicle) -> None:
    """Without its lanes the permit would be for all of them."""
    Permit.objects.get().lanes.add(lane)

    with pytest.raises(ProtectedError):
        lane.delete()


# --- was misread as -------------------------------------------------------------------------------------


def test_a_correction_keeps_what_was_read_and_opens_nothing(road: Road, vehicle: Vehicle, bob: User) -> None:
    for _ in range(3):
        (passage,) = road.sees(read("ABC1D28"))

    correct(passage, "abc-1323", by=bob)

    passage = Passage.objects.get()
    assert (passage.plate, passage.corrected_plate, passage.plate_key) == ("ABC1D28", "ABC1323", "ABC1D23")
    assert (passage.vehicle, passage.unit_name) == (vehicle, "A 101")
    assert (passage.outcome, passage.reason) == (Outcome.REFUSE, Reason.UNKNOWN_PLATE)
    assert passage.detections.filter(text="ABC1D28").count() == 3
    assert GateCommand.objects.count() == 0
    entry = JournalEntry.objects.get(action="passage.corrected")
    assert (entry.actor, entry.passage_id) == ("bob", passage.pk)
    assert entry.data == {"from": "ABC1D28", "to": "ABC1323"}
    assert verify(passage.condominium) is None


def test_a_correction_can_be_taken_back(road: Road, vehicle: Vehicle, bob: User) -> None:
    (passage,) = road.sees(read("ABC1D28"))

    correct(correct(passage, ALICES, by=bob), "ABC1D28", by=bob)

    passage.refresh_from_db()
    assert (passage.corrected_plate, passage.plate_key, passage.vehicle) == ("", "ABC1D28", None)


def test_further_pictures_of_a_corrected_passage_still_join_it(road: Road, vehicle: Vehicle, bob: User) -> None:
    for _ in range(3):
        (passage,) = road.sees(read("ABC1D28"))
    correct(passage, "XYZ9A87", by=bob)

    road.sees(read("ABC1D28"))

    passage = Passage.objects.get()
    assert (passage.frames, passage.corrected_plate) == (4, "XYZ9A87")


def test_a_correction_to_no_plate_is_refused(road: Road, bob: User) -> None:
    (passage,) = road.sees(read(STRANGERS))

    with pytest.raises(VehicleError):
        correct(passage, "🚗", by=bob)
    assert Passage.objects.get().corrected_plate == ""


def test_charlie_corrects_nothing_of_alices(road: Road, charlie: User) -> None:
    (passage,) = road.sees(read(STRANGERS))

    with pytest.raises(PermissionDenied):
        correct(passage, ALICES, by=charlie)
    assert Passage.objects.get().corrected_plate == ""
