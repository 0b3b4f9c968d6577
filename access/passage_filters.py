"""Filters of passages."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from access.reasons import Outcome, Reason
from premises.grants import grants
from premises.models import Unit
from premises.tenant_forms import MOST_CHOICES


class OfUnit(DropdownFilter):  # type: ignore[misc]
    """Passages of a unit, by the name under which they were decided: it outlives the vehicle.

    It is chosen of a list; where there are very many, its name is typed as it is shown.
    """

    title = _("unit")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # Sorted here: the database would sort all of them to give us these.
        units = list(Unit.objects.restrict(grants(request)).order_by()[: MOST_CHOICES + 1])
        self.is_typed = len(units) > MOST_CHOICES
        if self.is_typed:
            self.template, self.form_class = TextFilter.template, TextFilter.form_class
        units.sort(key=lambda unit: (unit.block, unit.number))
        return [] if self.is_typed else [(str(unit), str(unit)) for unit in units]

    def has_output(self) -> bool:
        return self.is_typed or bool(super().has_output())

    def choices(self, changelist: Any) -> Any:
        return TextFilter.choices(self, changelist) if self.is_typed else super().choices(changelist)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(unit_name=self.value().strip()) if self.value() else queryset


class Missed(DropdownFilter):  # type: ignore[misc]
    """Registered vehicles that were, or may have been, seen and not opened for: the list to work through.

    Who corrects one says what it was, and it moves from the first part to the second; the lane's own figures of how it
    reads rest on these.
    """

    title = _("missed openings")
    parameter_name = "missed"
    _parts = {
        "doubtful": Q(reason__in=(Reason.UNSURE, Reason.AMBIGUOUS), corrected_plate="", reviewed_at=None),
        "corrected": Q(outcome__in=(Outcome.REFUSE, Outcome.ASK), vehicle__isnull=False) & ~Q(corrected_plate=""),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("doubtful", _("may have been registered")), ("corrected", _("was registered, as somebody found"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        part = self._parts.get(self.value() or "")
        return queryset.filter(part) if part else queryset
