"""Which days a report is about: presets by name, or from and until."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Preset(TextChoices):
    YESTERDAY = "yesterday", _("yesterday")
    LAST_WEEK = "last_week", _("last week (Monday to Sunday)")
    LAST_MONTH = "last_month", _("last month")
    FROM_TO = "from_to", _("from … until …")


def days_of(preset: str, today: date) -> tuple[date, date]:
    """First and last day of a preset. Raises `KeyError` for what is none."""
    monday = today - timedelta(days=today.weekday())
    last_of_month = today.replace(day=1) - timedelta(days=1)
    return {
        Preset.YESTERDAY: (today - timedelta(days=1), today - timedelta(days=1)),
        Preset.LAST_WEEK: (monday - timedelta(days=7), monday - timedelta(days=1)),
        Preset.LAST_MONTH: (last_of_month.replace(day=1), last_of_month),
    }[Preset(preset)]
