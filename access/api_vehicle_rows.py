"""The API's vehicles as rows: what is read of one, what is written, by what a list is filtered."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from access import proposals, vehicles
from access.api import asked_plate, read_plate
from access.models import Vehicle
from access.states import VehicleState
from premises.api_filters import RowFilter
from premises.serializers import TenantSerializer
from recognition import canonical

MOVES = _("The state is moved by approve, refuse, end and take-up, and by propose for a new vehicle.")


class VehicleSerializer(TenantSerializer):
    plate = serializers.CharField(max_length=20)
    permit = serializers.BooleanField(
        write_only=True, default=True, help_text=_("Give a new vehicle a permit without end.")
    )

    is_active = serializers.BooleanField(read_only=True, help_text=_("Whether the state is “active”."))

    class Meta:
        model = Vehicle
        fields = [
            "id",
            "condominium",
            "plate",
            "plate_old",
            "plate_mercosul",
            "owner",
            "unit",
            "make",
            "colour",
            "note",
            "state",
            "is_active",
            "ended_at",
            "ended_because",
            "claimed_by",
            "permit",
            "created_at",
        ]
        read_only_fields = ("state", "ended_at", "ended_because", "claimed_by")

    def to_internal_value(self, data: Any) -> Any:
        """The state moves by its own addresses; sent as it is, as a whole row read before has it, it is no mistake."""
        held = self.instance or Vehicle()
        sent = set(data) & {"state", "is_active"} if isinstance(data, dict) else set()
        moved = sorted(name for name in sent if data[name] != getattr(held, name))
        if moved:
            raise serializers.ValidationError({name: [MOVES] for name in moved})
        return super().to_internal_value(data)

    def validate_plate(self, text: str) -> str:
        plate = read_plate(text)
        if self.instance is not None and plate != self.instance.plate:
            raise serializers.ValidationError(
                _("A vehicle keeps its plate. Register the other plate as a vehicle of its own.")
            )
        return plate

    def create(self, validated_data: dict[str, Any]) -> Vehicle | None:
        enter: Callable[..., Vehicle | None] = vehicles.register_vehicle
        if validated_data.pop("proposed", False):
            enter, _permit = proposals.propose_vehicle, validated_data.pop("permit")
        try:
            vehicle = enter(
                validated_data.pop("condominium"),
                validated_data.pop("plate"),
                by=self.context["request"].user,
                **validated_data,
            )
        except vehicles.VehicleError as error:
            raise serializers.ValidationError({"plate": [str(error)]}, code=error.code) from error
        return vehicle

    def validate_permit(self, wanted: bool) -> bool:
        if self.instance is not None:
            raise serializers.ValidationError(_("Only a new vehicle is given one; see the permits."))
        return wanted


class VehicleFilters(filters.FilterSet):  # type: ignore[misc]
    plate = filters.CharFilter(method="of_plate", help_text="A plate, in either spelling.")
    unit = RowFilter(field_name="unit_id")
    owner = RowFilter(field_name="owner_id")

    is_active = filters.BooleanFilter(method="of_activity", help_text="Whether the state is “active”.")
    contested = filters.BooleanFilter(
        field_name="claimed_by", lookup_expr="isnull", exclude=True, help_text="Proposed by another unit too."
    )

    class Meta:
        model = Vehicle
        fields = ["plate", "unit", "owner", "state", "is_active", "contested"]

    def of_activity(self, queryset: QuerySet[Vehicle], name: str, value: bool) -> QuerySet[Vehicle]:
        active = Q(state=VehicleState.ACTIVE)
        return queryset.filter(active if value else ~active)

    def of_plate(self, queryset: QuerySet[Vehicle], name: str, value: str) -> QuerySet[Vehicle]:
        return queryset.filter(plate_key=canonical(asked_plate({"plate": value})))
