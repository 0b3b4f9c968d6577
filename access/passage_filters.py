"""Filters of passages."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from premises.models import Unit


class OfUnit(DropdownFilter):  # type: ignore[misc]
    """Passages of a unit, by the name under which they were decided: it outlives the vehicle."""

    title = _("unit")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        units = Unit.objects.restrict(request.user)
        return [(str(unit), str(unit)) for unit in units]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(unit_name=self.value()) if self.value() else queryset
