"""Pictures of a unit's own passages, for who lives there: without other vehicles' plates, and noted as looked at."""

import io

from django.db.models import OuterRef, QuerySet, Subquery
from PIL import Image

from access import pictures_shown
from access.households import Home, passages_of
from access.looking import looked_at
from access.models import Detection, Passage

# A phone's width, at two pixels to one; the frame as it was kept is for who keeps the gate.
LARGEST = (1024, 1024)
SMALL = (192, 144)
SIZES = {"large": LARGEST, "small": SMALL}


def with_pictures(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """The passages, each with the `picture_id` of its surest picture."""
    kept = _kept(Detection.objects.filter(passage=OuterRef("pk")))
    return passages.annotate(picture_id=Subquery(kept.values("pk")[:1]))


def picture_of(home: Home, passage_id: str, size: str) -> bytes | None:
    """The surest picture of a passage of the home, as a JPEG; None where it is not theirs, or none is kept."""
    passage = passages_of(home).filter(pk=passage_id).first()
    detection = _kept(Detection.objects.filter(passage=passage)).first() if passage and size in SIZES else None
    shown = pictures_shown.alone(detection, "frame") if detection else None
    if shown is None or passage is None:
        return None
    if size == "large":
        looked_at(passage, by=home.user)
    return _no_larger(shown.data, SIZES[size])


def _kept(detections: QuerySet[Detection]) -> QuerySet[Detection]:
    return detections.exclude(frame="").order_by("-score", "pk")


def _no_larger(data: bytes, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", size)
        picture.thumbnail(size)
        picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
