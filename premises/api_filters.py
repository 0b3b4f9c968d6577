"""Filters and pages of API lists: checked, bounded, and never guessed at."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.views import APIView

NO_ZONE = _(
    "The time has no zone: write 2026-11-21T08:30:00-03:00, or 2026-11-21T11:30:00Z (in an address, + is written %2B)."
)
NO_TIME = _("This is not a time: write 2026-11-21T08:30:00-03:00, or 2026-11-21T11:30:00Z.")


class TimeError(ValueError):
    """A text that is no moment; its message says how to write one."""


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date and time with a zone, in that zone; raises `TimeError`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeError(str(NO_TIME)) from error
    if moment.utcoffset() is None:
        raise TimeError(str(NO_ZONE))
    try:
        moment.astimezone(UTC)  # the first and the last hours of the calendar have no moment in UTC
    except OverflowError as error:
        raise TimeError(str(NO_TIME)) from error
    return moment


class MomentField(forms.CharField):
    """A filter's time: one that names no zone is refused instead of guessed."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_moment(text)
        except TimeError as error:
            raise forms.ValidationError("%(why)s", params={"why": str(error)}) from error


class MomentFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = MomentField


class NumberOfRowField(forms.IntegerField):
    """A number that a row can have: what no database column holds is refused before it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "min_value": 0, "max_value": 2**63 - 1})


@extend_schema_field(OpenApiTypes.INT)
class RowFilter(filters.NumberFilter):  # type: ignore[misc]
    """Rows that belong to the row of this number."""

    field_class = NumberOfRowField


class ZonedDateTimeField(serializers.DateTimeField):
    """A time in a request's body: with a zone, or refused. In answers: in the zone of the site."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.utcoffset() is None:
            raise serializers.ValidationError(NO_ZONE, code="no_zone")
        return super().enforce_timezone(value)


class KnownFilters(filters.DjangoFilterBackend):  # type: ignore[misc]
    """Filters of a list. A parameter that nobody knows is refused: misspelt, it would show everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        if getattr(view, "detail", True):
            return queryset
        known = {"limit", "offset", *self._names(view)}
        if unknown := sorted(set(request.query_params) - known):
            raise ValidationError({name: [_("There is no such filter.")] for name in unknown})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def _names(self, view: APIView) -> list[str]:
        return list(getattr(getattr(view, "filterset_class", None), "base_filters", ()))


class Pages(LimitOffsetPagination):
    """`limit` (50, at most 200) rows from `offset` on."""

    default_limit = 50
    max_limit = 200

    def get_limit(self, request: Request) -> int | None:
        self._check(request, "limit")
        return super().get_limit(request)

    def get_offset(self, request: Request) -> int:
        self._check(request, "offset")
        return super().get_offset(request)

    def _check(self, request: Request, name: str) -> None:
        """DRF shows the first page for "limit=abc"; here that is an error."""
        text = request.query_params.get(name, "0")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValidationError({name: [_("Write a whole number.")]})
