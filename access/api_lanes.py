"""The API's lanes, and what their policies would cost."""

from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import estimating, lanes
from access.models import Lane
from access.policies import Policy
from premises.serializers import TenantSerializer
from premises.viewsets import TenantViewSet

ESTIMATED = 300  # plates drawn for each figure: a request has seconds, not minutes


class LaneSerializer(TenantSerializer):
    class Meta:
        model = Lane
        fields = [
            "id",
            "condominium",
            "name",
            "camera",
            "gate",
            "direction",
            "is_active",
            "engine",
            "interval",
            "policy",
            "agreeing",
            "frames_to_refuse",
            "gap_seconds",
            "passback",
            "forgive_hours",
        ]


class EstimateSerializer(serializers.Serializer[Any]):
    """What a policy would cost at a lane."""

    policy = serializers.ChoiceField(Policy.choices)
    agreeing = serializers.IntegerField(allow_null=True, help_text="For the policy that counts: of 7.")
    chosen = serializers.BooleanField(help_text="The lane has this policy.")
    strangers = serializers.FloatField(source="estimate.strangers", help_text="Let in, of a million.")
    error = serializers.FloatField(source="estimate.error", help_text="The standard error of `strangers`.")
    alike = serializers.FloatField(
        source="estimate.alike", help_text="Let in with a plate that differs in one character, of a thousand."
    )
    waiting = serializers.FloatField(
        source="estimate.waiting", help_text="Registered, and not let in by a single picture, of a thousand."
    )
    mistaken = serializers.FloatField(
        source="estimate.mistaken", help_text="Let in as another registered vehicle, of a thousand."
    )


class PairSerializer(serializers.Serializer[Any]):
    one = serializers.CharField()
    other = serializers.CharField()
    similar = serializers.BooleanField(help_text="They differ in characters that are often taken for one another.")


class ToleranceSerializer(serializers.Serializer[Any]):
    vehicles = serializers.IntegerField()
    reads = serializers.IntegerField(help_text="Reads whose truth is known, which the estimate rests on.")
    own = serializers.BooleanField(help_text="They are reads of this lane, not typical ones.")
    policies = EstimateSerializer(source="rows", many=True)
    alike = PairSerializer(many=True)


class LaneViewSet(TenantViewSet):
    """Lanes. `devices.view` to read, `devices.change` to change; a change is in force within seconds."""

    queryset = Lane.objects.all()
    serializer_class = LaneSerializer

    @transaction.atomic
    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        super().perform_create(serializer)
        lanes.schedule(cast(Lane, serializer.instance))

    @transaction.atomic
    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        super().perform_update(serializer)
        lanes.schedule(cast(Lane, serializer.instance))

    @transaction.atomic
    def perform_destroy(self, instance: Lane) -> None:
        lanes.unschedule(instance)
        super().perform_destroy(instance)

    @extend_schema(responses=ToleranceSerializer)
    @action(detail=True, permission="registry.view", filter_backends=[], pagination_class=None)
    def tolerance(self, request: Request, pk: str) -> Response:
        """How many strangers each policy would let in here, and whom it would keep waiting. It takes some seconds.

        Needs `registry.view`, for it names registered plates that are too alike.
        """
        try:
            found = estimating.estimate(self.get_object(), timezone.now(), count=ESTIMATED)
        except ValueError as error:
            raise serializers.ValidationError({"lane": [_("No Brazilian plate is registered here.")]}) from error
        return Response(ToleranceSerializer(found).data)
