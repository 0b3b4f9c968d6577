"""The kill switch's pages: stop a gate, or all of a condominium, and give them back. Each asks for the reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from access.shown_gate import shown_gate
from gates import holds
from gates.models import Gate
from premises import pages
from premises.models import Condominium
from premises.roles import Permission
from premises.theme import action

STOPS = _("Nothing of ours opens it until it is given back: no plate, no button here. It does not close by this.")
GIVES_BACK = _("Make sure that nobody is at work at it.")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True})
    )


class AllForm(ReasonForm):
    """For which condominium; not asked where there is but one."""

    condominium = forms.ModelChoiceField(
        label=_("condominium"), queryset=Condominium.objects.none(), widget=UnfoldAdminSelectWidget
    )
    field_order = ("condominium", "reason")

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["condominium"]
        field.queryset = choices
        if len(choices) == 1:
            field.initial, field.widget = choices[0].pk, forms.HiddenInput()


class HoldPages:
    """For the admin page of gates."""

    @action(description=_("Stop"), icon="block", permissions=["open"])
    def stop(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        gate: Gate = self.fetch(request, object_id, Permission.OPEN_GATES)
        title = _("Stop %(gate)s?") % {"gate": gate}
        return asked_of(request, gate, title, STOPS, _("Stop"), holds.hold)

    @action(description=_("Give back"), icon="undo", permissions=["open"])
    def give_back(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        gate: Gate = self.fetch(request, object_id, Permission.OPEN_GATES)
        title = _("Give %(gate)s back?") % {"gate": gate}
        return asked_of(request, gate, title, GIVES_BACK, _("Give back"), holds.give_back)

    @action(description=_("Stop all gates…"), icon="block", permissions=["open"])
    def stop_all(self: Any, request: HttpRequest) -> HttpResponse:
        return asked_of_all(
            request, {"gates_on_hold": False}, _("Stop all gates?"), STOPS, _("Stop all"), holds.hold_all
        )

    @action(description=_("Give all gates back…"), icon="undo", permissions=["open"])
    def give_all_back(self: Any, request: HttpRequest) -> HttpResponse:
        title = _("Give all gates back?")
        return asked_of_all(request, {"gates_on_hold": True}, title, GIVES_BACK, _("Give back"), holds.give_all_back)

    def get_actions_detail(self: Any, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what fits the gate as it is."""
        row = shown_gate(request, object_id)
        other = "stop" if row is not None and row.on_hold else "give_back"
        buttons = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in buttons if button.method.__name__ != other]


def _asked(
    request: HttpRequest,
    form: ReasonForm,
    title: Any,
    intro: Any,
    submit: Any,
    turn: Callable[[], None],
    back: str = "",
) -> HttpResponse:
    back = back or reverse("admin:gates_gate_changelist")
    if form.is_valid():
        turn()
        return HttpResponseRedirect(back)
    return pages.ask(request, title=title, intro=intro, form=form, submit=submit, back=back, danger=True)


def asked_of(
    request: HttpRequest, gate: Gate, title: Any, intro: Any, submit: Any, verb: Callable[..., bool]
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    back = reverse("admin:gates_gate_change", args=[gate.pk])
    return _asked(request, form, title, intro, submit, lambda: _turn(verb, gate, request, form), back)


def _turn(verb: Callable[..., bool], row: Gate | Condominium, request: HttpRequest, form: forms.Form) -> None:
    """Carry it out, or say why not. A reload of the page does nothing a second time."""
    try:
        changed = verb(row, by=request.user, reason=form.cleaned_data["reason"])
    except PermissionDenied as problem:
        messages.error(request, str(problem))
        return
    if changed:
        messages.success(request, _("Written into the journal with your name and the reason."))
    else:
        messages.warning(request, _("It was so already."))


def asked_of_all(
    request: HttpRequest, which: dict[str, bool], title: Any, intro: Any, submit: Any, verb: Callable[..., bool]
) -> HttpResponse:
    """Of those condominiums of the user's for which it makes a difference."""
    choices = Condominium.objects.restrict(request.user, Permission.OPEN_GATES).filter(**which)
    if not choices:
        messages.warning(request, _("It was so already."))
        return HttpResponseRedirect(reverse("admin:gates_gate_changelist"))
    form = AllForm(request.POST or None, choices=choices, initial=_meant(request, choices))
    return _asked(
        request, form, title, intro, submit, lambda: _turn(verb, form.cleaned_data["condominium"], request, form)
    )


def _meant(request: HttpRequest, choices: Any) -> dict[str, int]:
    """The condominium from whose gate's page somebody came, where it may be chosen."""
    number = request.GET.get("condominium", "")
    return {"condominium": int(number)} if number in {str(each.pk) for each in choices} else {}
