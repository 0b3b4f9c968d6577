"""How long one picture takes until it is decided, by the registry of a condominium of 100,000 vehicles."""

import io
import time
from datetime import datetime, timedelta
from typing import Any, cast

import numpy as np
from django.db.models import Max
from django.utils import timezone
from PIL import Image

from access import passages
from access.evidence import Picture
from access.models import Lane, Passage, Vehicle
from portal.filling.places import furnish, plates
from premises.models import Condominium
from recognition import Box, PlateReader, Read, match_format
from recognition.reads import certain

SLUG = "bench"


class Told:
    name, version = "told", "1"


def prepare(vehicles: int) -> None:
    rng = np.random.default_rng(7)
    own = plates(rng, vehicles + vehicles // 50 + 100)
    furnish(rng, SLUG, 0.0, vehicles, own, timezone.now())


def decide(calls: int) -> list[float]:
    """Milliseconds from the reads of a picture to the decision, written down; each of another vehicle."""
    condominium = Condominium.objects.get(slug=SLUG)
    lane = Lane.objects.select_related("gate").filter(condominium=condominium).order_by("pk")[0]
    kept = Vehicle.objects.filter(condominium=condominium, permits__valid_until=None, permits__isnull=False)
    arriving = list(kept.order_by("pk").values_list("plate", flat=True)[:calls])
    # After whoever came last, so that nobody is taken for one who is still there.
    last = Passage.objects.filter(lane=lane).aggregate(last=Max("last_seen_at"))["last"]
    begins = max(timezone.now(), last or timezone.now()) + timedelta(hours=1)
    return [_once(lane, plate, begins + timedelta(minutes=number)) for number, plate in enumerate(arriving)]


def _once(lane: Lane, plate: str, now: datetime) -> float:
    row = match_format(plate)
    name, sure = row.name if row else None, certain(plate, [0.99] * len(plate))
    read = Read(Box(300, 200, 120, 40), plate, sure, 0.99, name, probability=0.98)
    picture = Picture.of(_jpeg(now.minute), now)
    began = time.perf_counter()
    came = passages.observe(lane, picture, [read], cast(PlateReader, cast(Any, Told())), now)
    took = time.perf_counter() - began
    assert came[0].outcome == "open", came[0].reason
    return took * 1000


def _jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (shade % 256, 90, 90)).save(out, "JPEG")
    return out.getvalue()
