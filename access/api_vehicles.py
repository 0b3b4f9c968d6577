"""The API's vehicles: the register, the look-up by plate, the import of a list."""

from typing import Any, BinaryIO, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from access import lists, looking, vehicles
from access.api import asked_plate, read_plate
from access.models import Vehicle
from premises.api_filters import RowFilter
from premises.serializers import TenantSerializer
from premises.viewsets import TenantViewSet
from recognition import canonical

CONDOMINIUM = OpenApiParameter("condominium", int, description="Needed by who has several.")


class VehicleSerializer(TenantSerializer):
    plate = serializers.CharField(max_length=20)
    permit = serializers.BooleanField(
        write_only=True, default=True, help_text=_("Give a new vehicle a permit without end.")
    )

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
            "is_active",
            "permit",
            "created_at",
        ]

    def validate_plate(self, text: str) -> str:
        plate = read_plate(text)
        if self.instance is not None and plate != self.instance.plate:
            raise serializers.ValidationError(
                _("A vehicle keeps its plate. Register the other plate as a vehicle of its own.")
            )
        return plate

    def create(self, validated_data: dict[str, Any]) -> Vehicle:
        is_active = validated_data.pop("is_active", True)
        try:
            vehicle = vehicles.register_vehicle(
                validated_data.pop("condominium"),
                validated_data.pop("plate"),
                by=self.context["request"].user,
                **validated_data,
            )
        except vehicles.VehicleError as error:
            raise serializers.ValidationError({"plate": [str(error)]}, code=error.code) from error
        if not is_active:
            vehicle.is_active = False
            vehicle.save(update_fields=["is_active"])
        return vehicle

    def validate_permit(self, wanted: bool) -> bool:
        if self.instance is not None:
            raise serializers.ValidationError(_("Only a new vehicle is given one; see the permits."))
        return wanted


class VehicleFilters(filters.FilterSet):  # type: ignore[misc]
    plate = filters.CharFilter(method="of_plate", help_text="A plate, in either spelling.")
    unit = RowFilter(field_name="unit_id")
    owner = RowFilter(field_name="owner_id")

    class Meta:
        model = Vehicle
        fields = ["plate", "unit", "owner", "is_active"]

    def of_plate(self, queryset: QuerySet[Vehicle], name: str, value: str) -> QuerySet[Vehicle]:
        return queryset.filter(plate_key=canonical(asked_plate({"plate": value})))


class PlaceSerializer(serializers.Serializer[Any]):
    country = serializers.CharField(help_text=_("ISO 3166-1"))
    code = serializers.CharField()
    name = serializers.CharField()


class OwnerAnswerSerializer(serializers.Serializer[Any]):
    """Whose vehicle a plate is, as far as the register and the plate itself tell."""

    plate = serializers.CharField()
    registered = serializers.SerializerMethodField()
    vehicle = VehicleSerializer(allow_null=True)
    unit = serializers.CharField()
    owner = serializers.CharField()
    contact = serializers.CharField()
    place = PlaceSerializer(allow_null=True)
    watchlist = serializers.CharField(allow_null=True)

    def get_registered(self, answer: Any) -> bool:
        return answer.vehicle is not None


class Unless(serializers.BooleanField):
    """A switch that is on unless a form turns it off. DRF takes a switch that a form leaves out for "off"."""

    default_empty_form = empty


class ImportSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text=_("CSV or XLSX"))
    sheet = serializers.CharField(required=False, default=None, help_text=_("Of an XLSX; else its first."))
    dry_run = Unless(default=True, help_text=_("Only say what would be done."))
    strict = serializers.BooleanField(default=False, help_text=_("Take nothing where any row is refused."))
    condominium = serializers.IntegerField(required=False, default=None)


class RefusalSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    plate = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ReportSerializer(serializers.Serializer[Any]):
    applied = serializers.BooleanField(help_text=_("False: nothing was written."))
    rows = serializers.IntegerField()
    added = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    units = serializers.IntegerField()
    people = serializers.IntegerField()
    columns = serializers.DictField(child=serializers.CharField())
    refused = RefusalSerializer(many=True)


class VehicleViewSet(TenantViewSet):
    """Registered vehicles. `registry.view` to read, `registry.change` to change."""

    queryset = Vehicle.objects.all()
    serializer_class = VehicleSerializer
    filterset_class = VehicleFilters

    @transaction.atomic
    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.save()  # the verb writes the journal

    @extend_schema(parameters=[CONDOMINIUM], responses=OwnerAnswerSerializer, filters=False)
    @action(detail=False, url_path="lookup/(?P<plate>[^/]+)", pagination_class=None, filter_backends=[])
    def lookup(self, request: Request, plate: str) -> Response:
        """Unit, owner, contact, and the place of registration that the plate itself tells."""
        condominium = self.condominium(request.query_params.get("condominium"))
        answer = vehicles.look_up(condominium, asked_plate({"plate": plate}))
        looking.looked_up(condominium.pk, answer.plate, by=self.actor)
        return Response(OwnerAnswerSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(request={"multipart/form-data": ImportSerializer}, responses=ReportSerializer)
    @action(detail=False, methods=["post"], url_path="import", url_name="import", parser_classes=[MultiPartParser])
    def import_list(self, request: Request) -> Response:
        """Take over a list of vehicles. A dry run first: it says which rows would be refused, and why."""
        asked = ImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = asked.validated_data
        condominium = self.condominium(wish["condominium"])
        try:
            report = lists.import_vehicles(
                condominium,
                cast(BinaryIO, wish["file"]),
                wish["file"].name,
                by=self.actor,
                sheet=wish["sheet"],
                dry_run=wish["dry_run"],
                strict=wish["strict"],
            )
        except lists.ListError as error:
            raise serializers.ValidationError({"file": [str(error)]}, code=error.code) from error
        return Response(ReportSerializer(report).data)
