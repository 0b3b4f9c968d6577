"""The API's permits with their hours, visitors' passes, and holidays."""

from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import visits
from access.models import Holiday, Lane, Permit, PermitWindow
from access.models.permits import check_days
from access.vehicles import VehicleError
from premises.api_errors import as_bad_input
from premises.api_filters import RowFilter, ZonedDateTimeField
from premises.models import Unit
from premises.serializers import TenantRelatedField, TenantSerializer
from premises.viewsets import TenantViewSet


class WindowSerializer(serializers.Serializer[Any]):
    """Hours of some days of the week. Ending before it begins: past midnight; equal: the whole day."""

    days = serializers.ListField(
        child=serializers.IntegerField(), validators=[check_days], help_text=_("0 is Monday, 6 is Sunday.")
    )
    begins = serializers.TimeField(format="%H:%M")
    ends = serializers.TimeField(format="%H:%M")


class PermitSerializer(TenantSerializer):
    windows = WindowSerializer(
        many=True, required=False, help_text=_("Without any, the permit holds at every hour. Sent, they replace all.")
    )

    class Meta:
        model = Permit
        fields = [
            "id",
            "condominium",
            "vehicle",
            "kind",
            "host",
            "holder",
            "lanes",
            "valid_from",
            "valid_until",
            "windows",
            "on_holidays",
            "single_entry",
            "is_active",
            "note",
            "created_at",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        windows = attrs.pop("windows", None)
        attrs = super().validate(attrs)
        begin, end = (attrs.get(name, getattr(self.instance, name, None)) for name in ("valid_from", "valid_until"))
        if begin and end and end <= begin:
            raise serializers.ValidationError({"valid_until": _("The permit would end before it begins.")})
        return attrs if windows is None else attrs | {"windows": windows}

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> Permit:
        windows = validated_data.pop("windows", [])
        permit: Permit = super().create(validated_data)
        return self._with_windows(permit, windows)

    @transaction.atomic
    def update(self, instance: Permit, validated_data: dict[str, Any]) -> Permit:
        windows = validated_data.pop("windows", None)
        permit: Permit = super().update(instance, validated_data)
        return permit if windows is None else self._with_windows(permit, windows)

    def _with_windows(self, permit: Permit, windows: list[dict[str, Any]]) -> Permit:
        permit.windows.all().delete()
        rows = [PermitWindow(condominium_id=permit.condominium_id, permit=permit, **window) for window in windows]
        PermitWindow.objects.bulk_create(rows)
        return permit


class PermitFilters(filters.FilterSet):  # type: ignore[misc]
    vehicle = RowFilter(field_name="vehicle_id")
    host = RowFilter(field_name="host_id")

    class Meta:
        model = Permit
        fields = ["vehicle", "host", "kind", "is_active"]


class VisitSerializer(serializers.Serializer[Any]):
    """Who comes, on whose word, for how long: one entry, or until a time."""

    plate = serializers.CharField(max_length=20)
    host = TenantRelatedField(queryset=Unit.objects.all(), help_text=_("The unit that announces."))
    holder = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    valid_from = ZonedDateTimeField(required=False, default=None, allow_null=True)
    valid_until = ZonedDateTimeField(required=False, default=None, allow_null=True)
    single_entry = serializers.BooleanField(required=False, default=False)
    lanes = TenantRelatedField(queryset=Lane.objects.all(), many=True, required=False, default=list)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def create(self, validated_data: dict[str, Any]) -> Permit:
        asked = dict(validated_data)
        host, plate, lanes = asked.pop("host"), asked.pop("plate"), asked.pop("lanes")
        try:
            return visits.announce(host, plate, by=self.context["request"].user, lanes=lanes, **asked)
        except VehicleError as error:
            raise serializers.ValidationError({"plate": [str(error)]}, code=error.code) from error
        except ModelError as error:
            raise as_bad_input(error) from error


class PermitViewSet(TenantViewSet):
    """Which vehicle may use which lanes, when. `registry.view` to read, `registry.change` to change.

    `visits.announce` is enough to announce a visitor.
    """

    queryset = Permit.objects.prefetch_related("lanes", "windows")
    serializer_class = PermitSerializer
    filterset_class = PermitFilters

    @extend_schema(request=VisitSerializer, responses={201: PermitSerializer})
    @action(detail=False, methods=["post"], url_path="visits", url_name="visits", permission="visits.announce")
    def announce(self, request: Request) -> Response:
        """Announce a visitor. A vehicle that is not known yet is entered; the permit of the visit is answered."""
        asked = VisitSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        permit = asked.save()
        return Response(
            PermitSerializer(permit, context=self.get_serializer_context()).data, status=status.HTTP_201_CREATED
        )


class HolidaySerializer(TenantSerializer):
    class Meta:
        model = Holiday
        fields = ["id", "condominium", "date", "name"]


class HolidayViewSet(TenantViewSet):
    """The condominium's own holidays, beside those of country and state. `registry.view`, `registry.change`."""

    queryset = Holiday.objects.all()
    serializer_class = HolidaySerializer
