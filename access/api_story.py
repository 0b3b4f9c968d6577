"""The story of a passage as JSON: what its page tells."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from access.api_evidence import DecisionSerializer, DetectionSerializer
from access.looking import looked_at
from access.story import Likely, Opening, Story, Witness, tell
from gates.api import GateCommandSerializer
from premises.roles import Permission
from premises.tenancy import allows


class WitnessSerializer(serializers.Serializer[Witness]):
    detection = DetectionSerializer()
    speaks = serializers.FloatField(help_text="0..1: how much this picture alone speaks for the plate.")


class LikelySerializer(serializers.Serializer[Likely]):
    plate = serializers.CharField(help_text="Empty: somebody who is not registered.")
    share = serializers.FloatField(help_text="0..1")
    vehicle = serializers.IntegerField(source="vehicle.pk", default=None, allow_null=True, help_text="Its number.")


class StepSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    after_ms = serializers.IntegerField(allow_null=True)


class ToldOpeningSerializer(serializers.Serializer[Opening]):
    command = GateCommandSerializer()
    steps = StepSerializer(many=True)
    why_not = serializers.CharField()


class ViewerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()


class EntrySerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    action = serializers.CharField()


class StorySerializer(serializers.Serializer[Story]):
    """`journal` is empty for who may not read it."""

    passage = serializers.UUIDField(source="passage.pk")
    plate = serializers.CharField(source="passage.shown_plate")
    sentence = serializers.CharField()
    decision = serializers.SerializerMethodField()
    witnesses = WitnessSerializer(many=True)
    likely = LikelySerializer(many=True)
    openings = ToldOpeningSerializer(many=True)
    viewers = ViewerSerializer(many=True)
    journal = EntrySerializer(many=True, source="entries")

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, story: Story) -> Any:
        return DecisionSerializer(story.decision).data if story.decision else None


class StoryMixin:
    """`GET …/passages/<id>/story`."""

    @extend_schema(responses=StorySerializer)
    @action(detail=True, filter_backends=[], pagination_class=None)
    def story(self: Any, request: Request, pk: str) -> Response:
        """What was seen, what each picture contributed, who it may have been, what the gate did, and who looked."""
        passage = self.get_object()
        looked_at(passage, by=self.actor)
        told = tell(passage, journal=allows(self.actor, Permission.VIEW_JOURNAL, passage.condominium_id))
        return Response(StorySerializer(told, context=self.get_serializer_context()).data)
