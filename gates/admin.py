"""Admin pages of controllers, gates and what was asked of them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gates import admin_keys
from gates.admin_controllers import ControllerAdmin
from gates.admin_homes import HomeAssistantAdmin
from gates.board_shown import promises
from gates.dialects.names import DialectName
from gates.models import Controller, Gate, GateCommand, HomeAssistant, KeyList, KeyUse
from gates.shown import (
    COMMAND_COLOURS,
    CONTROLLER_COLOURS,
    POSITION_COLOURS,
    STANDING_COLOURS,
    controller_label,
    position_label,
    standing_label,
    told_in_journal,
    why_not,
)
from premises import journal_words
from premises.admin_filters import Days
from premises.long_lists import LongList
from premises.tenant_admin import ReadOnly, TenantAdmin
from premises.theme import Label, display

admin.site.register(Controller, ControllerAdmin)
admin.site.register(HomeAssistant, HomeAssistantAdmin)
admin.site.register(KeyList, admin_keys.KeyListAdmin)
admin.site.register(KeyUse, admin_keys.KeyUseAdmin)
for kept in ("opened_offline", "refused_offline", "reader_locked", "log_gap", "key_refused"):
    journal_words.TELLERS[f"gate.{kept}"] = admin_keys.told_in_journal
journal_words.TELLERS["gate"] = journal_words.TELLERS["gates"] = told_in_journal


@admin.register(Gate)
class GateAdmin(TenantAdmin):
    """Gates. The button that opens one is added by access, which keeps a picture of it."""

    list_display = ("name", "position_shown", "controller", "controller_state", "relay", "hold", "standing_shown")
    list_select_related = ("controller", "condominium")
    list_filter = ("on_hold", "standing", "controller")
    search_fields = ("name",)
    fieldsets = (
        # Where it stands, what was ordered and who stopped it is said above them, and renewed there.
        (None, {"fields": ("name", ("controller", "relay"), "way_out")}),
        (_("Pulse"), {"fields": (("pulse_ms", "life_ms"), "has_position_switch")}),
        (_("What its board guarantees"), {"fields": ("promises",)}),
    )

    readonly_fields = ("promises",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sets = super().get_fieldsets(request, obj)
        if obj is not None and obj.controller is not None and obj.controller.dialect == DialectName.ESPHOME:
            sets[-1][1]["fields"] = [*sets[-1][1]["fields"], "entity"]
        return sets

    @display(description=_("guarantees"))
    def promises(self, row: Gate) -> Any:
        return promises(row.controller)

    @display(description=_("position"), label=POSITION_COLOURS)
    def position_shown(self, row: Gate) -> Any:
        return position_label(row)

    @display(description=_("controller's state"), label=CONTROLLER_COLOURS)
    def controller_state(self, row: Gate) -> Any:
        return controller_label(row.controller)

    @display(description=_("in use"), label={"hold": "danger", "open": "success"})
    def hold(self, row: Gate) -> Any:
        return Label("hold", _("on hold")) if row.on_hold else Label("open", _("in use"))

    @display(description=_("order"), ordering="standing", label=STANDING_COLOURS)
    def standing_shown(self, row: Gate) -> Any:
        return standing_label(row)


@admin.register(GateCommand)
class GateCommandAdmin(LongList, ReadOnly, TenantAdmin):
    """What was asked of the gates, and how far it came."""

    list_display = ("requested_at", "gate", "state_label", "requested_by_name", "reason", "problem_shown")
    list_select_related = ("gate",)
    list_filter = (("requested_at", Days), "gate", "state")
    search_fields = ("requested_by_name", "reason")
    search_help_text = _("Who asked, or the reason")
    actions = None
    fields: tuple[Any, ...] = (
        "gate",
        "state",
        "requested_by_name",
        "reason",
        "problem_shown",
        "pulse_ms",
        ("requested_at", "sent_at", "accepted_at"),
        ("pulsed_at", "confirmed_at", "ended_at"),
        "expires_at",
    )
    readonly_fields: tuple[Any, ...] = ("problem_shown",)

    @display(description=_("state"), ordering="state", label=COMMAND_COLOURS)
    def state_label(self, row: GateCommand) -> Label:
        return Label(row.state, row.get_state_display())

    @display(description=_("why not"))
    def problem_shown(self, row: GateCommand) -> str:
        return why_not(row)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "passages.view")
