"""The API's gates, controllers and commands. A controller's key and password never come out."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from gates.models import Controller, Gate, GateCommand
from premises.api_filters import MomentFilter, RowFilter
from premises.serializers import TenantSerializer
from premises.viewsets import ReadOnlyTenantViewSet, TenantViewSet


class GateSerializer(TenantSerializer):
    class Meta:
        model = Gate
        fields = [
            "id",
            "condominium",
            "name",
            "controller",
            "relay",
            "pulse_ms",
            "life_ms",
            "has_position_switch",
            "on_hold",
        ]


class GateViewSet(TenantViewSet):
    """Gates. `devices.view` to read, `devices.change` to change."""

    queryset = Gate.objects.all()
    serializer_class = GateSerializer


class ControllerSerializer(serializers.ModelSerializer[Controller]):
    class Meta:
        model = Controller
        fields = ["id", "condominium", "name", "device", "is_active", "online", "heard_at", "firmware", "last_problem"]


class ControllerViewSet(ReadOnlyTenantViewSet):
    """Controllers and whether they are heard. Keys are made and shown in the admin only. Needs `devices.view`."""

    queryset = Controller.objects.all()
    serializer_class = ControllerSerializer


class GateCommandSerializer(serializers.ModelSerializer[GateCommand]):
    state_text = serializers.CharField(source="get_state_display", read_only=True)

    class Meta:
        model = GateCommand
        fields = [
            "id",
            "condominium",
            "gate",
            "state",
            "state_text",
            "passage_id",
            "requested_by_name",
            "reason",
            "pulse_ms",
            "requested_at",
            "expires_at",
            "sent_at",
            "accepted_at",
            "pulsed_at",
            "confirmed_at",
            "ended_at",
            "problem",
            "problem_detail",
        ]


class GateCommandFilters(filters.FilterSet):  # type: ignore[misc]
    gate = RowFilter(field_name="gate_id")
    passage = filters.UUIDFilter(field_name="passage_id")
    since = MomentFilter(field_name="requested_at", lookup_expr="gte")
    until = MomentFilter(field_name="requested_at", lookup_expr="lt")

    class Meta:
        model = GateCommand
        fields = ["gate", "state", "passage", "since", "until"]


class GateCommandViewSet(ReadOnlyTenantViewSet):
    """Openings and how far each came. Needs `passages.view`."""

    queryset = GateCommand.objects.all()
    serializer_class = GateCommandSerializer
    filterset_class = GateCommandFilters
