"""The page of how well a lane reads."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from access.models import Lane
from access.quality import quality, reads_of

SHOWN = 20  # confusions
DAYS = 14
WIDEST = 200  # of a bar


def shown(lane: Lane) -> dict[str, Any]:
    found = quality(reads_of(lane, timezone.now()), ZoneInfo(lane.condominium.time_zone))
    days = [(date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT"), part) for day, part in found.days[-DAYS:]]
    charts = [("hour", [(f"{hour:02} h", part) for hour, part in found.hours]), ("day", days)]
    return {
        "lane": lane,
        "quality": found,
        "confusions": found.confusions[:SHOWN],
        "charts": [(kind, [(name, part, round(WIDEST * part.part)) for name, part in rows]) for kind, rows in charts],
        "widest": WIDEST,
    }
