"""Lanes; and gates where they can be opened."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access import lanes, openings
from access.action_forms import OpenForm
from access.admin_shadow import ShadowFirst
from access.gate_pages import GatePages
from access.hold_pages import HoldPages
from access.lane_pages import LanePages
from access.models import OpeningPhoto
from access.passage_actions import tell_outcome
from access.rehearsal_pages import RehearsalPages
from access.standing_pages import StandingPages
from cameras.shown import HEALTH_COLOURS
from gates.admin import GateAdmin, GateCommandAdmin
from gates.models import Gate, GateCommand
from gates.shown import CONTROLLER_COLOURS, controller_label
from premises import pages
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin
from premises.theme import Label, action, display


class LaneAdmin(RehearsalPages, LanePages, ShadowFirst, TenantAdmin):
    """Lanes. Saving one puts it into the timetable, or takes it out."""

    actions_detail = ("try_reading", "tolerance", "reading_quality", "comparisons", "rehearsals")
    list_display = ("name", "direction", "camera", "camera_health", "gate", "gate_heard", "is_active")
    list_select_related = ("camera", "gate__controller")
    list_filter = ("gate", "direction", "is_active")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", ("camera", "gate"), ("direction", "is_active"))}),
        (_("Watching"), {"fields": ("engine", "interval", ("gap_seconds", "frames_to_refuse"))}),
        (_("Deciding"), {"fields": ("policy", "agreeing", ("passback", "forgive_hours"))}),
    )

    @display(description=_("camera's health"), label=HEALTH_COLOURS)
    def camera_health(self, row: Any) -> Label:
        return Label(row.camera.health, row.camera.get_health_display())

    @display(description=_("controller's state"), label=CONTROLLER_COLOURS)
    def gate_heard(self, row: Any) -> Label | None:
        return controller_label(row.gate.controller) if row.gate else None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.hold_back(request, obj, form)
        super().save_model(request, obj, form, change)
        lanes.schedule(obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.compared_first(request) or super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        lanes.unschedule(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for lane in queryset:
            lanes.unschedule(lane)
        super().delete_queryset(request, queryset)


class TravelTimeAdmin(TenantAdmin):
    list_display = ("__str__", "seconds")
    list_select_related = ("one", "other")
    fields = (("one", "other"), "seconds")


class OpenableGateAdmin(GatePages, StandingPages, HoldPages, GateAdmin):
    actions_row = ("open_gate",)
    actions_detail = ("open_gate", "hold_open", "lock_down", "release", "stop", "give_back")
    actions_list: Any = (
        {
            "title": _("All gates"),
            "icon": "more_vert",
            "items": ["lock_all_down", "free_all", "hold_all_open", "let_all_go", "stop_all", "give_all_back"],
        },
    )

    def has_open_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.OPEN_GATES)

    @action(description=_("Open gate"), icon="lock_open", permissions=["open"])
    def open_gate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        gate: Gate = self.fetch(request, object_id, Permission.OPEN_GATES)
        back = reverse("admin:gates_gate_change", args=[gate.pk])
        form = OpenForm(request.POST or None)
        if form.is_valid():
            command = openings.open_gate(gate, by=request.user, reason=form.reason())  # type: ignore[arg-type]
            tell_outcome(self, request, command)
            return HttpResponseRedirect(back)
        return pages.ask(
            request,
            title=_("Open %(gate)s") % {"gate": gate},
            intro=_("The opening is written into the journal with your name and the reason."),
            form=form,
            submit=_("Open gate"),
            back=back,
        )


class OpenedGateCommandAdmin(GateCommandAdmin):
    """A command with the photo that was kept of it."""

    fields = (*GateCommandAdmin.fields, "photo")
    readonly_fields = (*GateCommandAdmin.readonly_fields, "photo")

    @display(description=_("photo"))
    def photo(self, row: GateCommand) -> str:
        if not OpeningPhoto.objects.filter(command_id=row.pk).exists():
            return str(_("no picture"))
        return format_html(
            '<img class="cancela-photo" src="{}" alt="{}">',
            reverse("opening_photo", args=[row.pk]),
            _("photo of the opening"),
        )
