"""Vehicles, who may pass, and who never may."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from access import proposals, vehicles
from access.duplicates_page import duplicates_page
from access.export_page import export_page
from access.import_page import import_page
from access.look_up_page import look_up_page
from access.models import Passage, Permit, Vehicle, WatchlistEntry
from access.plate_html import plate
from access.plate_search import matching
from access.vehicle_actions import VehicleActions
from access.vehicle_filters import Contested
from access.vehicle_search import found_by
from access.whereabouts import entry_of
from premises.grants import grants
from premises.long_lists import LongList
from premises.roles import Permission
from premises.templatetags.cancela import moment
from premises.tenant_admin import TenantAdmin, TenantTabularInline
from premises.tenant_forms import TenantForm
from premises.theme import Label, action, display
from recognition import place_of_registration


class PlateSearch:
    """Lists that are searched by a part of a plate, however it is typed."""

    plate_fields: tuple[str, ...] = ("plate",)
    plate_key: str | None = None

    def get_search_results(self: Any, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found, distinct = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        if not search_term.strip():
            return found, distinct
        return found | queryset.filter(matching(search_term, plain=self.plate_fields, key=self.plate_key)), distinct


class PermitInline(TenantTabularInline):
    """Permits of a vehicle. Lanes are chosen on the permit's own page."""

    model = Permit
    fields = ("is_active", "kind", "valid_from", "valid_until", "lanes_shown")
    readonly_fields = ("lanes_shown",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("vehicle").prefetch_related("lanes")

    @display(description=_("lanes"))
    def lanes_shown(self, row: Permit) -> str:
        return lanes_of(row)


def lanes_of(permit: Permit) -> str:
    if permit._state.adding:
        return str(_("all lanes"))
    return ", ".join(str(lane) for lane in permit.lanes.all()) or str(_("all lanes"))


class VehicleForm(TenantForm):
    """Of a vehicle that is being registered."""

    permit = forms.BooleanField(
        label=_("may pass from now on, on all lanes"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
    )
    waiting = forms.BooleanField(
        label=_("only proposed: it waits for approval"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Nothing opens for it before somebody approves it."),
    )


class VehicleAdmin(LongList, VehicleActions, TenantAdmin):
    list_display = ("plate_drawn", "unit_shown", "owner", "make", "colour", "state_label", "permit_state", "place")
    list_select_related = ("unit", "owner", "owner__unit")
    list_per_page = 25  # a row with its buttons costs 5 ms
    list_filter = ("state", Contested, "unit")
    search_fields = ("owner__name", "unit__number", "make", "colour", "note")
    search_help_text = _("Plate or a part of it, owner, unit, make, colour")
    autocomplete_fields = ("owner", "unit")
    fields = ("plate", ("unit", "owner"), ("make", "colour"), "note", "state_told", "claim", "place", "inside")
    add_fieldsets = ((None, {"fields": ("plate", ("unit", "owner"), ("make", "colour"), "note", "permit", "waiting")}),)
    readonly_fields = ("state_told", "claim", "place", "inside")
    actions_list = (
        "look_up",
        {"title": _("List"), "icon": "list_alt", "items": ["import_list", "export_list", "duplicates"]},
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        passed = Exists(Passage.objects.filter(vehicle=OuterRef("pk")))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(passed=passed)
        return rows.prefetch_related("permits")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(found_by(search_term, grants(request).of("registry.view"))), False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that has passed is signed off instead: what passed is told by it."""
        return not getattr(obj, "passed", False) and super().has_delete_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = VehicleForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Another plate is another vehicle: passages and permits of this one were decided by its plate.
        return [*super().get_readonly_fields(request, obj), *(["plate"] if obj else [])]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [PermitInline] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        details = {name: form.cleaned_data[name] for name in ("owner", "unit", "make", "colour", "note")}
        by: Any = request.user
        if form.cleaned_data["waiting"]:
            made = proposals.propose_vehicle(obj.condominium, obj.plate, by=by, **details)
            assert made is not None  # only a resident is told nothing
        else:
            permit = form.cleaned_data["permit"]
            made = vehicles.register_vehicle(obj.condominium, obj.plate, by=by, permit=permit, **details)
        obj.pk = made.pk
        obj._state.adding = False

    @display(description=_("plate"), ordering="plate")
    def plate_drawn(self, row: Vehicle) -> str:
        return plate(row.plate)

    @display(description=_("unit"), ordering="unit")
    def unit_shown(self, row: Vehicle) -> str:
        return row.unit_name

    @display(
        description=_("state"), ordering="state", label={"waiting": "warning", "active": "success", "ended": "default"}
    )
    def state_label(self, row: Vehicle) -> Label:
        return Label(row.state, row.get_state_display())

    @display(description=_("state"))
    def state_told(self, row: Vehicle) -> str:
        if row.ended_at is None:
            return row.get_state_display()
        words = {"state": row.get_state_display(), "at": date_format(localtime(row.ended_at), "j M Y, H:i")}
        said = str(_("%(state)s at %(at)s") % words)
        return f"{said}: {row.ended_because}" if row.ended_because else said

    @display(description=_("also proposed by"))
    def claim(self, row: Vehicle) -> str:
        person = row.claimed_by
        return " · ".join(str(each) for each in (person.unit, person) if each) if person else ""

    @display(description=_("permit"), label={"yes": "success", "no": "warning"})
    def permit_state(self, row: Vehicle) -> Label:
        valid = any(permit.is_active for permit in row.permits.all())
        return Label("yes", _("has a permit")) if valid else Label("no", _("no permit"))

    @display(description=_("first registered in"))
    def place(self, row: Vehicle) -> str:
        found = place_of_registration(row.plate)
        return f"{found.name} ({found.code})" if found else ""

    def has_import_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_REGISTRY)

    def get_object(self, request: HttpRequest, object_id: Any, from_field: Any = None) -> Any:
        """The vehicle with the passage by which it came in, if it is inside: a page asks for that several times."""
        vehicle = super().get_object(request, object_id, from_field)
        if vehicle is not None:
            vehicle.entry = entry_of(vehicle)
        return vehicle

    @display(description=_("inside"))
    def inside(self, row: Any) -> str:
        """Since when, as far as its passages tell."""
        entry = getattr(row, "entry", None)
        return str(_("since %(time)s") % {"time": moment(entry.opened_at)} if entry else _("not known to be"))

    @action(description=_("Whose plate is this?"), icon="person_search", permissions=["view"])
    def look_up(self, request: HttpRequest) -> HttpResponse:
        return look_up_page(request)

    @action(description=_("Import list"), icon="upload_file", permissions=["import"])
    def import_list(self, request: HttpRequest) -> HttpResponse:
        return import_page(request)

    @action(description=_("Export list"), icon="download", permissions=["import"])
    def export_list(self, request: HttpRequest) -> HttpResponse:
        return export_page(request)

    @action(description=_("Duplicates"), icon="content_copy", permissions=["view"])
    def duplicates(self, request: HttpRequest) -> HttpResponse:
        return duplicates_page(request)


class WatchlistAdmin(PlateSearch, TenantAdmin):
    list_display = ("plate_drawn", "kind_label", "note", "is_active", "created_at")
    list_filter = ("kind", "is_active")
    search_fields = ("note",)
    search_help_text = _("Plate or a part of it, note")
    plate_fields = ("plate", "plate_key")
    plate_key = "plate_key"
    fields = ("plate", "kind", "note", "is_active")

    @display(description=_("plate"), ordering="plate")
    def plate_drawn(self, row: WatchlistEntry) -> str:
        return plate(row.plate)

    @display(description=_("why"), ordering="kind", label={"stolen": "danger", "banned": "danger", "other": "warning"})
    def kind_label(self, row: WatchlistEntry) -> Label:
        return Label(row.kind, row.get_kind_display())
