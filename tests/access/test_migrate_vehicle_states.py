"""What was active before is active after, and the way back is open."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from premises import journal

BEFORE, AFTER = ("access", "0006_permits"), ("access", "0009_vehicle_without_is_active")
pytestmark = pytest.mark.django_db(transaction=True)


def migrated(*targets: tuple[str, str]) -> Any:
    """The models as they are after migrating to these."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return MigrationExecutor(connection).loader.project_state(list(targets)).apps


@pytest.fixture
def latest() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_there_and_back(latest: None) -> None:
    old = migrated(BEFORE)
    home = old.get_model("premises", "Condominium").objects.create(name="Home", slug="home")
    for plate, is_active in (("ABC1D23", True), ("BRA2E19", False), ("KLM5G78", True)):
        rows = old.get_model("access", "Vehicle").objects
        rows.create(condominium=home, plate=plate, plate_key=plate, is_active=is_active)
    journal.record(home.pk, "vehicles.imported", data={"added": ["ABC1D23", "BRA2E19"]})

    vehicles = migrated(AFTER).get_model("access", "Vehicle").objects.order_by("plate")
    assert list(vehicles.values_list("plate", "state", "from_list")) == [
        ("ABC1D23", "active", True),
        ("BRA2E19", "ended", True),
        ("KLM5G78", "active", False),
    ]
    vehicles.filter(plate="KLM5G78").update(state="waiting")

    vehicles = migrated(BEFORE).get_model("access", "Vehicle").objects.order_by("plate")
    assert list(vehicles.values_list("plate", "is_active")) == [
        ("ABC1D23", True),
        ("BRA2E19", False),
        ("KLM5G78", False),
    ]
