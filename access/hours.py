"""When in the week a permit holds: windows of days and hours, and what becomes of them on a holiday. Pure.

All times are the condominium's own clock's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SUNDAY = 6
DAY = timedelta(days=1)


class OnHolidays(TextChoices):
    SAME = "same", _("like any other day")
    SUNDAY = "sunday", _("like a Sunday")
    NEVER = "never", _("not at all")


@dataclass(frozen=True, slots=True)
class Window:
    """From `begins` until `ends` on some days of the week, 0 being Monday.

    One that ends before it begins goes on past midnight and belongs to the day on which it began; one that ends when
    it begins is the whole day.
    """

    days: frozenset[int]
    begins: time
    ends: time

    @property
    def overnight(self) -> bool:
        return self.begins >= self.ends

    def told(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"days": sorted(self.days), "begins": f"{self.begins:%H:%M}", "ends": f"{self.ends:%H:%M}"}

    @classmethod
    def recalled(cls, told: Mapping[str, Any]) -> "Window":
        """What `told` told. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        return cls(frozenset(told["days"]), time.fromisoformat(told["begins"]), time.fromisoformat(told["ends"]))

    def covers(self, day: int, clock: time) -> bool:
        """Whether `clock` on a day of that kind is within the part that lies on the day on which it began."""
        return day in self.days and self.begins <= clock and (self.overnight or clock < self.ends)

    def runs_into(self, day: int, clock: time) -> bool:
        """Whether `clock` on the day *after* one of that kind is within the part past midnight."""
        return day in self.days and self.overnight and clock < self.ends


def holds(
    windows: Iterable[Window], on_holidays: str, local: datetime, holidays: Mapping[date, str] | None = None
) -> bool:
    """Whether something with these windows holds at `local`, a time on the condominium's clock.

    Without windows every hour of the week is meant. `holidays` are names by date; today's and yesterday's suffice.
    """
    known = holidays or {}
    today = _kind(local.date(), on_holidays, known)
    listed = list(windows)
    if not listed:
        return today is not None
    clock, yesterday = local.time(), _kind(local.date() - DAY, on_holidays, known)
    return any(
        (today is not None and window.covers(today, clock))
        or (yesterday is not None and window.runs_into(yesterday, clock))
        for window in listed
    )


def _kind(day: date, on_holidays: str, holidays: Mapping[date, str]) -> int | None:
    """What day of the week a day counts as; None for none."""
    if day not in holidays or on_holidays == OnHolidays.SAME:
        return day.weekday()
    return SUNDAY if on_holidays == OnHolidays.SUNDAY else None
