"""The story of one passage: what was seen, what was decided, what the gate did, who touched it since."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, QuerySet
from PIL import Image, UnidentifiedImageError

from access import evidence
from access.looking import VIEWED
from access.models import Decision, Detection, Passage, Vehicle
from access.speaking import speaks_for
from gates.models import GateCommand
from gates.shown import Step, steps, why_not
from premises.models import JournalEntry

SHOWN = 0.01  # of a probability: less is shown as 0 %


@dataclass(frozen=True)
class FrameShown:
    """A picture with the plate's box in it, all in pixels of the picture."""

    detection: Detection
    width: int
    height: int
    box: tuple[int, int, int, int] | None


@dataclass(frozen=True)
class Witness:
    """A read of one picture, and how much that picture alone speaks for the plate that the passage is taken to have."""

    detection: Detection
    speaks: float


@dataclass(frozen=True)
class Viewer:
    """Who opened the passage or its pictures, and when first and last."""

    name: str
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Opening:
    command: GateCommand
    steps: list[Step]
    why_not: str


@dataclass(frozen=True)
class Likely:
    """A plate on record that the pictures may show, and how probable that is; without a plate: somebody unknown."""

    plate: str
    share: float
    vehicle: Vehicle | None = None


@dataclass(frozen=True)
class Story:
    passage: Passage
    decision: Decision | None
    sentence: str
    frame: FrameShown | None
    witnesses: list[Witness] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    viewers: list[Viewer] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)


def tell(passage: Passage, *, journal: bool) -> Story:
    """The whole story; the journal's part only for who may read the journal."""
    decision = decision_of(passage)
    detections = list(Detection.objects.filter(passage=passage))  # with their distributions, whoever asks
    entries = JournalEntry.objects.filter(condominium_id=passage.condominium_id, passage_id=passage.pk)
    return Story(
        passage,
        decision,
        decision.sentence if decision else "",
        frame_of(decision.detection_id if decision else None, detections),
        [Witness(each, speaks_for(each.probabilities, passage.shown_plate)) for each in detections],
        likely_of(decision) if decision else [],
        [Opening(command, steps(command), why_not(command)) for command in commands_of(passage)],
        viewers_of(entries),
        list(entries.order_by("sequence")[:50]) if journal else [],
    )


def viewers_of(entries: QuerySet[JournalEntry]) -> list[Viewer]:
    """Who looked, in the order of their first look."""
    looks = entries.filter(action=VIEWED).order_by().values("actor")
    seen = looks.annotate(first=Min("at"), last=Max("at")).order_by("first")
    return [Viewer(row["actor"], row["first"], row["last"]) for row in seen[:50]]


def decision_of(passage: Passage) -> Decision | None:
    return getattr(passage, "decision", None)


def likely_of(decision: Decision) -> list[Likely]:
    """Who the pictures may show, as it was weighed when it was decided; empty where nothing was weighed."""
    shares = {key: share for key, share in decision.facts.get("shares", {}).items() if share >= SHOWN}
    vehicles = Vehicle.objects.filter(condominium_id=decision.condominium_id, plate_key__in=shares)
    known = {vehicle.plate_key: vehicle for vehicle in vehicles.select_related("unit", "owner__unit")} if shares else {}
    named = [Likely(known[key].plate if key in known else key, share, known.get(key)) for key, share in shares.items()]
    unknown = [Likely("", decision.facts["stranger"])] if "stranger" in decision.facts else []
    return sorted(named + unknown, key=lambda each: each.share, reverse=True)


def commands_of(passage: Passage) -> Iterable[GateCommand]:
    return GateCommand.objects.filter(passage_id=passage.pk).select_related("gate").order_by("requested_at")


def frame_of(deciding_id: int | None, detections: list[Detection]) -> FrameShown | None:
    """The picture to show: the deciding one where it is kept, else the surest."""
    kept = [detection for detection in detections if detection.frame]
    if not kept:
        return None
    chosen = max(kept, key=lambda detection: (detection.pk == deciding_id, detection.score))
    size = _size(chosen)
    return FrameShown(chosen, *size, _box(chosen.box)) if size else None


def _size(detection: Detection) -> tuple[int, int] | None:
    data = evidence.read(detection, "frame")
    try:
        with Image.open(io.BytesIO(data or b"")) as picture:
            return picture.size
    except UnidentifiedImageError:
        return None


def _box(box: Any) -> tuple[int, int, int, int] | None:
    """With a margin, so that the line does not cross the letters."""
    if len(box) != 4:
        return None
    x, y, wide, tall = box
    margin = max(4, tall // 4)
    return x - margin, y - margin, wide + 2 * margin, tall + 2 * margin
