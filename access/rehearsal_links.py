"""The links of a rehearsal, tried one after another: each says whether it holds, and what was found."""

import logging
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from access import deciding, evidence, rules
from access.evidence import Picture
from access.models import Detection, Lane, Link, Vehicle, WatchlistEntry
from access.reading import read_picture
from access.reasons import Outcome, Reason
from access.record import registry_at
from access.regions import region_of
from access.rules import Verdict
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.traffic import stranger, vehicle_of
from cameras.models import Source
from cameras.snapshots import Frame, SnapshotError, fetch
from gates import dry_runs
from gates.models import Gate
from recognition import ImageError, PlateReader, Read, canonical, fuse

logger = logging.getLogger("access")

OK, BROKEN, SKIPPED = "ok", "broken", "skipped"
# Somebody else, the lane's own tick, had a picture of the camera so lately: it works.
LATELY = timedelta(seconds=30)
AGAIN_AFTER = 1.0
# Nobody asks these cameras for pictures; of a folder the rehearsal would take a vehicle's away.
SENT = (Source.UPLOAD, Source.FOLDER)
# Characters of the plate in a test picture that may be read otherwise: it is the way that is rehearsed, not the eye.
MISREAD = 1


@dataclass(frozen=True)
class Result:
    """Of one link. `code` and `facts` are what `rehearsal_words` makes a sentence of; facts name nobody."""

    link: Link
    state: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    ms: int | None = None

    def noted(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Seen:
    """What was read of one picture; `invented` where it shows a plate that is nobody's."""

    reads: list[Read]
    invented: bool = False


# --- camera ---------------------------------------------------------------------------------------------


def try_camera(lane: Lane) -> tuple[Result, Frame | None]:
    """Ask the camera for one picture. It is looked at, and not taken in: whoever is in it has no passage by this."""
    if lane.camera.source in SENT:
        return Result(Link.CAMERA, SKIPPED, "sent"), None
    begun = time.monotonic()
    try:
        frame = _patiently_fetched(lane)
    except SnapshotError as error:
        return _no_picture(lane, error), None
    return Result(Link.CAMERA, OK, "gave", ms=_since(begun)), frame


def _patiently_fetched(lane: Lane) -> Frame:
    try:
        return fetch(lane.camera, soon=True)
    except SnapshotError as error:
        if error.permanent:
            raise
    time.sleep(AGAIN_AFTER)
    lane.camera.refresh_from_db()
    return fetch(lane.camera, soon=True)


def _no_picture(lane: Lane, error: SnapshotError) -> Result:
    lane.camera.refresh_from_db()
    at = lane.camera.last_frame_at
    if at is not None and timezone.now() - at < LATELY:
        return Result(Link.CAMERA, OK, "lately", {"at": at.isoformat()})
    return Result(Link.CAMERA, BROKEN, "no_picture", {"since": at and at.isoformat(), "problem": str(error.code)})


# --- recognition ----------------------------------------------------------------------------------------


def try_reading(lane: Lane, frame: Frame | None, engine: PlateReader) -> tuple[Result, Seen | None]:
    """Read the picture just taken; where no vehicle stands in it the last one kept; where none is, a drawn one."""
    begun = time.monotonic()
    live = _live(lane, frame, engine)
    if live:
        return Result(Link.READING, OK, "live", ms=_since(begun)), Seen(live)
    kept = _last_kept(lane)
    if kept:
        return _reread(lane, *kept, engine)
    return _read_drawn(lane, engine)


def _live(lane: Lane, frame: Frame | None, engine: PlateReader) -> list[Read]:
    if frame is None:
        return []
    try:
        return read_picture(frame.data, frame.taken_at, engine, frame.digest, region=region_of(lane.region))[1]
    except ImageError:  # the camera's link said that a picture came; that nothing is in it says nothing of reading
        return []


def _last_kept(lane: Lane) -> tuple[Detection, bytes] | None:
    """The latest picture of this lane by which a gate was opened, and so one that was read well."""
    rows = Detection.objects.filter(passage__lane=lane, passage__outcome=Outcome.OPEN, passage__erased_at=None)
    row = rows.exclude(frame="").order_by("-passage__opened_at", "-score").first()
    data = evidence.read(row, "frame") if row else None
    return (row, data) if row and data else None


def _reread(lane: Lane, row: Detection, data: bytes, engine: PlateReader) -> tuple[Result, Seen | None]:
    begun = time.monotonic()
    reads = _read(data, engine, lane)
    if any(_alike(read.text, row.text) for read in reads):
        return Result(Link.READING, OK, "kept", ms=_since(begun)), Seen(reads)
    return Result(Link.READING, BROKEN, "kept_unread", {"at": row.taken_at.isoformat()}), None


def _read_drawn(lane: Lane, engine: PlateReader) -> tuple[Result, Seen | None]:
    """Of all of the picture: the region of interest is cut for the lane's own camera."""
    plate, begun = _of_nobody(lane.condominium_id), time.monotonic()
    reads = _read(encode(render(Place(), vehicle_of(plate), 1.0, timezone.now())), engine, None)
    if any(_alike(read.text, plate) for read in reads):
        return Result(Link.READING, OK, "drawn", ms=_since(begun)), Seen(reads, invented=True)
    return Result(Link.READING, BROKEN, "drawn_unread"), None


def _read(data: bytes, engine: PlateReader, lane: Lane | None) -> list[Read]:
    picture = Picture.of(data, timezone.now())
    region = region_of(lane.region) if lane else None
    try:
        return read_picture(data, picture.taken_at, engine, picture.digest, region=region)[1]
    except ImageError:
        return []


def _alike(read: str, shown: str) -> bool:
    return len(read) == len(shown) and sum(a != b for a, b in zip(read, shown, strict=True)) <= MISREAD


def _of_nobody(condominium_id: int) -> str:
    """An invented plate that is on no record there."""
    chance = random.SystemRandom()
    while True:
        plate = stranger(chance)
        mine = {"condominium_id": condominium_id, "plate_key": canonical(plate)}
        if not any(model.objects.filter(**mine).exists() for model in (Vehicle, WatchlistEntry)):
            return plate


# --- decision -------------------------------------------------------------------------------------------


def try_rule(lane: Lane, seen: Seen | None) -> Result:
    """Decide on what was read, by the registry as it is now. Nothing is written, locked or opened."""
    if seen is None:
        return Result(Link.RULE, SKIPPED, "nothing_read")
    begun = time.monotonic()
    verdict = _verdict(lane, seen.reads)
    if verdict is None or verdict.reason == Reason.ERROR:
        return Result(Link.RULE, BROKEN, "failed")
    if seen.invented and verdict.outcome == Outcome.OPEN:
        return Result(Link.RULE, BROKEN, "opens_for_nobody")
    code = "would_open" if verdict.outcome == Outcome.OPEN else "would_not"
    return Result(Link.RULE, OK, code, {"reason": str(verdict.reason)}, _since(begun))


def _verdict(lane: Lane, reads: Iterable[Read]) -> Verdict | None:
    best = max(reads, key=lambda read: read.certainty)
    try:
        told = replace(deciding.evidence_of(lane, [best], fuse([best])), enough=True, present=True)
        now = timezone.now()
        return rules.decide(told, registry_at(lane, told.named, now), now)
    except (DatabaseError, ValueError, LookupError):
        logger.exception("%s: the decision of a rehearsal failed", lane)
        return None


# --- broker and board -----------------------------------------------------------------------------------


def try_gate(gate: Gate | None, pause: Callable[[], object]) -> tuple[Result, Result]:
    """The message broker, and the board at its other side, which checks a command and moves nothing."""
    if gate is None:
        return Result(Link.BROKER, SKIPPED, "no_gate"), Result(Link.BOARD, SKIPPED, "no_gate")
    if gate.controller is not None and not dry_runs.understood_by(gate.controller):
        return Result(Link.BROKER, SKIPPED, "cannot"), Result(Link.BOARD, SKIPPED, "cannot")
    answer = dry_runs.run(gate, pause=pause)
    if answer.is_of_broker:
        return Result(Link.BROKER, BROKEN, str(answer.problem)), Result(Link.BOARD, SKIPPED, "no_broker")
    reached = Result(Link.BROKER, OK, "reached")
    if not answer.problem:
        return reached, Result(Link.BOARD, OK, "checked", ms=answer.ms)
    facts = {"hearing": answer.detail, "since": _heard_at(gate)} if answer.detail else {}
    return reached, Result(Link.BOARD, BROKEN, str(answer.problem), facts, answer.ms)


def _heard_at(gate: Gate) -> str | None:
    at: datetime | None = gate.controller.heard_at if gate.controller else None
    return at.isoformat() if at else None


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
