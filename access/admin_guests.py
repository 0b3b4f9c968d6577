"""Links that residents sent to their guests, for who keeps the register: shown, never made here."""

from django.utils.translation import gettext_lazy as _

from access.models import GuestLink
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import display


class GuestLinkAdmin(ReadOnly, TenantAdmin):
    list_display = ("note", "host", "valid_until", "used_at", "taken_back_at", "created_at")
    list_select_related = ("host",)
    list_filter = ("single_entry",)
    search_fields = ("note", "host__number", "greeting")
    fields = (
        ("host", "invited"),
        ("note", "greeting"),
        ("valid_from", "valid_until", "single_entry"),
        ("created_at", "used_at", "taken_back_at"),
        "permit",
    )
    readonly_fields = ("invited",)

    @display(description=_("invited by"))
    def invited(self, row: GuestLink) -> str:
        return str(row.invited_by)
