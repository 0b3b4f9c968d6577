"""The API's gates, controllers and commands. A controller's key and password never come out."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gates import contacts, stands
from gates.dialects import DIALECTS
from gates.dialects.names import Lack
from gates.hearing import Hearing, hearing
from gates.models import Controller, Gate, GateCommand, StandingOrder
from gates.order_states import Standing
from gates.positions import Position
from premises.api_filters import MomentFilter, RowFilter
from premises.serializers import TenantSerializer
from premises.viewsets import ReadOnlyTenantViewSet, TenantViewSet


class StandingOrderSerializer(serializers.ModelSerializer[StandingOrder]):
    """One telling of a controller what stands at its gate, and how far it came."""

    class Meta:
        model = StandingOrder
        fields = [
            "id",
            "standing",
            "for_ms",
            "state",
            "asked_by_name",
            "reason",
            "sent_at",
            "ended_at",
            "problem",
            "problem_detail",
        ]


class GateSerializer(TenantSerializer):
    position = serializers.SerializerMethodField(help_text=_("As the contacts at it say; unknown while nothing does."))
    obstructed = serializers.SerializerMethodField(help_text=_("Something is known to stand in its way."))
    hearing = serializers.SerializerMethodField(
        help_text=_("How its controller is heard; nothing of ours opens it unless that is online.")
    )
    heard_at = serializers.DateTimeField(
        source="controller.heard_at", read_only=True, default=None, help_text=_("When its controller was heard last.")
    )

    standing = serializers.SerializerMethodField(help_text=_("What shall stand until further notice."))
    on_board = serializers.SerializerMethodField(
        help_text=_("What its controller says stands there; null while it is not heard, or its firmware is too old.")
    )

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
            "way_out",
            "standing",
            "standing_until",
            "standing_by",
            "standing_because",
            "on_board",
            "position",
            "obstructed",
            "position_at",
            "hearing",
            "heard_at",
        ]
        read_only_fields = ["on_hold", "standing_until", "standing_by", "standing_because", "position_at"]

    @extend_schema_field(serializers.ChoiceField(Standing.choices))
    def get_standing(self, row: Gate) -> str:
        return stands.wanted(row)

    @extend_schema_field(serializers.ChoiceField(Standing.choices, allow_null=True))
    def get_on_board(self, row: Gate) -> str | None:
        return stands.on_board(row)

    @extend_schema_field(serializers.ChoiceField(Position.choices))
    def get_position(self, row: Gate) -> str:
        return contacts.position_of(row)

    def get_obstructed(self, row: Gate) -> bool:
        return contacts.is_obstructed(row)

    @extend_schema_field(serializers.ChoiceField(Hearing.choices))
    def get_hearing(self, row: Gate) -> str:
        return hearing(row.controller).code


class GateViewSet(TenantViewSet):
    """Gates. `devices.view` to read, `devices.change` to change."""

    queryset = Gate.objects.select_related("controller", "condominium")
    serializer_class = GateSerializer


class ControllerSerializer(serializers.ModelSerializer[Controller]):
    online = serializers.SerializerMethodField(help_text=_("It was heard within the last ten seconds."))
    hearing = serializers.SerializerMethodField(help_text=_("The same in a word, with why not."))
    lacks = serializers.SerializerMethodField(
        help_text=_("What a board of another make cannot guarantee; empty for Cancela's own.")
    )

    class Meta:
        model = Controller
        fields = [
            "id",
            "condominium",
            "name",
            "device",
            "dialect",
            "lacks",
            "is_active",
            "online",
            "hearing",
            "heard_at",
            "firmware",
            "last_problem",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Lack.choices)))
    def get_lacks(self, row: Controller) -> list[str]:
        return [] if row.is_signed else [lack.value for lack in DIALECTS[row.dialect].lacking(row.board)]

    def get_online(self, row: Controller) -> bool:
        return hearing(row).is_heard

    @extend_schema_field(serializers.ChoiceField(Hearing.choices))
    def get_hearing(self, row: Controller) -> str:
        return hearing(row).code


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
