"""Opening a gate over the API."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import openings
from gates import holds
from gates.api import GateCommandSerializer, GateSerializer, GateViewSet
from gates.models import Gate


class GateReasonSerializer(serializers.Serializer[Any]):
    """Why: it stands in the journal, with the name."""

    reason = serializers.CharField(max_length=200)


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

    def _turn(self, verb: Callable[..., bool], request: Request) -> Response:
        asked = GateReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        gate: Gate = self.get_object()
        verb(gate, by=self.actor, reason=asked.validated_data["reason"])
        return Response(GateSerializer(gate, context=self.get_serializer_context()).data)
