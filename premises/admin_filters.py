"""Filters of lists that every part uses."""

from datetime import MAXYEAR, MINYEAR, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import get_format
from unfold.contrib.filters.admin import RangeDateFilter


class Days(RangeDateFilter):  # type: ignore[misc]
    """From a day to a day, both whole, in the time of the page. What is not a day does not limit."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        first, last = (self._day(end) for end in ("from", "to"))
        limits = {}
        if first is not None:
            limits[f"{self.parameter_name}__gte"] = first
        if last is not None:
            limits[f"{self.parameter_name}__lt"] = last + timedelta(days=1)
        return queryset.filter(**limits)

    def _day(self, end: str) -> datetime | None:
        text = self.used_parameters.get(f"{self.parameter_name}_{end}")
        day = _parse(text) if isinstance(text, str) else None
        # At the ends of the calendar there is no day before or after.
        return (
            None
            if day is None or not MINYEAR < day.year < MAXYEAR
            else timezone.make_aware(datetime.combine(day, time.min))
        )


def _parse(text: str) -> Any:
    """A day as the page's language writes it, or as ISO does."""
    try:
        if day := parse_date(text):
            return day
    except ValueError:
        return None
    for pattern in get_format("DATE_INPUT_FORMATS"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
