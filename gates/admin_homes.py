"""Admin page of Home Assistants: registered once, the password shown once, switched off and on."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gates import homes
from gates.broker_config import broker_address
from gates.models import HomeAssistant
from premises import pages
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin
from premises.tenant_forms import TenantForm
from premises.theme import Label, action, display


class HomeForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "user" in cleaned and "prefix" in cleaned:
            homes.check(cleaned["user"], cleaned["prefix"])
        return cleaned


class HomeAssistantAdmin(TenantAdmin):
    form = HomeForm
    list_display = ("user", "announced", "takes_commands", "tells_plates", "last_problem")
    search_fields = ("user",)
    fields: tuple[Any, ...] = ("user", "prefix", "announces", "takes_commands", "tells_plates", "last_problem")
    readonly_fields = ("last_problem",)
    actions_detail = ("renew",)

    @display(description=_("announced"), label={"on": "success", "off": "warning"})
    def announced(self, row: HomeAssistant) -> Label:
        return Label("on", _("announced")) if row.announces else Label("off", _("switched off"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # What lies at the broker under these names is taken back by them: another name is another Home Assistant.
        return [*super().get_readonly_fields(request, obj), *(["user", "prefix"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Switched off instead, so that what was announced is taken back.
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            homes.adjust(obj, by=request.user, fields=form.changed_data)  # type: ignore[arg-type]
        else:
            obj.password = homes.register(obj, by=request.user)  # type: ignore[arg-type]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return _show(request, obj, obj.password)

    def has_renew_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_DEVICES)

    @action(description=_("New password"), icon="key", permissions=["renew"])
    def renew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        home: HomeAssistant = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        if request.method == "POST":
            return _show(request, home, homes.renew(home, by=request.user))  # type: ignore[arg-type]
        return pages.ask(
            request,
            title=_("New password for %(name)s") % {"name": home},
            intro=_("Home Assistant is shut out until the new password is entered there."),
            form=forms.Form(),
            submit=_("Make a new password"),
            back=_address(home),
            danger=True,
        )


def _show(request: HttpRequest, home: HomeAssistant, password: str) -> HttpResponse:
    host, port = broker_address()
    return pages.show_once(
        request,
        title=_("Password of %(name)s") % {"name": home},
        intro=_("Enter this in Home Assistant: Settings, Devices & services, MQTT."),
        values=[
            (_("broker"), f"{host}:{port}"),
            (_("user"), home.user),
            (_("password at the broker"), password),
            (_("discovery prefix"), home.prefix),
        ],
        back=_address(home),
    )


def _address(home: HomeAssistant) -> str:
    return reverse("admin:gates_homeassistant_change", args=[home.pk])
