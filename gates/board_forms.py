"""Forms of boards: which dialect, and what that dialect needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from gates.dialects import DIALECTS
from gates.esphome import Chip
from premises.tenant_forms import TenantForm

# What only boards of other makes have, and what Alpine, the theme's script, shows each field by.
OF_BOARDS = ("topic", "payload_on", "payload_off", "status_topic", "opens_unheard")


def shown_for() -> dict[str, str]:
    """For each field, when it is shown: while a dialect is chosen that needs it."""
    return {"topic": _chosen(list(DIALECTS))} | {
        field: _chosen([name for name, dialect in DIALECTS.items() if field in dialect.needs])
        for field in OF_BOARDS[1:]
    }


def _chosen(dialects: list[str]) -> str:
    names = ", ".join(f"'{name}'" for name in dialects)
    # Once registered it cannot be chosen any more, and the page has only what it needs.
    return f"typeof dialect === 'undefined' || [{names}].includes(dialect)"


class ControllerForm(TenantForm):
    """What is left out keeps its default: a board of our own needs a name and a device only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("dialect", "payload_on", "payload_off"):
            if name in self.fields:
                self.fields[name].required = False


class EspHomeForm(forms.Form):
    chip = forms.ChoiceField(
        label=_("chip"),
        choices=[(Chip.ESP32, "ESP32"), (Chip.ESP8266, "ESP8266")],
        widget=UnfoldAdminSelectWidget,
    )
    tls = forms.BooleanField(
        label=_("TLS"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("ESP32 only. The broker's certificate goes into secrets.yaml."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("tls") and cleaned.get("chip") == Chip.ESP8266:
            self.add_error("tls", _("An ESP8266 has no room for TLS in ESPHome."))
        return cleaned
