"""Comparisons in the shadow: the page of one, and the change that is made after it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from access import shadow_runs
from access.looking import looked_through
from access.models import Lane, Passage, RunState, ShadowRun, Vehicle
from access.plate_html import plate
from access.reasons import Outcome, Reason
from access.shadowing import Known
from access.shown import WORDS
from premises.roles import Permission
from premises.templatetags.cancela import moment
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import Label, display

COLOURS = {RunState.WAITING: "info", RunState.RUNNING: "info", RunState.DONE: "success", RunState.FAILED: "danger"}
SHOWN = 100  # differences of each kind


@dataclass(frozen=True)
class Row:
    """A passage that differs, for the page."""

    passage: Passage
    drawn: SafeString
    then: str
    now: str


class ShadowFirst:
    """For the admin of lanes: what a lane decides by is only changed after the page of a comparison was seen."""

    def hold_back(self: Any, request: HttpRequest, lane: Lane, form: Any) -> None:
        """Ask for a comparison with what the form changes of it, and leave that out of what is saved now."""
        held = [name for name in shadow_runs.FIELDS if name in form.changed_data]
        if lane.pk is None or not held or not shadow_runs.has_past(lane):
            return
        wanted = shadow_runs.settings_of(lane)
        for name in held:
            setattr(lane, name, form.initial[name])
            form.changed_data.remove(name)
        run = shadow_runs.start(lane, wanted, by=request.user)  # type: ignore[arg-type]
        shadow_runs.queue(run)
        request._shadow_run = run  # type: ignore[attr-defined]

    def compared_first(self: Any, request: HttpRequest) -> HttpResponse | None:
        """To the page of the comparison that was asked for, if one was."""
        run: ShadowRun | None = getattr(request, "_shadow_run", None)
        if run is None:
            return None
        self.message_user(request, _("How the lane decides is not changed yet: look first at what would differ."))
        return HttpResponseRedirect(reverse("admin:access_shadowrun_change", args=[run.pk]))


class ShadowRunAdmin(ReadOnly, TenantAdmin):
    list_display = ("asked_at", "lane", "change", "state_label", "by_name", "saved_at")
    list_display_links = ("asked_at",)
    list_select_related = ("lane",)
    list_filter = ("lane",)
    change_form_template = "access/shadow.html"
    fields = ("created_at",)
    readonly_fields = fields

    @display(description=_("asked at"), ordering="created_at")
    def asked_at(self, row: ShadowRun) -> str:
        return moment(row.created_at)

    @display(description=_("change"))
    def change(self, row: ShadowRun) -> str:
        return ", ".join(f"{name}: {before} → {wanted}" for name, before, wanted in changes(row))

    @display(description=_("state"), label=COLOURS)
    def state_label(self, row: ShadowRun) -> Label:
        return Label(row.state, row.get_state_display())

    def get_urls(self) -> list[Any]:
        save = self.admin_site.admin_view(require_POST(self.save_change))
        return [path("<path:object_id>/save/", save, name="access_shadowrun_save"), *super().get_urls()]

    def save_change(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run: ShadowRun = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        try:
            lane = shadow_runs.save(run, by=request.user)  # type: ignore[arg-type]
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), "ERROR")
            return HttpResponseRedirect(reverse("admin:access_shadowrun_change", args=[run.pk]))
        self.message_user(request, _("Saved. The journal keeps what the comparison found."), "SUCCESS")
        return HttpResponseRedirect(reverse("admin:access_lane_change", args=[lane.pk]))

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        run: ShadowRun | None = self.get_object(request, object_id) if object_id else None
        context = dict(extra_context or {})
        if run is not None:
            context |= _shown(run) | {"may_save": self.may(request, Permission.CHANGE_DEVICES, run)}
            if run.differences:
                looked_through([run.condominium_id], by=request.user)  # type: ignore[arg-type]
        return super().changeform_view(request, object_id, form_url, context)


def changes(run: ShadowRun) -> list[tuple[str, str, str]]:
    """What would change: the field, as it is, as it would be, in words."""
    return [
        (str(_field(name).verbose_name), _words(name, run.before), _words(name, run.wanted)) for name in run.changed
    ]


def _field(name: str) -> Any:
    return Lane._meta.get_field(name)


def _words(name: str, settings: dict[str, Any]) -> str:
    choices = dict(_field(name).flatchoices)
    return str(choices.get(settings[name], settings[name]))


def _shown(run: ShadowRun) -> dict[str, Any]:
    groups = [
        (_("Known to be better"), Known.BETTER, run.counts["better"]),
        (_("Known to be worse"), Known.WORSE, run.counts["worse"]),
        (_("Not known: nobody said which vehicle it was"), Known.UNKNOWN, run.counts["unknown"]),
    ]
    rows = _rows(run)
    return {
        "run": run,
        "changes": changes(run),
        "groups": [(title, number, rows[kind][:SHOWN]) for title, kind, number in groups if number],
        "most": SHOWN,
    }


def _rows(run: ShadowRun) -> dict[str, list[Row]]:
    kept = Passage.objects.filter(pk__in=[UUID(each["passage"]) for each in run.differences]).select_related("lane")
    passages = {str(passage.pk): passage for passage in kept.filter(condominium_id=run.condominium_id)}
    plates = _plates(run)
    rows: dict[str, list[Row]] = {kind: [] for kind in Known}
    for each in run.differences:
        if passage := passages.get(each["passage"]):
            rows[each["known"]].append(
                Row(passage, plate(passage.shown_plate), _ruling(each["then"], plates), _ruling(each["now"], plates))
            )
    return rows


def _plates(run: ShadowRun) -> dict[int, str]:
    """Of the vehicles that are named, and still registered."""
    ids = {each[when]["vehicle"] for each in run.differences for when in ("then", "now")} - {None}
    vehicles = Vehicle.objects.filter(condominium_id=run.condominium_id, pk__in=ids) if ids else Vehicle.objects.none()
    return dict(vehicles.values_list("pk", "plate"))


def _ruling(told: dict[str, Any], plates: dict[int, str]) -> str:
    """A decision in words; of an opening, for whom."""
    if told["outcome"] == Outcome.OPEN:
        return format_html("{} <code>{}</code>", WORDS[Outcome.OPEN], plates.get(told["vehicle"], ""))
    reason = Reason(told["reason"]).label if told["reason"] in Reason else told["reason"]
    return f"{WORDS.get(told['outcome'], told['outcome'])}: {reason}"
