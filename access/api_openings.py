"""Opening a gate over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import openings
from gates.api import GateCommandSerializer, GateViewSet


class OpeningSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class OpenableGateViewSet(GateViewSet):
    """Gates. `devices.view` to read, `devices.change` to change, `gates.open` to open."""

    @extend_schema(request=OpeningSerializer, responses={202: GateCommandSerializer})
    @action(detail=True, methods=["post"], permission="gates.open")
    def open(self, request: Request, pk: str) -> Response:
        """Ask for one opening. The answer is the command: follow its state, for asking is not yet opening."""
        asked = OpeningSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        command = openings.open_gate(self.get_object(), by=self.actor, reason=asked.validated_data["reason"])
        command.refresh_from_db()
        return Response(GateCommandSerializer(command).data, status=status.HTTP_202_ACCEPTED)
