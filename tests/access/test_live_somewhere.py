"""Who lives where, and what of the condominium's passages is theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access import visits
from access.households import homes_of, lives_in, passages_of, vehicles_of
from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from access.vehicles import register_vehicle
from premises.models import Condominium, Membership, Person, Unit, User
from premises.roles import Role
from tests.access.conftest import ALICES, BOBS, STRANGERS, Road, read


def resident(name: str, unit: Unit) -> User:
    person = Person.objects.create(condominium=unit.condominium, name=name.title(), unit=unit)
    user = User.objects.create_user(name, date_joined=timezone.now() - timedelta(days=300))
    Membership.objects.create(condominium=unit.condominium, user=user, role=Role.RESIDENT, person=person)
    return user


@pytest.fixture
def dora(unit: Unit) -> User:
    return resident("dora", unit)


@pytest.fixture
def emil(condominium: Condominium) -> User:
    return resident("emil", Unit.objects.create(condominium=condominium, block="B", number="202"))


def plates(user: User) -> list[str]:
    return [passage.shown_plate for home in homes_of(user) for passage in passages_of(home)]


def test_a_resident_lives_in_the_unit_of_the_own_person(dora: User, emil: User, unit: Unit) -> None:
    assert [str(home) for home in homes_of(dora)] == ["A 101, Jardim das Acácias"]
    assert (lives_in(dora, unit), lives_in(emil, unit), lives_in(dora, None)) == (True, False, False)


def test_somebody_may_have_two_homes(dora: User, elsewhere: Condominium) -> None:
    beach = Unit.objects.create(condominium=elsewhere, number="9")
    person = Person.objects.create(condominium=elsewhere, name="Dora", unit=beach)
    Membership.objects.create(condominium=elsewhere, user=dora, role=Role.RESIDENT, person=person)

    assert [str(home) for home in homes_of(dora)] == ["A 101, Jardim das Acácias", "9, Parque dos Ipês"]


@pytest.mark.parametrize("flaw", ["inactive", "guard", "no person", "no unit", "person elsewhere", "unit elsewhere"])
def test_whoever_is_not_wholly_a_resident_lives_nowhere(
    dora: User, unit: Unit, elsewhere: Condominium, flaw: str
) -> None:
    membership = Membership.objects.select_related("person", "user").get(user=dora)
    assert membership.person is not None
    strange = Unit.objects.create(condominium=elsewhere, block="A", number="101")
    if flaw == "inactive":
        dora.is_active = False
    elif flaw == "guard":
        membership.role = Role.GUARD
    elif flaw == "no person":
        membership.person = None
    elif flaw == "no unit":
        membership.person.unit = None
    elif flaw == "person elsewhere":
        membership.person = Person.objects.create(condominium=elsewhere, name="Dora", unit=strange)
    else:
        membership.person.unit = strange
    dora.save()
    if membership.person:
        membership.person.save()
    membership.save()

    assert homes_of(dora) == []
    assert not lives_in(dora, unit)
    assert not lives_in(dora, strange)


@pytest.mark.parametrize("nobody", [None, "dora", object()])
def test_what_is_no_user_lives_nowhere(db: None, nobody: object) -> None:
    assert homes_of(nobody) == []


def test_a_home_sees_its_vehicles_passages_and_no_neighbours(
    road: Road, vehicle: Vehicle, dora: User, emil: User
) -> None:
    register_vehicle(vehicle.condominium, BOBS, by="tests", unit=homes_of(emil)[0].unit)
    road.sees(read(ALICES))
    road.sees(read(BOBS), after=60)
    road.sees(read(STRANGERS, 0.99), after=60)
    road.sees_nothing(after=60)

    assert Passage.objects.exclude(outcome="").count() == 3
    assert (plates(dora), plates(emil)) == ([ALICES], [BOBS])


def test_a_home_sees_the_guests_whom_it_hosts(road: Road, unit: Unit, dora: User, emil: User) -> None:
    visits.announce(unit, STRANGERS, by=dora, holder="Ida", valid_until=road.now + timedelta(hours=2))

    (passage,) = road.sees(read(STRANGERS))

    assert (passage.outcome, passage.reason) == (Outcome.OPEN, Reason.PERMITTED)
    assert (plates(dora), plates(emil)) == ([STRANGERS], [])


def test_a_home_hears_that_its_guest_was_turned_away(road: Road, unit: Unit, dora: User, emil: User) -> None:
    begins = road.now + timedelta(hours=1)
    visits.announce(unit, STRANGERS, by=dora, valid_from=begins, valid_until=begins + timedelta(hours=2))

    (passage,) = road.sees(read(STRANGERS))

    assert passage.reason == Reason.NOT_YET
    assert (plates(dora), plates(emil)) == ([STRANGERS], [])


def test_of_a_guest_of_two_homes_each_sees_the_own_visits_only(
    road: Road, unit: Unit, dora: User, emil: User, lane: Lane
) -> None:
    hers = visits.announce(unit, STRANGERS, by=dora, valid_until=road.now + timedelta(hours=1))
    tomorrow = road.now + timedelta(days=1)
    visits.announce(
        homes_of(emil)[0].unit, STRANGERS, by=emil, valid_from=tomorrow, valid_until=tomorrow + timedelta(hours=2)
    )
    (passage,) = road.sees(read(STRANGERS))
    assert passage.decision.permit == hers

    road.now += timedelta(hours=12)
    (turned_away,) = road.sees(read(STRANGERS))

    assert turned_away.outcome == Outcome.REFUSE
    assert plates(dora) == [STRANGERS]
    assert plates(emil) == []


def test_a_passage_corrected_to_another_plate_is_no_longer_theirs(
    road: Road, vehicle: Vehicle, dora: User, emil: User
) -> None:
    other = register_vehicle(vehicle.condominium, BOBS, by="tests", unit=homes_of(emil)[0].unit)
    (passage,) = road.sees(read(ALICES))
    Passage.objects.filter(pk=passage.pk).update(corrected_plate=BOBS, vehicle=other, unit_name="B 202")

    assert (plates(dora), plates(emil)) == ([], [BOBS])


def test_whoever_moved_in_later_does_not_see_who_came_before(road: Road, vehicle: Vehicle, dora: User) -> None:
    road.sees(read(ALICES))
    User.objects.filter(pk=dora.pk).update(date_joined=road.now + timedelta(seconds=1))
    dora.refresh_from_db()

    assert plates(dora) == []


def test_a_vehicle_whose_owner_moved_away_is_not_the_homes(vehicle: Vehicle, dora: User, emil: User) -> None:
    vehicle.unit = homes_of(dora)[0].unit
    vehicle.save()
    assert list(vehicles_of(homes_of(dora)[0])) == [vehicle]
    assert vehicle.owner is not None
    vehicle.owner.unit = homes_of(emil)[0].unit
    vehicle.owner.save()

    assert list(vehicles_of(homes_of(dora)[0])) == []


def test_erased_passages_are_shown_to_nobody(road: Road, vehicle: Vehicle, dora: User) -> None:
    road.sees(read(ALICES))
    Passage.objects.update(erased_at=road.now)

    assert plates(dora) == []
