"""Pages on which a gate is held open until a time, locked down, or freed; each asks for the reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget

from access.hold_pages import AllForm, ReasonForm, asked_of, asked_of_all
from access.shown_gate import shown_gate
from gates import standing, stands
from gates.models import Gate
from gates.order_states import Standing
from premises import pages
from premises.models import Condominium
from premises.roles import Permission
from premises.theme import action

HOLDS = _(
    "It stays open until then, whoever comes. It closes earlier when it is let go or stopped, and when its controller "
    "cannot be reached for a minute."
)
LOCKS = _(
    "Nothing of ours opens it until it is freed: no plate, no button here. The button at the gate still lets out."
)
FREES = _("It opens again to who may pass, and closes as it usually does.")
LOCKS_ALL = _(
    "Nobody is let in until this is ended; who leaves may leave. Gates that nobody leaves by open to nobody, but for "
    "the button at the gate."
)
HOW_LONG = (
    ("15", _("15 minutes")),
    ("30", _("30 minutes")),
    ("60", _("1 hour")),
    ("120", _("2 hours")),
    ("240", _("4 hours")),
)


class HowLong(forms.Form):
    minutes = forms.ChoiceField(
        label=_("for how long"),
        choices=HOW_LONG,
        initial="15",
        widget=UnfoldAdminRadioSelectWidget(radio_style=2),
        help_text=_("More than an hour only where the controller's own file allows it."),
    )

    def until(self) -> Any:
        return timezone.now() + timedelta(minutes=int(self.cleaned_data["minutes"]))


class HoldForm(ReasonForm, HowLong):
    field_order = ("minutes", "reason")


class HoldAllForm(AllForm, HowLong):
    field_order: Any = ("condominium", "minutes", "reason")


class StandingPages:
    """For the admin page of gates, beside the kill switch's."""

    @action(description=_("Hold open…"), icon="door_open", permissions=["open"])
    def hold_open(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        gate: Gate = self.fetch(request, object_id, Permission.OPEN_GATES)
        form, back = HoldForm(request.POST or None), reverse("admin:gates_gate_change", args=[gate.pk])
        if form.is_valid() and _held(request, gate, form):
            return HttpResponseRedirect(back)
        title = _("Hold %(gate)s open?") % {"gate": gate}
        return pages.ask(request, title=title, intro=HOLDS, form=form, submit=_("Hold open"), back=back, danger=True)

    @action(description=_("Lock down…"), icon="lock", permissions=["open"])
    def lock_down(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        gate: Gate = self.fetch(request, object_id, Permission.OPEN_GATES)
        title = _("Lock %(gate)s down?") % {"gate": gate}
        return asked_of(request, gate, title, LOCKS, _("Lock down"), standing.lock_down)

    @action(description=_("Free…"), icon="lock_reset", permissions=["open"])
    def release(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        gate: Gate = self.fetch(request, object_id, Permission.OPEN_GATES)
        title = _("End what stands at %(gate)s?") % {"gate": gate}
        return asked_of(request, gate, title, FREES, _("Free"), standing.release)

    @action(description=_("Hold all open…"), icon="door_open", permissions=["open"])
    def hold_all_open(self: Any, request: HttpRequest) -> HttpResponse:
        choices = Condominium.objects.restrict(request.user, Permission.OPEN_GATES)
        form, back = HoldAllForm(request.POST or None, choices=choices), reverse("admin:gates_gate_changelist")
        if form.is_valid() and _all_held(request, form):
            return HttpResponseRedirect(back)
        title = _("Hold all gates open?")
        return pages.ask(request, title=title, intro=HOLDS, form=form, submit=_("Hold open"), back=back, danger=True)

    @action(description=_("Let all go…"), icon="lock_reset", permissions=["open"])
    def let_all_go(self: Any, request: HttpRequest) -> HttpResponse:
        title = _("Hold no gate open any more?")
        return asked_of_all(request, {}, title, FREES, _("Let go"), _let_all_go)

    @action(description=_("Lock all down…"), icon="lock", permissions=["open"])
    def lock_all_down(self: Any, request: HttpRequest) -> HttpResponse:
        title = _("Lock the condominium down?")
        return asked_of_all(
            request, {"locked_down": False}, title, LOCKS_ALL, _("Lock all down"), standing.lock_all_down
        )

    @action(description=_("End lock-down…"), icon="lock_open", permissions=["open"])
    def free_all(self: Any, request: HttpRequest) -> HttpResponse:
        title = _("End the condominium's lock-down?")
        intro = _("A gate that was locked down by itself stays so.")
        return asked_of_all(request, {"locked_down": True}, title, intro, _("End it"), standing.free_all)

    def get_actions_detail(self: Any, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what fits the gate as it stands."""
        row = shown_gate(request, object_id)
        unfit = _unfit(row) if row is not None else ()
        buttons = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in buttons if button.method.__name__ not in unfit]


UNFIT = {Standing.FREE: ("release",), Standing.OPEN: (), Standing.LOCKED: ("hold_open", "lock_down")}


def _unfit(gate: Gate) -> tuple[str, ...]:
    """What it makes no sense to ask for now; a board of another make holds nothing open."""
    unfit = UNFIT[Standing(gate.standing)]
    tellable = gate.controller is not None and gate.controller.is_signed
    return unfit if tellable and not stands.is_stopped(gate) else (*unfit, "hold_open")


def _held(request: HttpRequest, gate: Gate, form: HoldForm) -> bool:
    until = form.until()
    held = _tried(form, lambda: standing.hold_open(gate, **_order(request, form, until)))
    if held:
        messages.success(request, _("Held open until %(time)s.") % {"time": _time(until)})
    return held


def _all_held(request: HttpRequest, form: HoldAllForm) -> bool:
    condominium, until, left = form.cleaned_data["condominium"], form.until(), {}

    def turn() -> None:
        left.update(standing.hold_all_open(condominium, **_order(request, form, until)))

    if not _tried(form, turn):
        return False
    for gate, why in left.items():
        messages.error(request, _("%(gate)s could not be held open: %(why)s") % {"gate": gate, "why": why})
    messages.success(request, _("The others are held open until %(time)s.") % {"time": _time(until)})
    return True


def _order(request: HttpRequest, form: HowLong, until: Any) -> dict[str, Any]:
    return {"until": until, "by": request.user, "reason": form.cleaned_data["reason"]}


def _tried(form: forms.Form, turn: Callable[[], Any]) -> bool:
    """Carry it out, or say in the form why not."""
    try:
        turn()
    except PermissionDenied as problem:
        form.add_error(None, str(problem))
    except ValidationError as problem:
        form.add_error(None, problem.messages)
    return form.is_valid()


def _let_all_go(condominium: Condominium, **who: Any) -> bool:
    return standing.let_all_go(condominium, **who) > 0


def _time(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "H:i")
