"""A gatehouse: a lane with a gate and a camera, vehicles that come, and the site that shows them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from access.models import Decision, Detection, Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from access.vehicles import register_vehicle
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.vehicles import Vehicle as Drawn
from cameras.models import Camera, Health, Source
from gates.models import Controller, Gate
from premises import journal
from premises.models import Condominium, Person, Unit
from recognition import canonical
from tests.portal.console.serving import Site, Valkey, beating, collect_static, database_of_the_test

ALICES = "BRA2E19"
STRANGERS = "QQX0Q17"


@cache
def drawn(plate: str) -> bytes:
    return encode(render(Place(), Drawn(plate), 1.0, datetime(2026, 11, 21, 12, tzinfo=UTC)))


def make_lane(condominium: Condominium, name: str = "Entrance", **more: Any) -> Lane:
    """A lane with a gate whose controller was heard just now, and a camera that works."""
    own: dict[str, Any] = {"condominium": condominium}
    controller = Controller.objects.create(
        **own, name=f"Board {name}", device=f"board-{condominium.pk}-{name}".lower(), key="ab" * 32, online=True,
        session="0123456789abcdef", uptime_ms=1000, heard_at=timezone.now(),
    )  # fmt: skip
    gate = Gate.objects.create(**own, name=f"Gate {name}", controller=controller)
    camera = Camera.objects.create(**own, name=f"Camera {name}", source=Source.UPLOAD, health=Health.OK)
    return Lane.objects.create(**own, name=name, camera=camera, gate=gate, **more)


@pytest.fixture
def unit(condominium: Condominium) -> Unit:
    return Unit.objects.create(condominium=condominium, block="A", number="101")


@pytest.fixture
def vehicle(condominium: Condominium, unit: Unit) -> Vehicle:
    """Alice's."""
    owner = Person.objects.create(condominium=condominium, name="Alice Prado", unit=unit)
    return register_vehicle(condominium, ALICES, by="tests", owner=owner)


@pytest.fixture
def lane(condominium: Condominium) -> Lane:
    return make_lane(condominium)


def stands(lane: Lane, plate: str, outcome: str = Outcome.REFUSE, reason: str = Reason.UNKNOWN_PLATE) -> Passage:
    """A vehicle that came to the lane a moment ago and was decided on, as the product writes it."""
    now = timezone.now()
    known = Vehicle.objects.filter(condominium_id=lane.condominium_id, plate_key=canonical(plate)).first()
    vehicle = known if reason == Reason.PERMITTED else None
    passage = Passage.objects.create(
        condominium_id=lane.condominium_id, lane=lane, opened_at=now, last_seen_at=now, plate=plate,
        plate_key=canonical(plate), score=0.9, frames=2, outcome=outcome, reason=reason, decided_at=now,
        vehicle=vehicle, unit_name=vehicle.unit_name if vehicle else "",
        owner_name=vehicle.owner_name if vehicle else "",
    )  # fmt: skip
    detection = Detection(
        condominium_id=lane.condominium_id, passage=passage, camera_id=lane.camera_id, taken_at=now,
        frame_digest="0" * 64, box=[600, 500, 160, 52], text=plate, score=0.9, engine="cancela", engine_version="1",
    )  # fmt: skip
    detection.frame.save("frame.jpg", ContentFile(drawn(plate)), save=True)
    facts = {"plate": plate, "texts": [plate], "registered": bool(vehicle), "unit": passage.unit_name}
    Decision.objects.create(
        condominium_id=lane.condominium_id, passage=passage, outcome=outcome, reason=reason, policy="balanced",
        facts=facts | {"owner": passage.owner_name, "candidates": [ALICES]}, detection=detection, vehicle=vehicle,
    )  # fmt: skip
    journal.record(lane.condominium_id, "passage.decided", subject=plate, passage_id=passage.pk)
    return passage


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static-files")
    collect_static(folder)
    return folder / "static"


@pytest.fixture
def site(lane: Lane, tmp_path: Path, static_files: Path, transactional_db: None) -> Iterator[Site]:
    """The running site. Its database is the test's from now on."""
    (tmp_path / "static").symlink_to(static_files)
    with database_of_the_test(tmp_path) as url, Valkey(tmp_path, "valkey"), Site(tmp_path, url) as site:
        gate = lane.gate
        assert gate is not None and gate.controller is not None
        with beating(gate.controller):
            yield site


def long_ago(passage: Passage, ago: timedelta) -> None:
    at = timezone.now() - ago
    Passage.objects.filter(pk=passage.pk).update(opened_at=at, last_seen_at=at, ended_at=at)
