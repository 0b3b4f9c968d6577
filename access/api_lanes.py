"""The API's lanes, what their policies would cost, and what a change would have decided differently."""

from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from access import estimating, lanes, regions, shadow_runs
from access.models import Lane, ShadowRun, TravelTime
from access.policies import Policy
from gates.hearing import Hearing, hearing_of
from premises.serializers import TenantSerializer
from premises.viewsets import TenantViewSet

ESTIMATED = 300  # plates drawn for each figure: a request has seconds, not minutes


class LaneSerializer(TenantSerializer):
    hearing = serializers.SerializerMethodField(
        help_text=_("How its gate's controller is heard; without a gate empty. Nothing opens unless that is online.")
    )
    heard_at = serializers.DateTimeField(
        source="gate.controller.heard_at",
        read_only=True,
        default=None,
        help_text=_("When its gate's controller was heard last."),
    )
    region = serializers.ListField(
        child=serializers.FloatField(),
        required=False,
        max_length=4,
        help_text="Where plates are read, in shares of the picture: left, top, width, height. Empty: everywhere.",
    )

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
            "region",
            "policy",
            "agreeing",
            "frames_to_refuse",
            "gap_seconds",
            "passback",
            "forgive_hours",
            "hearing",
            "heard_at",
        ]

    def validate_region(self, value: list[float]) -> list[float]:
        sides = regions.rounded(value)
        regions.check(sides)
        return sides

    @extend_schema_field(serializers.ChoiceField(Hearing.choices, allow_blank=True))
    def get_hearing(self, row: Lane) -> str:
        heard = hearing_of(row.gate)
        return heard.code if heard else ""


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


class ChangeSerializer(serializers.ModelSerializer[Lane]):
    """What a lane would decide by; what is not named stays as it is."""

    days = serializers.IntegerField(min_value=1, max_value=31, default=shadow_runs.DAYS, help_text="The last so many.")

    class Meta:
        model = Lane
        fields = [*shadow_runs.FIELDS, "days"]
        extra_kwargs = {name: {"required": False} for name in shadow_runs.FIELDS}


class ShadowSerializer(serializers.ModelSerializer[ShadowRun]):
    """A comparison; `counts` and `differences` are whole once its state is `done`."""

    class Meta:
        model = ShadowRun
        fields = [
            "id",
            "lane",
            "state",
            "problem",
            "created_at",
            "since",
            "until",
            "before",
            "wanted",
            "total",
            "done",
            "counts",
            "differences",
            "saved_at",
        ]
        read_only_fields = fields


def _shadow_permission(method: str) -> str:
    return "devices.change" if method == "POST" else "passages.view"


class LaneViewSet(TenantViewSet):
    """Lanes. `devices.view` to read, `devices.change` to change; a change is in force within seconds."""

    queryset = Lane.objects.select_related("gate__controller")
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

    @extend_schema(methods=["POST"], request=ChangeSerializer, responses={202: ShadowSerializer})
    @extend_schema(methods=["GET"], responses=ShadowSerializer)
    @action(
        detail=True,
        methods=["get", "post"],
        permission=_shadow_permission,
        filter_backends=[],
        pagination_class=None,
    )
    def shadow(self, request: Request, pk: str) -> Response:
        """What a change of the lane would have decided differently in the last days. Nothing is changed by it.

        POST asks for a comparison, which takes its time (`devices.change`); GET has the latest, and how far it is
        (`passages.view`).
        """
        lane: Lane = self.get_object()
        if request.method == "POST":
            return Response(ShadowSerializer(self._compare(lane, request.data)).data, status=202)
        run = lane.shadow_runs.first()
        if run is None:
            raise NotFound(_("Nothing was compared at this lane yet."))
        return Response(ShadowSerializer(run).data)

    def _compare(self, lane: Lane, asked: Any) -> ShadowRun:
        change = ChangeSerializer(data=asked)
        change.is_valid(raise_exception=True)
        wanted = dict(change.validated_data)
        days = wanted.pop("days")
        run = shadow_runs.start(lane, shadow_runs.settings_of(lane, **wanted), by=self.actor, days=days)
        shadow_runs.queue(run)
        run.refresh_from_db()
        return run


class TravelTimeSerializer(TenantSerializer):
    class Meta:
        model = TravelTime
        fields = ["id", "condominium", "one", "other", "seconds"]


class TravelTimeViewSet(TenantViewSet):
    """How fast a vehicle can be from one lane to another: the same plate sooner is a suspicion of a clone.

    `devices.view` to read, `devices.change` to change.
    """

    queryset = TravelTime.objects.all()
    serializer_class = TravelTimeSerializer
