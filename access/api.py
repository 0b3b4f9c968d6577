"""The API's watch-list, and how plates are asked for."""

from typing import Any

from rest_framework import serializers

from access import vehicles
from access.models import WatchlistEntry
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
