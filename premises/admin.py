"""Admin pages of condominiums, their units and people, and the journal."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from premises.admin_accounts import ApiClientAdmin, MembershipAdmin, UserAdmin
from premises.admin_journal import JournalEntryAdmin
from premises.models import ApiClient, Condominium, JournalEntry, Membership, Person, Unit, User
from premises.tenant_admin import TenantAdmin, TenantTabularInline
from premises.theme import Label, display

admin.site.unregister(Group)
admin.site.register(Membership, MembershipAdmin)
admin.site.register(ApiClient, ApiClientAdmin)
admin.site.register(User, UserAdmin)
admin.site.register(JournalEntry, JournalEntryAdmin)


@admin.register(Condominium)
class CondominiumAdmin(TenantAdmin):
    """A manager keeps the own condominium's data; only the installation's owner adds one. None is deleted."""

    form: Any = ModelForm
    list_display = ("name", "city", "time_zone", "hold")
    search_fields = ("name", "city")
    fields = (
        ("name", "slug"),
        ("city", "state"),
        "time_zone",
        "hold",
        ("held_by", "held_because"),
        ("locked_by", "locked_because"),
    )
    readonly_fields = ("hold", "held_by", "held_because", "locked_by", "locked_because")

    @display(description=_("gates"), label={"hold": "danger", "locked": "danger", "open": "success"})
    def hold(self, row: Condominium) -> Any:
        if row.locked_down and not row.gates_on_hold:
            return Label("locked", _("locked down"))
        return Label("hold", _("all on hold")) if row.gates_on_hold else Label("open", _("in use"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        empty = obj is None and request.user.is_superuser
        return empty or super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else [*fixed, "slug"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}


class PersonInline(TenantTabularInline):
    model = Person
    fields = ("name", "phone", "email", "note")
    verbose_name_plural = _("people of this unit")


@admin.register(Unit)
class UnitAdmin(TenantAdmin):
    list_display = ("shown", "places", "note")
    search_fields = ("number", "block")
    search_help_text = _("Number or block")
    fields = (("block", "number"), ("places", "note"))
    inlines = (PersonInline,)

    @display(description=_("unit"), ordering="number")
    def shown(self, row: Unit) -> str:
        return str(row)


@admin.register(Person)
class PersonAdmin(TenantAdmin):
    list_display = ("name", "unit", "phone", "email", "note")
    list_select_related = ("unit",)
    search_fields = ("name", "email", "phone", "unit__number", "unit__block")
    search_help_text = _("Name, phone, e-mail or unit")
    autocomplete_fields = ("unit",)
    fields = ("name", "unit", ("phone", "email"), "note")
