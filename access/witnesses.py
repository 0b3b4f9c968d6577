"""The reads that speak of one vehicle: those of its own passage, and those of the gate's other camera."""

from datetime import datetime, timedelta

import numpy as np

from access.models import Detection, Lane, Passage
from access.tracking import NEAR, edit_distance
from recognition import Box, Read, canonical
from recognition.fusion import crop_of

# Front and rear of one vehicle are before two cameras of a gate within so long.
TOGETHER = timedelta(seconds=3)


def own(passage: Passage) -> list[Read]:
    """The kept reads of a passage, in order; none of one that is only being opened."""
    return [] if passage._state.adding else [as_read(kept) for kept in passage.detections.all()]


def of_other_camera(passage: Passage, lane: Lane, at: datetime) -> list[Read]:
    """What another lane of the same gate and direction reads of this vehicle at this moment.

    Two pictures of one plate by two cameras are better witnesses than two of one. A plate that differs in more than
    two characters is another vehicle's.
    """
    if lane.gate_id is None:
        return []
    others = Passage.objects.filter(
        lane__gate=lane.gate_id,
        lane__direction=lane.direction,
        last_seen_at__gte=at - TOGETHER,
        last_seen_at__lte=at + TOGETHER,
    ).exclude(lane=lane)
    key = canonical(passage.plate)
    near = [other for other in others if edit_distance(canonical(other.plate), key) <= NEAR]
    kept = Detection.objects.filter(passage__in=near, taken_at__gte=at - TOGETHER).order_by("taken_at") if near else []
    return [as_read(detection) for detection in kept]


def as_read(detection: Detection) -> Read:
    return Read(
        box=Box(*detection.box),
        text=detection.text,
        probabilities=np.array(detection.probabilities, np.float32),
        score=detection.score,
        format=None,
        probability=detection.score if detection.calibrated else None,
        crop=crop_of(detection.glimpse),
    )
