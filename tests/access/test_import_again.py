"""A changed list is taken over again: it updates, signs off, takes up again, and says what differs."""

from typing import Any

import pytest

from access.list_report import Change, Difference, Kind
from access.lists import ListError, Report
from access.models import Permit, Vehicle
from access.vehicles import end_vehicle, register_vehicle
from premises.journal import verify
from premises.models import Condominium, JournalEntry, Person, Unit, User
from tests.access.conftest import ALICES
from tests.access.test_import_list import FULL, HEADINGS, Import, csv

SECOND = ["RIO4F56", "Rui Lima", "B", "202", "VW", "Gol", "azul", "+55 11 5555-0202", "rui@example.org", ""]


@pytest.fixture
def take(condominium: Condominium, alice: User) -> Import:
    return Import(condominium, alice)


@pytest.fixture
def listed(take: Import) -> Import:
    """Two vehicles that a list brought."""
    take(csv(HEADINGS, FULL, SECOND))
    return take


def changed(row: list[str], **cells: str) -> list[str]:
    """A row with other cells under some headings."""
    return [cells.get(heading, cell) for heading, cell in zip(HEADINGS, row, strict=True)]


def counts(report: Report) -> dict[str, int]:
    return {kind: number for kind, number in report.counts.items() if number}


def of(plate: str) -> Vehicle:
    return Vehicle.objects.get(plate=plate)


# --- what differs ---------------------------------------------------------------------------------------


def test_every_cell_that_differs_is_written_and_told_old_and_new(listed: Import) -> None:
    new = [
        "BRA2E19",
        "Eva Reis",
        "C",
        "303",
        "Jeep",
        "Renegade",
        "verde",
        "+55 11 5555-0303",
        "eva@example.org",
        "novo",
    ]
    rows = csv(HEADINGS, new, SECOND)

    dry, wet = listed(rows, dry_run=True), listed(rows)

    assert wet.changes == [
        Change(
            Kind.CHANGED,
            2,
            "BRA2E19",
            (
                Difference("unit", "A 101", "C 303"),
                Difference("owner", "Ana Souza", "Eva Reis"),
                Difference("make", "Fiat Argo", "Jeep Renegade"),
                Difference("colour", "prata", "verde"),
                Difference("note", "elétrico", "novo"),
            ),
        )
    ]
    assert (wet.unchanged, wet.units, wet.people) == (1, 1, 1)
    wet.applied = False
    assert dry == wet
    vehicle = of("BRA2E19")
    assert (vehicle.unit_name, vehicle.owner_name, vehicle.make, vehicle.colour, vehicle.note) == (
        "C 303",
        "Eva Reis",
        "Jeep Renegade",
        "verde",
        "novo",
    )
    assert vehicle.owner is not None
    assert (vehicle.owner.phone, str(vehicle.owner.unit)) == ("+55 11 5555-0303", "C 303")


def test_how_to_reach_an_owner_is_brought_up_to_date(listed: Import) -> None:
    report = listed(csv(HEADINGS, changed(FULL, Telefone="+55 11 5555-9999", **{"E-mail": "ana@example.net"}), SECOND))

    (change,) = report.changes
    assert change.differences == (
        Difference("phone", "+55 11 5555-0101", "+55 11 5555-9999"),
        Difference("email", "ana@example.org", "ana@example.net"),
    )
    owner = Person.objects.get(name="Ana Souza")
    assert (owner.phone, owner.email) == ("+55 11 5555-9999", "ana@example.net")


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(listed: Import) -> None:
    report = listed(csv(["Placa", "Cor", "Apto"], ["BRA2E19", "", ""], ["RIO4F56", "azul", ""]))

    assert (report.changes, report.unchanged) == ([], 2)
    assert of("BRA2E19").colour == "prata"


def test_who_moves_takes_the_phone_number_along(listed: Import) -> None:
    listed(csv(HEADINGS, changed(FULL, Bloco="C", Apto="303", Telefone=""), SECOND))

    owner = Person.objects.get(name="Ana Souza")
    assert (str(owner.unit), owner.phone, of("BRA2E19").owner) == ("C 303", "+55 11 5555-0101", owner)


