"""What is asked for: a condominium, and a period."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from access.periods import MOST_DAYS, Period
from portal.reports.periods import Preset, days_of
from premises.models import Condominium


class ReportForm(forms.Form):
    """`own` are the condominiums whose passages the user may see."""

    condominium = forms.ModelChoiceField(label=_("Condominium"), queryset=Condominium.objects.none())
    preset = forms.ChoiceField(label=_("Period"), choices=Preset.choices, initial=Preset.LAST_WEEK)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))

    def __init__(self, *args: Any, own: QuerySet[Condominium], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["condominium"]
        choice.queryset, choice.empty_label = own, None
        for name in ("first", "last"):
            field: Any = self.fields[name]
            field.input_formats = ["%Y-%m-%d", "%d/%m/%Y"]
            field.widget.input_type = "date"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            cleaned["period"] = self._period(cleaned)
        return cleaned

    def _period(self, cleaned: dict[str, Any]) -> Period | None:
        zone = cleaned["condominium"].time_zone
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned["preset"] != Preset.FROM_TO:
            first, last = days_of(cleaned["preset"], datetime.now(ZoneInfo(zone)).date())
        elif not first or not last:
            self.add_error("first", _("Give both days, the first and the last."))
            return None
        if problem := _problem(first, last):
            self.add_error("last", problem)
            return None
        return Period(first, last, zone)


def _problem(first: Any, last: Any) -> str:
    if last < first:
        return str(_("The last day is before the first."))
    if (last - first).days >= MOST_DAYS:
        text = ngettext("%(number)s day at most.", "%(number)s days at most.", MOST_DAYS)
        return text % {"number": MOST_DAYS}
    if first > timezone.now().date() or first.year < 2000:
        return str(_("There is nothing from these days."))
    return ""
