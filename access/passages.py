"""Passages: one vehicle passing one lane once, from its first read to its end."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from access import deciding, evidence, tracking, witnesses
from access.evidence import Picture
from access.models import Detection, Lane, Passage, Vehicle
from access.tracking import Track
from recognition import Box, PlateReader, Read, canonical, fuse
from recognition.fusion import glimpse_of

__all__ = ["Picture", "end_gone", "observe"]

logger = logging.getLogger("access")

# A picture that is older than this tells who was there, not who is: nothing opens by it.
FRESH = timedelta(seconds=5)
# A vehicle that never moved is the same passage for so many times the gap.
PATIENCE = 3
# The part of the time that a refusal takes at the lane's interval; ticks are not on the dot.
PATIENT = 0.7
# Detections of one passage, so that a parked car does not fill the disk.
MOST_DETECTIONS = 25


def observe(lane: Lane, picture: Picture, reads: Sequence[Read], engine: PlateReader, now: datetime) -> list[Passage]:
    """Take the reads of one picture of a lane in: join or open passages, and decide those that can be.

    Returns the passages of the usable reads, the surest read first. All of it is one transaction, in which the
    lane is locked: gate commands are sent when it commits, and if it fails nothing opens.
    """
    # By the picture's clock, not by ours: a lane that is late has not lost sight of anybody.
    end_gone(lane, min(picture.taken_at, now))
    reads = tracking.usable(reads)
    return _Observation(lane, picture, engine, now).take_in(reads) if reads else []


class _Observation:
    """One picture of a lane, being taken in."""

    def __init__(self, lane: Lane, picture: Picture, engine: PlateReader, now: datetime) -> None:
        self.lane, self.picture, self.engine, self.now = lane, picture, engine, now
        self.written: list[str] = []
        self.superfluous: list[str] = []
        self.detections: list[Detection] = []

    def take_in(self, reads: list[Read]) -> list[Passage]:
        try:
            with transaction.atomic():
                Lane.objects.select_for_update().get(pk=self.lane.pk)
                passages = [self._follow(passage, read) for passage, read in self._matched(reads)]
        except BaseException:
            evidence.discard(self.written)
            raise
        # From here on nothing is urgent: the gate was told on commit.
        for detection in self.detections:
            evidence.keep_crop(detection, self.picture.data)
        evidence.discard(self.superfluous)
        return passages

    def _matched(self, reads: list[Read]) -> list[tuple[Passage, Read]]:
        followed = _followed(self.lane, min(self.picture.taken_at, self.now))
        tracks = [_track(passage) for passage in followed]
        keys = {canonical(read.text) for read in reads}
        mine = Vehicle.objects.filter(condominium_id=self.lane.condominium_id, plate_key__in=keys)
        known = frozenset(mine.values_list("plate_key", flat=True)) if tracks else frozenset()
        indices = tracking.assign(reads, tracks, known)
        return [
            (self._open() if index is None else followed[index], read)
            for index, read in zip(indices, reads, strict=True)
        ]

    def _open(self) -> Passage:
        taken_at = self.picture.taken_at
        return Passage(
            condominium_id=self.lane.condominium_id, lane=self.lane, opened_at=taken_at, last_seen_at=taken_at
        )

    def _follow(self, passage: Passage, read: Read) -> Passage:
        """One read more of a passage: keep it, fuse it with the others, decide if that suffices."""
        passage.lane = self.lane
        passage.frames += 1
        passage.last_seen_at = max(passage.last_seen_at, self.picture.taken_at)
        passage.ended_at = None
        passage.last_box = _sides(read.box)
        if passage.outcome:
            self._keep_if_better(passage, read)
        else:
            self._weigh(passage, read)
        return passage

    def _weigh(self, passage: Passage, read: Read) -> None:
        reads = [*witnesses.own(passage), read]
        _put(passage, fuse(reads))
        self._save(passage)
        detection = self._keep(passage, read)
        reads = [*witnesses.of_other_camera(passage, self.lane, self.picture.taken_at), *reads]
        deciding.settle(
            passage,
            reads,
            fuse(reads),
            detection,
            present=self.now - self.picture.taken_at <= FRESH,
            enough=self._is_enough(passage),
            now=self.now,
        )

    def _is_enough(self, passage: Passage) -> bool:
        """So many pictures, and as long as they take at the lane's interval: those of a burst are all alike."""
        wanted = self.lane.frames_to_refuse
        lasted = (passage.last_seen_at - passage.opened_at).total_seconds()
        return passage.frames >= wanted and lasted >= PATIENT * (wanted - 1) * float(self.lane.interval)

    def _keep_if_better(self, passage: Passage, read: Read) -> None:
        """After the decision only a better picture than all before is worth keeping."""
        self._save(passage)
        scores = list(passage.detections.values_list("score", flat=True))
        if len(scores) < MOST_DETECTIONS and read.certainty > max(scores, default=0.0):
            self._keep(passage, read)
            self.superfluous += _drop_frames(passage)

    def _save(self, passage: Passage) -> None:
        if passage._state.adding:
            passage.save(force_insert=True)
            return
        changed = ["frames", "last_seen_at", "ended_at", "last_box"]
        # What was decided on stays as it was decided on.
        changed += [] if passage.outcome else ["plate", "plate_key", "score"]
        passage.save(update_fields=changed)

    def _keep(self, passage: Passage, read: Read) -> Detection:
        detection = Detection(
            condominium_id=passage.condominium_id,
            passage=passage,
            camera_id=self.lane.camera_id,
            taken_at=self.picture.taken_at,
            box=_sides(read.box),
            text=read.text,
            probabilities=np.round(read.probabilities, 4).tolist(),
            score=read.certainty,
            calibrated=read.probability is not None,
            glimpse=glimpse_of(read),
            engine=self.engine.name,
            engine_version=self.engine.version,
            read_ms=self.picture.read_ms,
        )
        self.written.append(evidence.keep_frame(detection, self.picture))
        detection.save(force_insert=True)
        self.detections.append(detection)
        return detection