def test_a_person_with_two_numbers_in_a_list_keeps_the_first_every_time(take: Import) -> None:
    rows = csv(HEADINGS, FULL, changed(FULL, Placa="RIO4F56", Telefone="+55 11 5555-7777"))

    take(rows)
    again = take(rows)

    assert (again.changes, again.unchanged) == ([], 2)
    assert Person.objects.get().phone == "+55 11 5555-0101"


def test_people_whose_names_end_in_a_number_are_two(take: Import) -> None:
    take(csv(["Placa", "Morador", "Apto"], ["BRA2E19", "Morador 1", "101"], ["RIO4F56", "Morador 2", "101"]))

    assert sorted(Person.objects.values_list("name", flat=True)) == ["Morador 1", "Morador 2"]


def test_block_1_number_11_is_not_block_11_number_1(take: Import) -> None:
    take(csv(["Placa", "Bloco", "Apto"], ["BRA2E19", "1", "11"], ["RIO4F56", "11", "1"]))

    assert sorted(str(unit) for unit in Unit.objects.all()) == ["1 11", "11 1"]


def test_what_somebody_entered_by_hand_for_somebody_else_is_a_question(take: Import, vehicle: Vehicle) -> None:
    row = ["ABC1D23", "Bob", "B", "202", "", "", "vermelho", "", "", ""]

    report = take(csv(HEADINGS, row))

    assert [(refusal.code, refusal.message) for refusal in report.refused] == [
        (
            "differs",
            "ABC1D23 is registered already, for A 101 · Alice. Change it there if that is no longer so.",
        )
    ]
    vehicle.refresh_from_db()
    assert (vehicle.colour, Unit.objects.filter(number="202").exists()) == ("", False)


def test_what_was_entered_by_hand_for_the_same_unit_is_completed(take: Import, vehicle: Vehicle) -> None:
    report = take(csv(HEADINGS, ["ABC1D23", "ALICE", "A", "101", "Fiat", "Uno", "", "", "", ""]))

    assert report.changes == [Change(Kind.CHANGED, 2, "ABC1D23", (Difference("make", "", "Fiat Uno"),))]
    vehicle.refresh_from_db()
    assert (vehicle.make, vehicle.from_list) == ("Fiat Uno", False)


def test_the_same_plate_for_two_units_of_one_list_is_refused_with_the_first_unit(take: Import) -> None:
    (refusal,) = take.refused(HEADINGS, FULL, changed(FULL, Bloco="B", Apto="202"))

    assert refusal.message == "The same vehicle stands in row 2, for unit A 101."


def test_a_plate_that_no_country_gives_out_but_somebody_registered_is_no_refusal(
    take: Import, condominium: Condominium
) -> None:
    register_vehicle(condominium, "AAAAAAA", by="tests")

    assert take(csv(["Placa"], ["AAAAAAA"])).unchanged == 1


# --- signed off and taken up again ----------------------------------------------------------------------


def test_what_is_not_in_the_list_stays_unless_the_list_is_complete(listed: Import) -> None:
    assert counts(listed(csv(HEADINGS, FULL))) == {}
    assert of("RIO4F56").is_active

    report = listed(csv(HEADINGS, FULL), complete=True)

    assert report.changes == [Change(Kind.ENDED, None, "RIO4F56")]
    gone = of("RIO4F56")
    assert (gone.state, gone.ended_at is None) == ("ended", False)
    assert [permit.is_active for permit in gone.permits.all()] == [False]
    assert of("BRA2E19").is_active


def test_a_dry_run_of_a_complete_list_signs_nothing_off(listed: Import) -> None:
    report = listed(csv(HEADINGS, FULL), complete=True, dry_run=True)

    assert (counts(report), of("RIO4F56").is_active) == ({"ended": 1}, True)


