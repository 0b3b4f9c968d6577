"""Was this plate seen since then?"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from access.models import Passage
from recognition import canonical


def seen_since(condominium_ids: Iterable[int], plate: str, since: datetime) -> datetime | None:
    """When the plate, in either spelling, was last seen at or after `since`; None: not since then.

    Raises `recognition.PlateError` for what cannot be a plate, `ValueError` for a time without zone.
    """
    if timezone.is_naive(since):
        raise ValueError("The time has no zone.")
    seen = Passage.objects.filter(
        condominium_id__in=condominium_ids, plate_key=canonical(plate), last_seen_at__gte=since
    )
    latest: datetime | None = seen.aggregate(latest=Max("last_seen_at"))["latest"]
    return latest
