"""The API's permits and watch-list."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from access import vehicles
from access.models import Permit, WatchlistEntry
from premises.api_filters import RowFilter
from premises.serializers import TenantSerializer
from premises.viewsets import TenantViewSet


def read_plate(text: str) -> str:
    """A plate as it is stored; raises DRF's `ValidationError` for what cannot be one."""
    try:
        return vehicles.read_plate(text)
    except vehicles.VehicleError as error:
        raise serializers.ValidationError(str(error), code=error.code) from error


class PlateSerializer(serializers.Serializer[Any]):
    """A plate and nothing else."""

    plate = serializers.CharField(max_length=20)

    def validate_plate(self, text: str) -> str:
        return read_plate(text)


def asked_plate(data: Any) -> str:
    """The plate of a request, as it is stored; raises `ValidationError` naming the field."""
    asked = PlateSerializer(data=data)
    asked.is_valid(raise_exception=True)
    return str(asked.validated_data["plate"])


class PermitSerializer(TenantSerializer):
    class Meta:
        model = Permit
        fields = [
            "id",
            "condominium",
            "vehicle",
            "lanes",
            "valid_from",
            "valid_until",
            "is_active",
            "note",
            "created_at",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        begin, end = (attrs.get(name, getattr(self.instance, name, None)) for name in ("valid_from", "valid_until"))
        if begin and end and end <= begin:
            raise serializers.ValidationError({"valid_until": _("The permit would end before it begins.")})
        return attrs


class PermitFilters(filters.FilterSet):  # type: ignore[misc]
    vehicle = RowFilter(field_name="vehicle_id")

    class Meta:
        model = Permit
        fields = ["vehicle", "is_active"]


class PermitViewSet(TenantViewSet):
    """Which vehicle may use which lanes, until when. `registry.view` to read, `registry.change` to change."""

    queryset = Permit.objects.prefetch_related("lanes")
    serializer_class = PermitSerializer
    filterset_class = PermitFilters


class WatchlistSerializer(TenantSerializer):
    plate = serializers.CharField(max_length=20)

    class Meta:
        model = WatchlistEntry
        fields = ["id", "condominium", "plate", "kind", "note", "is_active", "created_at"]

    def validate_plate(self, text: str) -> str:
        return read_plate(text)


class WatchlistViewSet(TenantViewSet):
    """Plates that never pass by themselves. `registry.view` to read, `registry.change` to change."""

    queryset = WatchlistEntry.objects.all()
    serializer_class = WatchlistSerializer
