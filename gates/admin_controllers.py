"""Admin page of controllers: registered once, their secrets shown once."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gates import controllers
from gates.controllers import Credentials
from gates.models import Controller
from gates.provisioning import board_config
from gates.shown import CONTROLLER_COLOURS, controller_label
from premises import pages
from premises.roles import Permission
from premises.tenant_admin import TenantAdmin
from premises.theme import Label, action, display


class ControllerAdmin(TenantAdmin):
    list_display = ("name", "device", "state", "heard_at", "firmware", "last_problem")
    search_fields = ("name", "device")
    fields = ("name", "device", "state", ("heard_at", "firmware"), "last_problem")
    add_fieldsets = ((None, {"fields": ("name", "device")}),)
    readonly_fields = ("state", "heard_at", "firmware", "last_problem")
    actions_detail = ("renew", "retire")

    @display(description=_("state"), label=CONTROLLER_COLOURS)
    def state(self, row: Controller) -> Label:
        return controller_label(row)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The name by which the broker knows it; another name is another controller.
        return [*super().get_readonly_fields(request, obj), *(["device"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Taken out of service instead, so that the broker forgets it too and its commands keep their gate.
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, obj.credentials = controllers.register(
            obj.condominium,
            obj.name,
            obj.device,
            by=request.user,  # type: ignore[arg-type]
        )
        obj.pk = made.pk
        obj._state.adding = False

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._show(request, obj, obj.credentials)

    def has_device_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Permission.CHANGE_DEVICES)

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
    """The file that makes a board this controller, once."""
    host, port = _broker()
    config = json.dumps(board_config(credentials, host=host, port=port), indent=1)
    return pages.show_once(
        request,
        title=_("Secrets of %(controller)s") % {"controller": controller},
        intro=_("Put this file on the board as config.json, with its Wi-Fi and the address of the broker."),
        values=[
            (_("config.json"), config),
            (_("password at the broker"), credentials.password),
            (_("key"), credentials.key),
        ],
        back=back,
    )


@transaction.atomic
def _renew(request: HttpRequest, controller: Controller) -> Credentials:
    if not controller.is_active:
        controller.is_active = True
        controller.save(update_fields=["is_active"])
    return controllers.rotate(controller, by=request.user)  # type: ignore[arg-type]


def _address(controller: Controller) -> str:
    return reverse("admin:gates_controller_change", args=[controller.pk])


def _broker() -> tuple[str, int]:
    """Where boards find the broker, as far as the settings tell."""
    host, _colon, port = settings.MQTT_LISTEN.rpartition(":")
    return host, int(port)
