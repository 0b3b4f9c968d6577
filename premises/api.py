"""The API's condominiums, units, people, memberships and journal."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers

from premises.api_filters import MomentFilter, RowFilter
from premises.models import Condominium, JournalEntry, Membership, Person, Unit
from premises.serializers import TenantSerializer
from premises.viewsets import ReadOnlyTenantViewSet, TenantViewSet


class CondominiumSerializer(serializers.ModelSerializer[Condominium]):
    class Meta:
        model = Condominium
        fields = ["id", "name", "slug", "city", "state", "time_zone", "gates_on_hold", "locked_down"]
        read_only_fields = ["gates_on_hold", "locked_down"]


class CondominiumViewSet(ReadOnlyTenantViewSet):
    """The condominiums you may see. Needs `registry.view`."""

    queryset = Condominium.objects.all()
    serializer_class = CondominiumSerializer


class UnitSerializer(TenantSerializer):
    class Meta:
        model = Unit
        fields = ["id", "condominium", "block", "number", "places", "note"]


class UnitFilters(filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = Unit
        fields = ["block", "number"]


class UnitViewSet(TenantViewSet):
    """Flats, houses, shops. `registry.view` to read, `registry.change` to change."""

    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    filterset_class = UnitFilters


class PersonSerializer(TenantSerializer):
    class Meta:
        model = Person
        fields = ["id", "condominium", "name", "unit", "email", "phone", "note"]


class PersonFilters(filters.FilterSet):  # type: ignore[misc]
    name = filters.CharFilter(lookup_expr="icontains")
    unit = RowFilter(field_name="unit_id")

    class Meta:
        model = Person
        fields = ["name", "unit"]


class PersonViewSet(TenantViewSet):
    """Residents, owners, employees. `registry.view` to read, `registry.change` to change."""

    queryset = Person.objects.all()
    serializer_class = PersonSerializer
    filterset_class = PersonFilters


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    user = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "condominium", "user", "role", "person"]


class MembershipViewSet(ReadOnlyTenantViewSet):
    """Who holds which role. Needs `accounts.view`."""

    queryset = Membership.objects.select_related("user")
    serializer_class = MembershipSerializer


class JournalEntrySerializer(serializers.ModelSerializer[JournalEntry]):
    data: Any = serializers.DictField(read_only=True)

    class Meta:
        model = JournalEntry
        fields = [
            "id",
            "condominium",
            "sequence",
            "at",
            "actor",
            "action",
            "subject",
            "passage_id",
            "data",
            "version",
            "salt",
            "personal_digest",
            "is_erased",
            "previous_digest",
            "digest",
        ]


class JournalFilters(filters.FilterSet):  # type: ignore[misc]
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")
    passage = filters.UUIDFilter(field_name="passage_id")

    class Meta:
        model = JournalEntry
        fields = ["since", "until", "action", "actor", "passage"]


class JournalViewSet(ReadOnlyTenantViewSet):
    """What happened, newest first. It can be read and never changed. Needs `journal.view`."""

    queryset = JournalEntry.objects.all()
    serializer_class = JournalEntrySerializer
    filterset_class = JournalFilters