def test_what_was_entered_by_hand_or_waits_is_never_signed_off_by_a_list(
    listed: Import, condominium: Condominium
) -> None:
    register_vehicle(condominium, ALICES, by="tests")
    Vehicle.objects.create(condominium=condominium, plate="XYZ9A87", state="waiting")

    report = listed(csv(HEADINGS, FULL, SECOND), complete=True)

    assert (report.changes, report.kept) == ([], 1)
    assert sorted(Vehicle.objects.exclude(state="ended").values_list("plate", flat=True)) == [
        ALICES,
        "BRA2E19",
        "RIO4F56",
        "XYZ9A87",
    ]


def test_a_refused_row_still_says_that_its_vehicle_is_there(listed: Import) -> None:
    report = listed(csv(HEADINGS, FULL, changed(SECOND, **{"E-mail": "rui(at)example"})), complete=True)

    assert (len(report.refused), report.changes, of("RIO4F56").is_active) == (1, [], True)


def test_a_complete_list_of_nothing_is_refused(listed: Import) -> None:
    for dry_run in (True, False):
        with pytest.raises(ListError, match="it would sign off all of them"):
            listed(csv(HEADINGS, ["???", *FULL[1:]]), complete=True, dry_run=dry_run)
    assert Vehicle.objects.filter(state="active").count() == 2


def test_another_condominiums_vehicles_are_not_signed_off(
    listed: Import, elsewhere: Condominium, charlie: User
) -> None:
    Import(elsewhere, charlie)(csv(HEADINGS, SECOND))

    Import(elsewhere, charlie)(csv(HEADINGS, FULL), complete=True)

    assert sorted(Vehicle.objects.filter(state="ended").values_list("condominium__slug", "plate")) == [
        ("ipes", "RIO4F56")
    ]


def test_who_is_in_the_list_again_is_taken_up_again_with_the_permits_of_before(listed: Import, lane: Any) -> None:
    Permit.objects.get(vehicle__plate="RIO4F56").lanes.add(lane)
    listed(csv(HEADINGS, FULL), complete=True)

    report = listed(csv(HEADINGS, FULL, changed(SECOND, Cor="preto")), complete=True)

    assert report.changes == [Change(Kind.TAKEN_UP, 3, "RIO4F56", (Difference("colour", "azul", "preto"),))]
    back = of("RIO4F56")
    assert (back.state, back.ended_at, back.colour) == ("active", None, "preto")
    assert [(permit.is_active, permit.lanes.count()) for permit in back.permits.all()] == [(True, 1)]


def test_a_vehicle_that_was_signed_off_without_a_permit_gets_one(listed: Import, alice: User) -> None:
    Permit.objects.all().delete()
    end_vehicle(of("RIO4F56"), by=alice)

    listed(csv(HEADINGS, FULL, SECOND))

    assert [permit.is_active for permit in of("RIO4F56").permits.all()] == [True]


def test_a_proposal_that_the_list_confirms_is_approved(take: Import, condominium: Condominium) -> None:
    Vehicle.objects.create(condominium=condominium, plate="BRA2E19", state="waiting")

    report = take(csv(HEADINGS, FULL))

    assert counts(report) == {"approved": 1}
    assert (of("BRA2E19").state, of("BRA2E19").permits.count()) == ("active", 1)


def test_the_journal_names_vehicles_and_fields_but_not_what_stood_there(
    listed: Import, condominium: Condominium
) -> None:
    listed(csv(HEADINGS, changed(FULL, Telefone="+55 11 5555-9999")), complete=True)

    entry = JournalEntry.objects.filter(action="vehicles.imported").order_by("sequence").last()
    assert entry is not None
    assert entry.data == {
        "added": [],
        "changed": ["BRA2E19"],
        "ended": ["RIO4F56"],
        "fields": {"BRA2E19": ["phone"]},
        "unchanged": 0,
        "refused": 0,
    }
    assert verify(condominium) is None


def test_strictly_one_refused_row_changes_nothing(listed: Import) -> None:
    report = listed(csv(HEADINGS, changed(FULL, Cor="preto"), ["???", *FULL[1:]]), strict=True, complete=True)

    assert (report.applied, of("BRA2E19").colour, of("RIO4F56").is_active) == (False, "prata", True)
