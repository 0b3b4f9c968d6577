"""Counting what a condominium keeps: pictures, the space they take, the oldest passage, what goes next."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Max
from django.utils import timezone

from access import missed, purging
from access.models import Detection, Holding, Passage
from premises.models import Condominium

# Pictures whose files are looked at; the others are taken to be as large.
SAMPLE = 200
# The hour of the night at which the timetable purges (`lanes.NIGHTLY_TASKS`).
PURGES_AT = 3


def count(condominium: Condominium, now: datetime) -> Holding:
    """Count all of it. For the night: a year's passages are gone through."""
    due_at = next_purge(now)
    kept = Detection.objects.filter(condominium=condominium).exclude(frame="")
    pictures = kept.count()
    oldest = Passage.objects.filter(condominium=condominium).order_by("opened_at").values_list("opened_at", flat=True)
    due = purging.rehearse(condominium, due_at)
    found = {
        "counted_at": now,
        "pictures": pictures,
        "bytes": _bytes(condominium, pictures),
        "oldest_at": oldest.first(),
        "due": len(due.ids),
        "due_at": due_at,
    }
    row, _new = Holding.objects.update_or_create(condominium=condominium, defaults=found)
    return row


def count_missed(condominium: Condominium, now: datetime) -> None:
    """How many passages wait in the list of missed openings."""
    waiting = len(missed.work_list(Passage.objects.filter(condominium=condominium), now))
    Holding.objects.filter(condominium=condominium).update(missed=waiting, missed_at=now)


def is_old(condominium: Condominium, now: datetime) -> bool:
    """Whether it was never counted, or not in the last night."""
    last = Holding.objects.filter(condominium=condominium).aggregate(at=Max("counted_at"))["at"]
    return last is None or now - last > timedelta(hours=36)


def next_purge(now: datetime) -> datetime:
    """When the timetable purges next, by the server's own time."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    tonight = local.replace(hour=PURGES_AT, minute=0, second=0, microsecond=0)
    return tonight if tonight > local else tonight + timedelta(days=1)


def _bytes(condominium: Condominium, pictures: int) -> int:
    newest = Detection.objects.filter(condominium=condominium).exclude(frame="").order_by("-taken_at", "-pk")
    sizes = [_size(frame) + _size(crop) for frame, crop in newest.values_list("frame", "crop")[:SAMPLE]]
    return round(sum(sizes) / len(sizes) * pictures) if sizes else 0


def _size(name: str) -> int:
    try:
        return default_storage.size(name) if name else 0
    except OSError:  # purged meanwhile, or lost: it takes no space
        return 0
