"""What a guard says about a visitor at the gate."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import visits
from premises.models import Unit

# A gate that fails is asked again within so long.
ONCE = timedelta(minutes=5)


class Until(TextChoices):
    """How long a visitor may come and go, most often first."""

    TODAY = "today", _("today")
    HOURS = "hours", _("for four hours")
    TOMORROW = "tomorrow", _("until tomorrow night")
    WEEK = "week", _("for a week")
    ONCE = "once", _("only this time")


class VisitorForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=_("unit"), queryset=Unit.objects.none(), error_messages={"required": _("Choose the unit.")}
    )
    holder = forms.CharField(label=_("visitor's name"), max_length=120, required=False)
    plate = forms.CharField(label=_("plate"), max_length=20, error_messages={"required": _("Give the plate.")})
    until = forms.ChoiceField(label=_("until"), choices=Until.choices, initial=Until.TODAY)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def terms(self) -> visits.Terms:
        until = ends(Until(self.cleaned_data["until"]), timezone.localtime())
        return {"holder": self.cleaned_data["holder"], "valid_until": until}


def ends(until: Until, now: datetime) -> datetime:
    """When a pass ends; `now` is in the condominium's own time."""
    night = datetime.combine(now.date(), time(23, 59), now.tzinfo)
    return {
        Until.TODAY: night,
        Until.HOURS: now + timedelta(hours=4),
        Until.TOMORROW: night + timedelta(days=1),
        Until.WEEK: night + timedelta(days=7),
        Until.ONCE: now + ONCE,
    }[until]
