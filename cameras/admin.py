"""Admin pages of recorders and cameras. Their passwords go in and never come out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminURLInputWidget

from cameras.device_pages import ChannelPages, DevicePages
from cameras.models import Camera, Health, Recorder
from cameras.shown import HEALTH_COLOURS
from premises.tenant_admin import TenantAdmin, TenantTabularInline
from premises.tenant_forms import KeepsSecrets
from premises.theme import Label, display


class RecorderForm(KeepsSecrets):
    password_belongs_to = ("host", "port", "use_https")


class CameraForm(KeepsSecrets):
    password_belongs_to = ("url",)
    # Cameras on the own network seldom speak HTTPS.
    url = forms.URLField(
        label=_("address of the picture"),
        required=False,
        assume_scheme="http",
        widget=UnfoldAdminURLInputWidget,
    )


class CameraInline(TenantTabularInline):
    model = Camera
    fields = ("name", "channel", "health", "last_frame_at")
    readonly_fields = ("health", "last_frame_at")
    show_change_link = True
    can_delete = False


@admin.register(Recorder)
class RecorderAdmin(ChannelPages, TenantAdmin):
    form = RecorderForm
    list_display = ("name", "make", "host", "health", "stopped_because", "failures")
    list_filter = ("make",)
    search_fields = ("name", "host")
    actions_detail = ("test_connection", "find_channels", "resume")
    fieldsets = (
        (None, {"fields": ("name", "make", ("host", "port"), ("use_https", "verify_tls"), "snapshot_path")}),
        (_("Sign-in"), {"fields": (("username", "password"),)}),
        (_("Health"), {"fields": ("health", "stopped_because", ("stopped_at", "retry_at", "failures"))}),
    )
    add_fieldsets = fieldsets[:2]
    readonly_fields = ("health", "stopped_because", "stopped_at", "retry_at", "failures")

    @display(description=_("health"), label=HEALTH_COLOURS)
    def health(self, row: Recorder) -> Label:
        state = recorder_health(row)
        return Label(state, state.label)

    def get_inlines(self, request: Any, obj: Any = None) -> list[Any]:
        return [CameraInline] if obj else []


def recorder_health(row: Recorder) -> Health:
    if row.stopped_at is not None:
        return Health.STOPPED
    return Health.FAILING if row.failures else Health.OK


@admin.register(Camera)
class CameraAdmin(DevicePages, TenantAdmin):
    form = CameraForm
    list_display = (
        "name",
        "source",
        "recorder",
        "channel",
        "health_label",
        "last_frame_at",
        "last_latency_ms",
        "last_error",
    )
    list_select_related = ("recorder",)
    list_filter = ("health", "recorder", "source")
    search_fields = ("name", "recorder__name")
    actions_detail = ("test_connection", "resume")
    fieldsets = (
        (None, {"fields": ("name", "source")}),
        (_("Channel of a recorder"), {"fields": (("recorder", "channel"),)}),
        (_("Address of a picture"), {"fields": ("url", ("username", "password"))}),
        (_("Folder of pictures"), {"fields": ("folder",)}),
        (
            _("Health"),
            {"fields": ("health_label", ("last_frame_at", "last_latency_ms"), ("last_error", "last_error_at"))},
        ),
    )
    add_fieldsets = fieldsets[:4]
    readonly_fields = ("health_label", "last_frame_at", "last_latency_ms", "last_error", "last_error_at")

    @display(description=_("health"), ordering="health", label=HEALTH_COLOURS)
    def health_label(self, row: Camera) -> Label:
        return Label(row.health, row.get_health_display())
