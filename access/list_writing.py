"""Writing what an import has worked out, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from access import rolls
from access.list_plan import Plan
from access.list_report import Kind
from access.list_stock import Stock
from access.models import Permit, Vehicle
from access.states import VehicleState
from premises.models import Condominium, Person, Unit

BATCH = 500


def write(plan: Plan, now: datetime) -> None:
    """Each kind of row refers to those that are written before it."""
    stock, vehicles = plan.stock, plan.vehicles
    Unit.objects.bulk_create(stock.new_units, batch_size=BATCH)
    _write_people(stock)
    _write_vehicles(vehicles[Kind.ADDED], plan.changed)
    opened = [*vehicles[Kind.APPROVED], *vehicles[Kind.TAKEN_UP]]
    _set(opened, VehicleState.ACTIVE, None)
    _set(vehicles[Kind.ENDED], VehicleState.ENDED, now)
    _close_permits(vehicles[Kind.ENDED], now)
    _open_permits(stock.condominium, opened)
    _give_permits(stock.condominium, vehicles[Kind.ADDED])
    rolls.changed(stock.condominium.pk)  # rows written in bulk tell nobody


def _write_people(stock: Stock) -> None:
    for person in (*stock.new_people, *stock.changed_people["unit"].values()):
        person.unit = person.unit  # it has a number now
    Person.objects.bulk_create(stock.new_people, batch_size=BATCH)
    for name, people in stock.changed_people.items():
        Person.objects.bulk_update(people.values(), [name], batch_size=BATCH)


def _write_vehicles(added: Sequence[Vehicle], changed: Mapping[str, Sequence[Vehicle]]) -> None:
    for vehicle in (*added, *chain.from_iterable(changed.values())):
        vehicle.unit, vehicle.owner = vehicle.unit, vehicle.owner  # they have numbers now
    Vehicle.objects.bulk_create(added, batch_size=BATCH)
    for name, vehicles in changed.items():
        Vehicle.objects.bulk_update(vehicles, [name], batch_size=BATCH)


def _set(vehicles: Sequence[Vehicle], state: VehicleState, ended_at: datetime | None) -> None:
    for batch in _batches(vehicles):
        mine = Vehicle.objects.filter(pk__in=[vehicle.pk for vehicle in batch])
        mine.update(state=state, ended_at=ended_at, ended_because="")


def _close_permits(vehicles: Sequence[Vehicle], now: datetime) -> None:
    for batch in _batches(vehicles):
        Permit.objects.filter(vehicle__in=batch, is_active=True).update(is_active=False, ended_at=now)


def _open_permits(condominium: Condominium, vehicles: Sequence[Vehicle]) -> None:
    """As `access.vehicles.take_up_again`: with the permits that ended with the vehicle, or else with a new one."""
    for batch in _batches(vehicles):
        permits = Permit.objects.filter(vehicle__in=batch)
        permits.filter(ended_at__isnull=False).update(is_active=True, ended_at=None)
        held = set(permits.filter(is_active=True).values_list("vehicle_id", flat=True))
        _give_permits(condominium, [vehicle for vehicle in batch if vehicle.pk not in held])


def _give_permits(condominium: Condominium, vehicles: Iterable[Vehicle]) -> None:
    permits = [Permit(condominium=condominium, vehicle=vehicle) for vehicle in vehicles]
    Permit.objects.bulk_create(permits, batch_size=BATCH)


def _batches(vehicles: Sequence[Vehicle]) -> Iterator[Sequence[Vehicle]]:
    return (vehicles[start : start + BATCH] for start in range(0, len(vehicles), BATCH))
