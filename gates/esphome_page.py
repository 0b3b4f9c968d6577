"""The page that hands out an ESPHome configuration: the chip is asked, the file is downloaded."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from gates.board_forms import EspHomeForm
from gates.broker_config import broker_address
from gates.dialects.names import DialectName
from gates.esphome import Chip, Node, PinsError, Relay, configuration, secrets_of
from gates.models import Controller
from premises import pages


def answer(request: HttpRequest, controller: Controller, *, back: str) -> HttpResponse:
    form = EspHomeForm(request.POST or None)
    if request.method == "POST" and controller.dialect != DialectName.ESPHOME:
        form.is_valid()
        form.add_error(None, _("This controller does not speak ESPHome."))
    elif form.is_valid() and (file := _file(controller, form)):
        return file
    return _ask(request, controller, form, back)


def _file(controller: Controller, form: EspHomeForm) -> HttpResponse | None:
    node = node_of(controller, Chip(form.cleaned_data["chip"]), tls=form.cleaned_data["tls"])
    try:
        text = configuration(node, relays_of(controller))
    except PinsError:
        form.add_error("chip", _("This chip has not enough pins for all gates and their switches."))
        return None
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{controller.device}.yaml"'
    return response


def node_of(controller: Controller, chip: Chip, *, tls: bool) -> Node:
    host, port = broker_address()
    device = controller.device
    return Node(device, device, controller.topic, host, 8883 if tls else port, chip, tls)


def relays_of(controller: Controller) -> list[Relay]:
    """Those that are called as in our file; what somebody else's file names is not ours to write."""
    gates = controller.gates.filter(entity="").order_by("relay")
    return [Relay(gate.relay, gate.name, gate.pulse_ms, gate.has_position_switch) for gate in gates]


def _ask(request: HttpRequest, controller: Controller, form: Any, back: str) -> HttpResponse:
    needed = ", ".join(secrets_of(node_of(controller, Chip.ESP32, tls=True)))
    return pages.ask(
        request,
        title=_("ESPHome file for %(controller)s") % {"controller": controller},
        intro=_("It has no secrets in it. Put these beside it, in secrets.yaml: %(names)s.") % {"names": needed},
        form=form,
        submit=_("Download the file"),
        back=back,
    )