def end_gone(lane: Lane, now: datetime) -> int:
    """End the lane's passages that were not seen for its gap; decide those that still were not. Returns how many."""
    gone = Passage.objects.filter(lane=lane, ended_at=None, last_seen_at__lt=now - _gap(lane))
    return sum(_end(passage, lane, now) for passage in gone)


@transaction.atomic
def _end(passage: Passage, lane: Lane, now: datetime) -> bool:
    moved = Passage.objects.filter(pk=passage.pk, ended_at=None, last_seen_at=passage.last_seen_at)
    if not moved.update(ended_at=now):
        return False
    passage.lane, passage.ended_at = lane, now
    kept = list(passage.detections.all())
    if not passage.outcome and kept:
        reads = [witnesses.as_read(detection) for detection in kept]
        deciding.settle(passage, reads, fuse(reads), kept[-1], present=False, enough=True, now=now)
    superfluous = _drop_frames(passage)
    transaction.on_commit(lambda: evidence.discard(superfluous))
    return True


def _gap(lane: Lane) -> timedelta:
    """How long a vehicle may be unseen. A lane that looks seldom must have looked twice."""
    return timedelta(seconds=max(lane.gap_seconds, 2.5 * float(lane.interval)))


def _followed(lane: Lane, now: datetime) -> list[Passage]:
    """The lane's passages under way, and those that ended so lately that a standing vehicle may take them up."""
    lately = now - PATIENCE * _gap(lane)
    return list(Passage.objects.filter(lane=lane, last_seen_at__gte=lately).order_by("-last_seen_at"))


def _track(passage: Passage) -> Track:
    return Track(
        keys=tuple({canonical(passage.plate), passage.plate_key}),
        box=Box(*passage.last_box),
        settled=passage.vehicle_id is not None,
        ended=passage.ended_at is not None,
    )


def _put(passage: Passage, read: Read) -> None:
    passage.plate, passage.score = read.text, read.certainty
    if not passage.corrected_plate:
        passage.spell()


def _drop_frames(passage: Passage) -> list[str]:
    """Take the frames from all detections but the deciding and the best one; returns their names."""
    kept = list(passage.detections.select_related(None))
    best = max(kept, key=lambda detection: detection.score, default=None)
    deciding_id = passage.decision.detection_id if hasattr(passage, "decision") else None
    dropped = [
        detection for detection in kept if detection.frame and detection is not best and detection.pk != deciding_id
    ]
    if passage.outcome and dropped:
        Detection.objects.filter(pk__in=[detection.pk for detection in dropped]).update(frame="")
        return [detection.frame.name or "" for detection in dropped]
    return []


def _sides(box: Box) -> list[int]:
    return [box.x, box.y, box.w, box.h]
