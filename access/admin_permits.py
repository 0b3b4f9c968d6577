"""Permits with their hours, visitors' passes, and the condominium's own holidays."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from access.admin_vehicles import PlateSearch, lanes_of
from access.models import Permit, PermitWindow
from access.permitting import PermitKind
from access.plate_html import plate
from access.visit_page import visit_page
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin, TenantTabularInline
from premises.tenant_forms import TenantForm
from premises.theme import Label, action, display

KIND_COLOURS = {PermitKind.RESIDENT: "success", PermitKind.VISITOR: "info", PermitKind.SERVICE: "warning"}


class DaysField(forms.TypedMultipleChoiceField):
    """Days of the week by their numbers, 0 being Monday, as boxes to tick."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget(attrs={"class": "cancela-days"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list(WEEKDAYS_ABBR.items()), coerce=int, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(map(str, initial or [])) != sorted(map(str, data or []))


class WindowForm(TenantForm):
    days = DaysField(label=_("days"))


class WindowInline(TenantTabularInline):
    model = PermitWindow
    form = WindowForm
    fields = ("days", "begins", "ends")
    verbose_name_plural = _("hours: without any, the permit holds at every hour")


class PermitAdmin(PlateSearch, TenantAdmin):
    list_display = (
        "vehicle_drawn",
        "kind_label",
        "whose",
        "lanes_shown",
        "hours",
        "valid_from",
        "valid_until",
        "is_active",
    )
    list_select_related = ("vehicle", "vehicle__unit", "vehicle__owner", "vehicle__owner__unit", "host")
    list_filter = ("kind", "is_active", "lanes")
    search_fields = ("note", "holder", "vehicle__owner__name")
    search_help_text = _("Plate or a part of it, owner, visitor, note")
    plate_fields = ("vehicle__plate_old", "vehicle__plate_mercosul", "vehicle__plate")
    autocomplete_fields = ("vehicle", "host")
    actions_list = ("announce",)
    inlines = (WindowInline,)
    fieldsets = (
        (None, {"fields": (("vehicle", "kind"), "lanes", ("is_active", "note"))}),
        (_("Visitor or service provider"), {"fields": (("host", "holder"),)}),
        (_("When"), {"fields": ("valid_from", "valid_until", ("single_entry", "on_holidays"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("lanes", "windows")

    @display(description=_("vehicle"), ordering="vehicle__plate")
    def vehicle_drawn(self, row: Permit) -> str:
        return plate(row.vehicle.plate)

    @display(description=_("kind"), ordering="kind", label=KIND_COLOURS)
    def kind_label(self, row: Permit) -> Label:
        return Label(row.kind, row.get_kind_display())

    @display(description=_("unit"))
    def whose(self, row: Permit) -> str:
        return " · ".join(filter(None, (str(row.host or row.vehicle.unit_name), row.holder)))

    @display(description=_("lanes"))
    def lanes_shown(self, row: Permit) -> str:
        return lanes_of(row)

    @display(description=_("hours"))
    def hours(self, row: Permit) -> str:
        if row.single_entry:
            return str(_("one entry"))
        return ", ".join(map(str, row.windows.all())) or str(_("every hour"))

    def has_announce_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.ANNOUNCE_VISITS)

    @action(description=_("Announce a visitor"), icon="person_add", permissions=["announce"])
    def announce(self, request: HttpRequest) -> HttpResponse:
        return visit_page(request)


class HolidayAdmin(TenantAdmin):
    list_display = ("date", "name")
    search_fields = ("name",)
    fields = (("date", "name"),)
