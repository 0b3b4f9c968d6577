"""The API's vehicles: the register, the look-up by plate; what becomes of them and their lists stand beside."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import looking, owners, vehicles
from access.api import asked_plate
from access.api_lists import CONDOMINIUM, ListActions
from access.api_vehicle_rows import VehicleFilters, VehicleSerializer
from access.api_vehicle_steps import VehicleSteps
from access.models import Vehicle
from access.states import VehicleState
from premises.viewsets import TenantViewSet


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


class VehicleViewSet(VehicleSteps, ListActions, TenantViewSet):
    """Registered vehicles. `registry.view` to read, `registry.change` to change."""

    queryset = Vehicle.objects.all()
    serializer_class = VehicleSerializer
    filterset_class = VehicleFilters

    @transaction.atomic
    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        serializer.save()  # the verb writes the journal

    @transaction.atomic
    def perform_destroy(self, instance: Vehicle) -> None:
        """What has passed is signed off instead of deleted: what passed is told by it."""
        if not instance.passages.exists():
            super().perform_destroy(instance)
        elif instance.state != VehicleState.ENDED:
            vehicles.end_vehicle(instance, by=self.actor)

    @extend_schema(parameters=[CONDOMINIUM], responses=OwnerAnswerSerializer, filters=False)
    @action(detail=False, url_path="lookup/(?P<plate>[^/]+)", pagination_class=None, filter_backends=[])
    def lookup(self, request: Request, plate: str) -> Response:
        """Unit, owner, contact, and the place of registration that the plate itself tells."""
        condominium = self.condominium(request.query_params.get("condominium"))
        answer = owners.look_up(condominium, asked_plate({"plate": plate}))
        looking.looked_up(condominium.pk, answer.plate, by=self.actor)
        return Response(OwnerAnswerSerializer(answer, context=self.get_serializer_context()).data)
