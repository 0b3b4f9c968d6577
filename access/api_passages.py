"""The API's passages: what came, what was seen of it, what was decided and why, and how far its gate came."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access import corrections
from access.api import PlateSerializer, asked_plate
from access.api_evidence import DecisionSerializer, DetectionSerializer
from access.api_story import StoryMixin
from access.looking import looked_at, looked_through
from access.models import Detection, Passage, Vehicle
from access.passage_search import of_plate
from gates.api import GateCommandSerializer
from gates.models import GateCommand
from premises.api_filters import MomentFilter, RowFilter
from premises.long_lists import LongPages
from premises.viewsets import ReadOnlyTenantViewSet


class PassageSerializer(serializers.ModelSerializer[Passage]):
    plate = serializers.CharField(source="shown_plate", read_only=True)
    read_plate = serializers.CharField(source="plate", read_only=True)
    decision = serializers.SerializerMethodField()
    command = serializers.SerializerMethodField()
    detections = DetectionSerializer(many=True, read_only=True)

    class Meta:
        model = Passage
        fields = [
            "id",
            "condominium",
            "lane",
            "opened_at",
            "last_seen_at",
            "ended_at",
            "plate",
            "read_plate",
            "corrected_plate",
            "score",
            "vehicle",
            "unit_name",
            "owner_name",
            "frames",
            "outcome",
            "reason",
            "decided_at",
            "decision",
            "command",
            "detections",
        ]

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, passage: Passage) -> Any:
        decision = getattr(passage, "decision", None)
        return self._decisions.to_representation(decision) if decision else None

    @extend_schema_field(GateCommandSerializer(allow_null=True))
    def get_command(self, passage: Passage) -> Any:
        command = self.context["commands"].get(passage.pk)
        return self._commands.to_representation(command) if command else None

    # One for all passages of a list: making one takes longer than using it.
    @cached_property
    def _decisions(self) -> DecisionSerializer:
        return DecisionSerializer()

    @cached_property
    def _commands(self) -> GateCommandSerializer:
        return GateCommandSerializer()


def commands_of(found: Iterable[Passage]) -> dict[UUID | None, GateCommand]:
    """The latest gate command of each passage, in one query."""
    ids = [passage.pk for passage in found]
    return {
        command.passage_id: command
        for command in GateCommand.objects.filter(passage_id__in=ids).order_by("requested_at")
    }


class PassageFilters(filters.FilterSet):  # type: ignore[misc]
    since = MomentFilter(field_name="opened_at", lookup_expr="gte")
    until = MomentFilter(field_name="opened_at", lookup_expr="lt")
    lane = RowFilter(field_name="lane_id")
    unit = RowFilter(method="of_unit", help_text="Of the vehicle, or else of its owner.")
    vehicle = RowFilter(field_name="vehicle_id")
    plate = filters.CharFilter(method="with_plate", help_text="A part of a plate, in either spelling.")

    class Meta:
        model = Passage
        fields = ["since", "until", "lane", "unit", "vehicle", "outcome", "reason", "plate"]

    def of_unit(self, queryset: QuerySet[Passage], name: str, value: int) -> QuerySet[Passage]:
        # Few, and asked for by number: joined to the passages, they would be looked for at every one of these.
        return queryset.filter(
            vehicle_id__in=list(Vehicle.objects.filter(Vehicle.at_home_in([value])).values_list("pk", flat=True))
        )

    def with_plate(self, queryset: QuerySet[Passage], name: str, value: str) -> QuerySet[Passage]:
        return queryset.filter(of_plate(value))


class PassageViewSet(StoryMixin, ReadOnlyTenantViewSet):
    """Passages, newest first. `passages.view` to read, `passages.change` to correct what was read."""

    queryset = Passage.objects.select_related("decision").prefetch_related(
        Prefetch("detections", Detection.objects.defer("probabilities").order_by("taken_at"))
    )
    serializer_class = PassageSerializer
    filterset_class = PassageFilters
    pagination_class = LongPages

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        passage = self.get_object()
        looked_at(passage, by=self.actor)
        return Response(self.get_serializer(passage).data)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().list(request, *args, **kwargs)
        looked_through({row["condominium"] for row in answer.data["results"]}, by=self.actor)
        return answer

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        found = args[0] if kwargs.get("many") else args[:1]
        kwargs["context"] = {**self.get_serializer_context(), "commands": commands_of(found)}
        return super().get_serializer(*args, **kwargs)

    @extend_schema(request=PlateSerializer, responses=PassageSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Say which plate it really was. What was read stays beside it, and no gate moves."""
        passage = corrections.correct(self.get_object(), asked_plate(request.data), by=self.actor)
        return Response(self.get_serializer(passage).data)
