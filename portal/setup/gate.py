"""The fifth step: which gate opens there, and the board that moves it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from access import lanes
from access.models import Lane
from gates import controllers, registering
from gates.admin_controllers import show_secrets
from gates.controllers import Credentials
from gates.models import Controller, Gate, device_name
from portal.setup.entering import lane_of, show, user_of
from portal.setup.steps import Sitting

NEW = "new"


class GateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A gate, and one of the condominium's boards or a new one."""

    board = forms.ChoiceField(label=_("Controller (the board that moves it)"))
    board_name = forms.CharField(label=_("Name of the new controller"), max_length=80, required=False)
    device = forms.CharField(
        label=_("Its device name"),
        max_length=40,
        required=False,
        validators=[device_name],
        help_text=_("By this name the board signs in at the broker: lower-case letters, digits, - and _."),
    )

    class Meta:
        model = Gate
        fields = ("name", "relay", "pulse_ms", "has_position_switch")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Controller.objects.filter(condominium_id=self.instance.condominium_id, is_active=True)
        board: Any = self.fields["board"]
        board.choices = [*((str(each.pk), each.name) for each in own), (NEW, _("A new board"))]
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("board") == NEW:
            for name in ("board_name", "device"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A new board needs this."))
        elif "board" in cleaned:
            self.instance.controller = Controller.objects.get(pk=cleaned["board"])
        return cleaned


def page(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    lane = lane_of(sitting)
    if "without" in request.POST:
        lanes.fit_gate(lane, None, by=user_of(request))
        return HttpResponseRedirect(sitting.address("vehicles"))
    form = GateForm(request.POST or None, instance=_gate(lane), initial=_initial(lane))
    if form.is_valid():
        try:
            credentials = _kept(request, lane, form)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            return _after(request, sitting, form.instance.controller, credentials)
    return show(request, sitting, "gate", form=form, lane=lane)


def _gate(lane: Lane) -> Gate:
    return lane.gate or Gate(condominium_id=lane.condominium_id)


def _initial(lane: Lane) -> dict[str, Any]:
    boards = Controller.objects.filter(condominium_id=lane.condominium_id, is_active=True)
    board = (lane.gate.controller if lane.gate else None) or boards.order_by("-pk").first()
    number = Controller.objects.count() + 1
    name = {} if lane.gate else {"name": _("Gate: %(lane)s") % {"lane": lane}}
    return name | {
        "board": str(board.pk) if board else NEW,
        "board_name": _("Board of the gatehouse"),
        "device": f"{lane.condominium.slug[:30]}-{number}",
    }


@transaction.atomic
def _kept(request: HttpRequest, lane: Lane, form: GateForm) -> Credentials | None:
    """The gate with its board, the lane fitted with it; credentials where the board is new."""
    by, credentials, gate = user_of(request), None, form.instance
    if form.cleaned_data["board"] == NEW:
        names = form.cleaned_data["board_name"], form.cleaned_data["device"]
        gate.controller, credentials = controllers.register(lane.condominium, *names, by=by)
    gate.full_clean()
    registering.keep(gate, by=by, fields=form.changed_data)
    lanes.fit_gate(lane, gate, by=by)
    return credentials


def _after(
    request: HttpRequest, sitting: Sitting, controller: Controller | None, credentials: Credentials | None
) -> HttpResponse:
    """To the test pulse; by way of the new board's secrets, which are shown this once."""
    if controller is None or credentials is None:
        return HttpResponseRedirect(sitting.address("pulse"))
    return show_secrets(request, controller, credentials, back=sitting.address("pulse"))
