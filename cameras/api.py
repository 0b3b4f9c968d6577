"""The API's recorders and cameras. Their passwords go in and never come out."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from cameras import health
from cameras.models import Camera, Recorder
from premises.api_filters import RowFilter
from premises.serializers import TenantSerializer
from premises.viewsets import TenantViewSet


class KeepsPassword(TenantSerializer):
    """A password is written, never read, and never sent to an address it was not entered for."""

    password_belongs_to: ClassVar[tuple[str, ...]]

    password = serializers.CharField(
        write_only=True, required=False, allow_blank=True, trim_whitespace=False, max_length=200
    )
    has_password = serializers.SerializerMethodField()

    def get_has_password(self, row: Any) -> bool:
        return bool(row.password)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if self.instance is not None and self.instance.password and "password" not in attrs:
            moved = [name for name in self.password_belongs_to if self._moves(attrs, name)]
            if moved:
                raise serializers.ValidationError(
                    {"password": _("Send the password again: it was entered for another address.")}
                )
        return attrs

    def update(self, instance: Any, validated_data: dict[str, Any]) -> Any:
        """Other credentials or another address: what was stopped for the old ones is asked again."""
        row = super().update(instance, validated_data)
        health.resume_if_told(row, validated_data.keys(), self.context["request"].user)
        return row

    def _moves(self, attrs: dict[str, Any], name: str) -> bool:
        return name in attrs and attrs[name] != getattr(self.instance, name)


class RecorderSerializer(KeepsPassword):
    password_belongs_to = ("host", "port", "use_https")

    class Meta:
        model = Recorder
        fields = [
            "id",
            "condominium",
            "name",
            "make",
            "host",
            "port",
            "use_https",
            "verify_tls",
            "snapshot_path",
            "username",
            "password",
            "has_password",
            "stopped_at",
            "stopped_because",
            "retry_at",
            "bad_logins",
            "failures",
        ]


class RecorderViewSet(TenantViewSet):
    """Recorders. `devices.view` to read, `devices.change` to change."""

    queryset = Recorder.objects.all()
    serializer_class = RecorderSerializer


class CameraSerializer(KeepsPassword):
    password_belongs_to = ("url",)

    class Meta:
        model = Camera
        fields = [
            "id",
            "condominium",
            "name",
            "source",
            "recorder",
            "channel",
            "url",
            "username",
            "password",
            "has_password",
            "folder",
            "health",
            "last_frame_at",
            "last_latency_ms",
            "last_error",
            "last_error_at",
            "failures",
        ]


class CameraFilters(filters.FilterSet):  # type: ignore[misc]
    recorder = RowFilter(field_name="recorder_id")

    class Meta:
        model = Camera
        fields = ["recorder", "source", "health"]


class CameraViewSet(TenantViewSet):
    """Cameras and how they are. `devices.view` to read, `devices.change` to change."""

    queryset = Camera.objects.all()
    serializer_class = CameraSerializer
    filterset_class = CameraFilters
