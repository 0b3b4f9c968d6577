"""How often a list asks the database: the same for one row and for many. The numbers may not drift."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.models import Holiday, Key, Lane, Permit, TravelTime, Vehicle, WatchlistEntry
from anpr_site.api_urls import router
from cameras.models import Camera, Recorder
from gates.models import Controller, Gate, KeyList, KeyUse
from premises import journal
from premises.models import Condominium, Person, Unit, User
from tests.api.conftest import NOON, Rows, passing, program, signed_in

# Who is asking, the count, the rows; then what belongs to the rows.
PLAIN = 3
QUERIES = {
    "permits": PLAIN + 2,  # lanes, hours
    "keys": PLAIN + 1,  # gates
    "passages": PLAIN + 3,  # which rows, before them; detections, commands
}


def multiply(rows: Rows) -> None:
    """Five rows more of every resource that has no limit."""
    own: dict[str, Any] = {"condominium": rows["condominiums"]}
    for number in range(5):
        unit = Unit.objects.create(**own, number=f"9{number}")
        person = Person.objects.create(**own, name=f"P{number}", unit=unit)
        own_user = User.objects.create_user(f"user-{number}")
        own_user.memberships.create(**own, role="guard", person=person)
        recorder = Recorder.objects.create(**own, name=f"R{number}", host="r.example", password="p")
        camera = Camera.objects.create(**own, name=f"C{number}", recorder=recorder)
        controller = Controller.objects.create(**own, name=f"B{number}", device=f"b-{number}", key="k")
        gate = Gate.objects.create(**own, name=f"G{number}", controller=controller)
        lane = Lane.objects.create(**own, name=f"L{number}", camera=camera, gate=gate)
        vehicle = Vehicle.objects.create(**own, plate=f"AAA{number}B00", owner=person, unit=unit)
        Permit.objects.create(**own, vehicle=vehicle).lanes.add(lane)
        Key.objects.create(**own, digits=f"{number}", digest=f"{number}", holder=f"P{number}").gates.add(gate)
        KeyList.objects.create(**own, controller=controller)
        KeyUse.objects.create(**own, controller=controller, gate=gate, what="granted", at=NOON)
        WatchlistEntry.objects.create(**own, plate=f"BBB{number}B00")
        TravelTime.objects.create(**own, one=lane, other=rows["lanes"], seconds=30 + number)
        Holiday.objects.create(**own, date=NOON.date() + timedelta(days=1 + number), name="Day")
        passing(lane, vehicle.plate, NOON + timedelta(minutes=number), vehicle=vehicle, frames=3)
        journal.record(rows["condominiums"], "test.more")


@pytest.mark.parametrize("resource", [prefix for prefix, _view, _name in router.registry])
def test_a_list(condominium: Condominium, mine: Rows, resource: str) -> None:
    api, address = program(condominium), f"/api/v1/{resource}"
    multiply(mine)
    api.get(address)  # the first request of a minute notes the client's use, the first of an hour who looked
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = api.get(address).json()["results"]
    assert len(rows) >= (1 if resource == "condominiums" else 6)
    assert len(asked) == QUERIES.get(resource, PLAIN), [query["sql"] for query in asked]


def test_a_list_for_somebody_signed_in(alice: User, mine: Rows) -> None:
    api = signed_in(alice)
    multiply(mine)
    api.get("/api/v1/passages")
    with CaptureQueriesContext(connection) as asked:
        api.get("/api/v1/passages")
    # The session, its user, the clock of the page, the permission, and where it is held; then the count, which rows,
    # the rows and what is theirs.
    assert len(asked) == 5 + 3 + 2, [query["sql"] for query in asked]


def test_a_hundred_plates(condominium: Condominium, mine: Rows) -> None:
    api = program(condominium, "passages.view")
    plates = ",".join(f"AAA{number:04}" for number in range(100))
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert api.get(f"/check-license-plate/{plates}/2026-11-20T00:00:00Z").status_code == 200
    assert len(asked) <= 102
