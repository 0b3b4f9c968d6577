"""Filters of passages."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from access.reasons import Outcome, Reason
from premises.models import Unit
from premises.tenant_forms import MOST_CHOICES


class _OfUnit:
    """Passages of a unit, by the name under which they were decided: it outlives the vehicle."""

    title = _("unit")
    parameter_name = "unit"

    def queryset(self: Any, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(unit_name=self.value().strip()) if self.value() else queryset


class OfUnit(_OfUnit, DropdownFilter):  # type: ignore[misc]
    """The unit chosen of a list."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        units = Unit.objects.restrict(request.user)
        return [(str(unit), str(unit)) for unit in units]


class OfUnitTyped(_OfUnit, TextFilter):  # type: ignore[misc]
    """The unit's name, written as it is shown: of those who have very many."""


def of_unit(request: HttpRequest) -> type[OfUnit | OfUnitTyped]:
    many = Unit.objects.restrict(request.user).order_by().values("pk")[: MOST_CHOICES + 1].count() > MOST_CHOICES
    return OfUnitTyped if many else OfUnit


class Missed(DropdownFilter):  # type: ignore[misc]
    """Registered vehicles that were, or may have been, seen and not opened for: the list to work through.

    Who corrects one says what it was, and it moves from the first part to the second; the lane's own figures of how it
    reads rest on these.
    """

    title = _("missed openings")
    parameter_name = "missed"
    _parts = {
        "doubtful": Q(reason__in=(Reason.UNSURE, Reason.AMBIGUOUS), corrected_plate=""),
        "corrected": Q(outcome__in=(Outcome.REFUSE, Outcome.ASK), vehicle__isnull=False) & ~Q(corrected_plate=""),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("doubtful", _("may have been registered")), ("corrected", _("was registered, as somebody found"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        part = self._parts.get(self.value() or "")
        return queryset.filter(part) if part else queryset
