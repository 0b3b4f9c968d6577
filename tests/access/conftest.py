"""A condominium with a gate, a lane that looks at it, and Alice's registered vehicle."""

import io
from datetime import timedelta

import hypothesis
import pytest
from django.utils import timezone
from hypothesis import HealthCheck
from PIL import Image

from access import passages
from access.evidence import Picture
from access.models import Lane, Passage, Vehicle
from access.vehicles import register_vehicle
from cameras.models import Camera, Source
from gates.models import Controller, Gate
from premises.models import Condominium, Person, Unit
from recognition import Box, Look, Read, match_format
from recognition.reads import certain

# On a busy machine an example takes what it takes.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

ALICES = "ABC1D23"
BOBS = "XYZ9A87"
STRANGERS = "QQQ0Q00"
BOX = Box(300, 200, 120, 40)
FAR = Box(20, 30, 120, 40)


class Reader:
    """An engine that answers what it was told to."""

    name = "told"
    version = "3"

    def __init__(self, reads: list[Read] | None = None) -> None:
        self.reads = reads or []
        self.asked = 0

    def read(self, image: object) -> list[Read]:
        return self.look(image).reads

    def look(self, image: object) -> Look:
        self.asked += 1
        return Look(self.reads)


def read(text: str, score: float = 0.9, box: Box = BOX) -> Read:
    row = match_format(text)
    return Read(box, text, certain(text, [score] * len(text)), score, row.name if row else None)


def jpeg(shade: int = 128, size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (shade % 256, shade // 256 % 256, 90)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def gate(condominium: Condominium) -> Gate:
    """A gate whose controller is heard."""
    controller = Controller.objects.create(
        condominium=condominium,
        name="Board",
        device="board-1",
        key="ab" * 32,
        online=True,
        session="0123456789abcdef",
        uptime_ms=1000,
        heard_at=timezone.now(),
    )
    return Gate.objects.create(condominium=condominium, name="Main gate", controller=controller)


@pytest.fixture
def lane(condominium: Condominium, gate: Gate) -> Lane:
    camera = Camera.objects.create(
        condominium=condominium, name="Camera", source=Source.URL, url="http://192.0.2.7/picture"
    )
    return Lane.objects.create(condominium=condominium, name="Main gate in", camera=camera, gate=gate)


@pytest.fixture
def unit(condominium: Condominium) -> Unit:
    return Unit.objects.create(condominium=condominium, block="A", number="101")


@pytest.fixture
def vehicle(condominium: Condominium, unit: Unit) -> Vehicle:
    """Alice's."""
    owner = Person.objects.create(condominium=condominium, name="Alice", unit=unit, phone="+55 11 5555-0100")
    return register_vehicle(condominium, ALICES, by="tests", owner=owner)


class Road:
    """Pictures of a lane, one after another."""

    def __init__(self, lane: Lane) -> None:
        self.lane, self.now, self.count = lane, timezone.now(), 0
        self.reader = Reader()

    def sees(self, *reads: Read, after: float = 1.0, late: float = 0.3) -> list[Passage]:
        """A picture `after` seconds after the one before it, taken in `late` seconds after it was taken."""
        self.now += timedelta(seconds=after)
        self.count += 1
        picture = Picture.of(jpeg(self.count), self.now)
        lane = Lane.objects.select_related("gate").get(pk=self.lane.pk)
        return passages.observe(lane, picture, reads, self.reader, self.now + timedelta(seconds=late))

    def sees_nothing(self, after: float) -> int:
        self.now += timedelta(seconds=after)
        return passages.end_gone(self.lane, self.now)


@pytest.fixture
def road(lane: Lane) -> Road:
    return Road(lane)
