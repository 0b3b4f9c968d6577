"""The API's uses of keys, and what boards carry."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from gates.models import KeyList, KeyUse
from premises.api_filters import MomentFilter, RowFilter
from premises.viewsets import ReadOnlyTenantViewSet


class KeyUseSerializer(serializers.ModelSerializer[KeyUse]):
    what_text = serializers.CharField(source="get_what_display", read_only=True)

    class Meta:
        model = KeyUse
        fields = [
            "id",
            "condominium",
            "controller",
            "gate",
            "key_ref",
            "key_name",
            "what",
            "what_text",
            "offline",
            "at",
            "not_before",
            "not_after",
            "lost",
            "command_id",
            "created_at",
        ]


class KeyUseFilters(filters.FilterSet):  # type: ignore[misc]
    gate = RowFilter(field_name="gate_id")
    key = filters.NumberFilter(field_name="key_ref")
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = KeyUse
        fields = ["gate", "key", "what", "offline", "since", "until"]


class KeyUseViewSet(ReadOnlyTenantViewSet):
    """What was presented at readers, also while the server was away. Needs `passages.view`."""

    queryset = KeyUse.objects.all()
    serializer_class = KeyUseSerializer
    filterset_class = KeyUseFilters


class KeyListSerializer(serializers.ModelSerializer[KeyList]):
    class Meta:
        model = KeyList
        fields = [
            "id",
            "condominium",
            "controller",
            "version",
            "made_at",
            "delivered_at",
            "board_version",
            "board_minutes",
            "board_waiting",
            "told_at",
        ]


class KeyListViewSet(ReadOnlyTenantViewSet):
    """Which list of keys each board shall have, and which it says that it has. Needs `devices.view`."""

    queryset = KeyList.objects.all()
    serializer_class = KeyListSerializer
