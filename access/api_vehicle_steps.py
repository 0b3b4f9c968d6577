"""What becomes of a vehicle over the API: proposed, approved, refused, signed off, taken up again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import vehicles
from access.api_vehicle_rows import VehicleSerializer
from access.vehicles import VehicleError
from premises.api_errors import Conflict


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, help_text=_("For who proposed it."))


class PerhapsReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


def asked_reason(kind: type[serializers.Serializer[Any]], request: Request) -> str:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return str(asked.validated_data["reason"])


@contextmanager
def conflicts() -> Iterator[None]:
    """A vehicle that is in another state by now is a conflict (409), and nobody's bad input."""
    try:
        yield
    except VehicleError as error:
        raise Conflict(str(error)) from error


class VehicleSteps:
    """Of the vehicles; each answers the vehicle as it is then."""

    @extend_schema(request=VehicleSerializer, responses={201: VehicleSerializer})
    @action(detail=False, methods=["post"])
    def propose(self: Any, request: Request) -> Response:
        """Enter a vehicle that waits for approval. It has no permit until then."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save(proposed=True)  # the verb writes the journal
        return Response(serializer.data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=VehicleSerializer)
    @action(detail=True, methods=["post"])
    def approve(self: Any, request: Request, pk: str) -> Response:
        """Let a vehicle that waits for approval pass on all lanes."""
        vehicle = self.get_object()
        with conflicts():
            vehicles.approve(vehicle, by=self.actor)
        return Response(self.get_serializer(vehicle).data)

    @extend_schema(request=ReasonSerializer, responses=VehicleSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self: Any, request: Request, pk: str) -> Response:
        """Say no to a vehicle that waits for approval."""
        vehicle, reason = self.get_object(), asked_reason(ReasonSerializer, request)
        with conflicts():
            vehicles.refuse(vehicle, by=self.actor, reason=reason)
        return Response(self.get_serializer(vehicle).data)

    @extend_schema(request=PerhapsReasonSerializer, responses=VehicleSerializer)
    @action(detail=True, methods=["post"])
    def end(self: Any, request: Request, pk: str) -> Response:
        """Sign a vehicle off, sold for instance: it stays on record, its permits end, and no gate opens for it."""
        vehicle, reason = self.get_object(), asked_reason(PerhapsReasonSerializer, request)
        with conflicts():
            vehicles.end_vehicle(vehicle, by=self.actor, reason=reason)
        return Response(self.get_serializer(vehicle).data)

    @extend_schema(request=None, responses=VehicleSerializer)
    @action(detail=True, methods=["post"], url_path="take-up", url_name="take-up")
    def take_up(self: Any, request: Request, pk: str) -> Response:
        """Let a vehicle that was signed off pass again, with the permits that ended with it."""
        vehicle = self.get_object()
        with conflicts():
            vehicles.take_up_again(vehicle, by=self.actor)
        return Response(self.get_serializer(vehicle).data)
