"""What was seen of a passage and what was decided, as the API tells it."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from access.models import Decision, Detection
from access.reasons import sentence


class DetectionSerializer(serializers.ModelSerializer[Detection]):
    frame = serializers.SerializerMethodField()
    crop = serializers.SerializerMethodField()

    class Meta:
        model = Detection
        fields = [
            "id",
            "taken_at",
            "text",
            "score",
            "box",
            "frame",
            "frame_digest",
            "crop",
            "engine",
            "engine_version",
            "read_ms",
        ]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_frame(self, detection: Detection) -> str | None:
        return self._address(detection, "frame") if detection.frame else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_crop(self, detection: Detection) -> str | None:
        return self._address(detection, "crop") if detection.crop else None

    def _address(self, detection: Detection, part: str) -> str:
        request: Request = self.context["request"]
        return str(request.build_absolute_uri(reverse("evidence", args=[detection.pk, part])))


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = ["outcome", "reason", "sentence", "facts", "at", "policy", "vehicle", "permit", "detection"]

    def get_sentence(self, decision: Decision) -> str:
        return str(sentence(decision.reason, decision.facts))
