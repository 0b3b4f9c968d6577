"""Admin page of controllers: registered once, their secrets shown once."""

import json
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gates import controllers, esphome_page
from gates.board_forms import OF_BOARDS, ControllerForm, shown_for
from gates.board_setup import Broker, setup_of
from gates.board_shown import promises
from gates.broker_config import broker_address
from gates.controllers import Credentials
from gates.dialects import DIALECTS
from gates.dialects.names import DialectName
from gates.models import Controller
from gates.provisioning import board_config
from gates.shown import CONTROLLER_COLOURS, controller_label
from premises import pages
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin
from premises.theme import Label, action, display


class ControllerAdmin(TenantAdmin):
    form = ControllerForm
    list_display = ("name", "device", "dialect", "state", "heard_at", "firmware", "last_problem")
    search_fields = ("name", "device")
    fields: tuple[Any, ...] = ("name", "device", "dialect", "state", ("heard_at", "firmware"), "last_problem")
    add_fieldsets = ((None, {"fields": ("name", "device", "dialect", *OF_BOARDS)}),)
    conditional_fields = shown_for()
    readonly_fields = ("state", "heard_at", "firmware", "last_problem", "promises")
    actions_detail = ("esphome", "renew", "retire")

    @display(description=_("state"), label=CONTROLLER_COLOURS)
    def state(self, row: Controller) -> Label:
        return controller_label(row)

    @display(description=_("guarantees"))
    def promises(self, row: Controller) -> Any:
        return promises(row)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sets = super().get_fieldsets(request, obj)
        if obj is not None:
            asked = () if obj.is_signed else ("topic", *DIALECTS[obj.dialect].needs)
            sets[0][1]["fields"] = [*sets[0][1]["fields"], *asked, "promises"]
        return sets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The name by which the broker knows it, and what it speaks; another is another controller.
        return [*super().get_readonly_fields(request, obj), *(["device", "dialect"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Taken out of service instead, so that the broker forgets it too and its commands keep their gate.
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            controllers.tell_broker(obj)
            return
        made, obj.credentials = controllers.register(
            obj.condominium,
            obj.name,
            obj.device,
            by=request.user,  # type: ignore[arg-type]
            dialect=obj.dialect,
            **{field: getattr(obj, field) for field in OF_BOARDS if not obj.is_signed},
        )
        obj.pk = made.pk
        obj._state.adding = False

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._show(request, obj, obj.credentials)

    def has_device_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_DEVICES)

    def has_esphome_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_DEVICES)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        # The button is for boards that read such a file.
        buttons: list[Any] = super().get_actions_detail(request, object_id)
        if Controller.objects.filter(pk=object_id, dialect=DialectName.ESPHOME).exists():
            return buttons
        return [button for button in buttons if button.path != "esphome"]

    @action(description=_("ESPHome file"), icon="download", permissions=["esphome"])
    def esphome(self, request: HttpRequest, object_id: str) -> HttpResponse:
        controller: Controller = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        return esphome_page.answer(request, controller, back=_address(controller))

    @action(description=_("New key"), icon="key", permissions=["device_change"])
    def renew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        controller: Controller = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        if request.method == "POST":
            return self._show(request, controller, _renew(request, controller))
        return self._confirm(
            request,
            controller,
            _("New key for %(controller)s"),
            _("The board is shut out until it has the new file. Where it was out of service, it is back in."),
            _("Make a new key"),
        )

    @action(description=_("Take out of service"), icon="block", permissions=["device_change"])
    def retire(self, request: HttpRequest, object_id: str) -> HttpResponse:
        controller: Controller = self.fetch(request, object_id, Permission.CHANGE_DEVICES)
        if request.method == "POST":
            controllers.revoke(controller, by=request.user)  # type: ignore[arg-type]
            self.message_user(request, _("The controller is out of service."), "SUCCESS")
            return HttpResponseRedirect(_address(controller))
        return self._confirm(
            request,
            controller,
            _("Take %(controller)s out of service"),
            _("The broker shuts it out at once, and its gates are not opened by us any more."),
            _("Take out of service"),
        )

    def _confirm(
        self, request: HttpRequest, controller: Controller, title: Any, intro: Any, submit: Any
    ) -> HttpResponse:
        return pages.ask(
            request,
            title=title % {"controller": controller},
            intro=intro,
            form=forms.Form(),
            submit=submit,
            back=_address(controller),
            danger=True,
        )

    def _show(self, request: HttpRequest, controller: Controller, credentials: Credentials) -> HttpResponse:
        return show_secrets(request, controller, credentials, back=_address(controller))


def show_secrets(request: HttpRequest, controller: Controller, credentials: Credentials, *, back: str) -> HttpResponse:
    """What makes a board this controller, once."""
    intro, values = _secrets(controller, credentials)
    return pages.show_once(
        request,
        title=_("Secrets of %(controller)s") % {"controller": controller},
        intro=intro,
        values=values,
        back=back,
    )


def _secrets(controller: Controller, credentials: Credentials) -> tuple[Any, list[tuple[Any, str]]]:
    host, port = broker_address()
    if not controller.is_signed:
        intro = _("Enter this on the board. With it, the broker lets it use its own topics, and no others.")
        return intro, setup_of(controller, credentials, Broker(host, port))
    config = json.dumps(board_config(credentials, host=host, port=port), indent=1)
    return _("Put this file on the board as config.json, with its Wi-Fi and the address of the broker."), [
        (_("config.json"), config),
        (_("password at the broker"), credentials.password),
        (_("key"), credentials.key),
    ]


@transaction.atomic
def _renew(request: HttpRequest, controller: Controller) -> Credentials:
    if not controller.is_active:
        controller.is_active = True
        controller.save(update_fields=["is_active"])
    return controllers.rotate(controller, by=request.user)  # type: ignore[arg-type]


def _address(controller: Controller) -> str:
    return reverse("admin:gates_controller_change", args=[controller.pk])
