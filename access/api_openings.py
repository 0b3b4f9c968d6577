"""Opening a gate over the API."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from access import openings
from gates import holds, standing
from gates.api import GateCommandSerializer, GateSerializer, GateViewSet, StandingOrderSerializer
from gates.models import Gate
from premises.api_filters import ZonedDateTimeField

ORDERS_SHOWN = 20


class GateReasonSerializer(serializers.Serializer[Any]):
    """Why: it stands in the journal, with the name."""

    reason = serializers.CharField(max_length=200)


class HoldOpenSerializer(GateReasonSerializer):
    until = ZonedDateTimeField()


class OpenableGateViewSet(GateViewSet):
    """Gates. `devices.view` to read, `devices.change` to change, `gates.open` to open and to stop."""

    @extend_schema(request=GateReasonSerializer, responses={202: GateCommandSerializer})
    @action(detail=True, methods=["post"], permission="gates.open")
    def open(self, request: Request, pk: str) -> Response:
        """Ask for one opening. The answer is the command: follow its state, for asking is not yet opening."""
        asked = GateReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        command = openings.open_gate(self.get_object(), by=self.actor, reason=asked.validated_data["reason"])
        command.refresh_from_db()
        return Response(GateCommandSerializer(command).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=GateReasonSerializer, responses=GateSerializer)
    @action(detail=True, methods=["post"], permission="gates.open")
    def hold(self, request: Request, pk: str) -> Response:
        """Stop a gate: we open it no more until it is given back. Stopped already, it stays as it is."""
        return self._turn(holds.hold, request)

    @extend_schema(request=GateReasonSerializer, responses=GateSerializer)
    @action(detail=True, methods=["post"], permission="gates.open", url_path="give-back", url_name="give-back")
    def give_back(self, request: Request, pk: str) -> Response:
        """Let a gate be opened again: for who stopped it, and for who holds `devices.change`."""
        return self._turn(holds.give_back, request)

    @extend_schema(request=HoldOpenSerializer, responses=GateSerializer)
    @action(detail=True, methods=["post"], permission="gates.open", url_path="hold-open", url_name="hold-open")
    def hold_open(self, request: Request, pk: str) -> Response:
        """Hold a gate open until a time, four hours from now at most. 400 where that cannot be done now, with why."""
        asked = HoldOpenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        gate: Gate = self.get_object()
        try:
            standing.hold_open(gate, by=self.actor, **asked.validated_data)
        except DjangoValidationError as problem:
            raise ValidationError(problem.messages, code=problem.code) from problem
        return self._shown(gate)

    @extend_schema(request=GateReasonSerializer, responses=GateSerializer)
    @action(detail=True, methods=["post"], permission="gates.open", url_path="lock-down", url_name="lock-down")
    def lock_down(self, request: Request, pk: str) -> Response:
        """Nothing of ours opens the gate until it is freed; the button at it does. A hold ends by it."""
        return self._turn(standing.lock_down, request)

    @extend_schema(request=GateReasonSerializer, responses=GateSerializer)
    @action(detail=True, methods=["post"], permission="gates.open")
    def release(self, request: Request, pk: str) -> Response:
        """End a hold; or a lock-down, for who ordered it and for who holds `devices.change`."""
        return self._turn(standing.release, request)

    @extend_schema(responses=StandingOrderSerializer(many=True))
    @action(detail=True, methods=["get"], permission="devices.view")
    def orders(self, request: Request, pk: str) -> Response:
        """What the gate's controller was told of late, newest first, and how far each telling came."""
        gate: Gate = self.get_object()
        return Response(StandingOrderSerializer(gate.orders.all()[:ORDERS_SHOWN], many=True).data)

    def _turn(self, verb: Callable[..., bool], request: Request) -> Response:
        asked = GateReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        gate: Gate = self.get_object()
        verb(gate, by=self.actor, reason=asked.validated_data["reason"])
        return self._shown(gate)

    def _shown(self, gate: Gate) -> Response:
        gate.refresh_from_db()
        return Response(GateSerializer(gate, context=self.get_serializer_context()).data)
