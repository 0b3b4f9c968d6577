"""Was this plate seen since then?"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from access.models import Passage
from recognition import canonical


def seen_since(condominium_ids: Iterable[int], plate: str, since: datetime) -> datetime | None:
    """When the plate, in either spelling, was last seen at or after `since`; None: not since then.

    Raises `recognition.PlateError` for what cannot be a plate, `ValueError` for a time without zone.
    """
    return all_seen_since(condominium_ids, [plate], since)[0]


def all_seen_since(condominium_ids: Iterable[int], plates: Sequence[str], since: datetime) -> list[datetime | None]:
    """As `seen_since`, of each plate in turn, in one query."""
    if timezone.is_naive(since):
        raise ValueError("The time has no zone.")
    keys = [canonical(plate) for plate in plates]
    seen = Passage.objects.filter(condominium_id__in=condominium_ids, plate_key__in=keys, last_seen_at__gte=since)
    latest = dict(seen.order_by().values_list("plate_key").annotate(latest=Max("last_seen_at")))
    return [latest.get(key) for key in keys]
