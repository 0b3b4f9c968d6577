"""Filters of vehicles."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter


class Contested(DropdownFilter):  # type: ignore[misc]
    """Vehicles that somebody of another unit proposed as well: the manager says whose they are."""

    title = _("whose it is")
    parameter_name = "contested"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("proposed by another unit too"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(claimed_by__isnull=False) if self.value() == "yes" else queryset
