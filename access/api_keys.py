"""The API's keys: tags and codes. A key's digits never come out; a drawn code does once, when it is made."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import keys
from access.api_vehicle_steps import PerhapsReasonSerializer, asked_reason
from access.keys import KeyRefusedError
from access.models import Key, KeyKind
from premises.api_errors import Conflict
from premises.api_filters import RowFilter
from premises.serializers import TenantSerializer
from premises.viewsets import TenantViewSet


class KeySerializer(TenantSerializer):
    number = serializers.CharField(
        max_length=20,
        write_only=True,
        required=False,
        allow_blank=True,
        help_text=_("Of a tag as it is printed: 0012345678 or 188,24910. Of a code: 6 to 10 digits, or empty: drawn."),
    )
    code = serializers.SerializerMethodField(help_text=_("Only in the answer that made it."))

    class Meta:
        model = Key
        fields = [
            "id",
            "condominium",
            "kind",
            "number",
            "code",
            "ending",
            "holder",
            "unit",
            "person",
            "vehicle",
            "gates",
            "valid_from",
            "valid_until",
            "note",
            "ended_at",
            "ended_because",
            "created_at",
        ]
        read_only_fields = ("ending", "ended_at", "ended_because")

    def get_code(self, row: Key) -> str:
        return str(getattr(row, "code", ""))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is not None:
            for name in ("kind", "number"):
                if attrs.get(name, getattr(self.instance, name, None)) != getattr(self.instance, name, None):
                    raise serializers.ValidationError({name: _("Another number is another key: give one out.")})
        return super().validate(attrs)

    def create(self, validated_data: dict[str, Any]) -> Key:
        kind, number = validated_data.pop("kind", KeyKind.TAG), validated_data.pop("number", "")
        place = (validated_data.pop("condominium"),)
        terms = {**validated_data, "by": self.context["request"].user}
        try:
            if kind == KeyKind.TAG:
                return keys.give_tag(*place, number, **terms)
            key, code = keys.give_code(*place, code=number, **terms)
        except KeyRefusedError as problem:
            raise serializers.ValidationError({problem.field: [str(problem)]}) from problem
        key.code = code  # type: ignore[attr-defined]
        return key


class KeyFilters(filters.FilterSet):  # type: ignore[misc]
    unit = RowFilter(field_name="unit_id")
    vehicle = RowFilter(field_name="vehicle_id")
    is_active = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")

    class Meta:
        model = Key
        fields = ["unit", "vehicle", "kind", "is_active"]


class KeyViewSet(TenantViewSet):
    """Tags and codes for readers. `registry.view` to read, `registry.change` to change. They end and are kept."""

    queryset = Key.objects.defer("digits").prefetch_related("gates")
    serializer_class = KeySerializer
    filterset_class = KeyFilters

    @transaction.atomic
    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.save()  # the verb writes the journal

    def perform_destroy(self, instance: Key) -> None:
        raise Conflict(str(_("A key is taken back (/end) and not deleted: what it opened is told by it.")))

    @extend_schema(request=PerhapsReasonSerializer, responses=KeySerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Take a key back. Boards that are connected hear of it at once."""
        key, reason = self.get_object(), asked_reason(PerhapsReasonSerializer, request)
        try:
            keys.end(key, by=self.actor, reason=reason)
        except KeyRefusedError as problem:
            raise Conflict(str(problem)) from problem
        return Response(self.get_serializer(key).data)
