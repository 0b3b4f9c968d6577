"""Pictures for somebody outside: the plates of others in them are blackened."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any, Literal

from PIL import Image, ImageDraw

from access import evidence
from access.models import Detection
from recognition import Box

# Around a plate's box, in parts of its size: a box may be a little too tight.
MARGIN = (0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Shown:
    """`noted`: whether it is the kept picture byte for byte, or which one it was made from."""

    data: bytes
    noted: dict[str, Any]


def alone(detection: Detection, kind: Literal["frame", "crop"]) -> Shown | None:
    """A picture of a detection without other vehicles' plates; None where none is kept, or none that can be opened."""
    data = evidence.read(detection, kind)
    others = boxes_of_others(detection) if data and kind == "frame" else []
    if data is None:
        return None
    if not others:
        return Shown(data, {"original": True})
    return Shown(blackened(data, others), {"original": False, "made_from_sha256": hashlib.sha256(data).hexdigest()})


def boxes_of_others(detection: Detection) -> list[Box]:
    """Where other passages' plates are in the same frame."""
    others = Detection.objects.filter(
        frame_digest=detection.frame_digest,
        passage__lane_id=detection.passage.lane_id,
        passage__last_seen_at__gte=detection.taken_at,
        passage__opened_at__lte=detection.taken_at,
    ).exclude(passage_id=detection.passage_id)
    return [Box(*box) for box in others.values_list("box", flat=True) if len(box) == 4]


def blackened(data: bytes, boxes: list[Box]) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        drawn = picture.convert("RGB")
    for box in boxes:
        wide = box.grown(*MARGIN, *drawn.size)
        ImageDraw.Draw(drawn).rectangle((wide.x, wide.y, wide.x + wide.w, wide.y + wide.h), fill="black")
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=90)
    return out.getvalue()
