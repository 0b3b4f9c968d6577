"""What a manager may do about a vehicle: let it in, say no, sign it off, take it up again, settle whose it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from access import proposals, vehicles, whereabouts
from access.action_forms import SureForm
from access.models import Vehicle
from access.plate_html import plate
from access.states import VehicleState
from access.vehicles import VehicleError
from access.whereabouts import entry_of
from premises import pages
from premises.journal import Actor
from premises.roles import Permission
from premises.theme import action

ROW_BUTTONS = ("approve", "refuse", "sign_off", "take_up")
BUTTONS = (*ROW_BUTTONS, "hand_over", "leave_with_holder", "forgive")


class ReasonForm(SureForm):
    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget)


class PerhapsForm(SureForm):
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Sold, moved away… It is kept with the vehicle."),
    )


@dataclass(frozen=True)
class Step:
    """A button: what it asks, and what it does. `fits` says for which vehicles there is anything to do."""

    title: Any
    submit: Any
    intro: Any
    done: Any
    fits: Callable[[Vehicle], bool]
    run: Callable[[Vehicle, Actor, str], object]
    form: type[forms.Form] = SureForm


def _is(*states: VehicleState) -> Callable[[Vehicle], bool]:
    return lambda vehicle: vehicle.state in states


def _contested(vehicle: Vehicle) -> bool:
    return vehicle.claimed_by_id is not None


STEPS = {
    "approve": Step(
        title=_("Let this vehicle in from now on?"),
        submit=_("Approve"),
        intro=_("From now on this vehicle may pass on all lanes."),
        done=_("Approved. From now on it may pass."),
        fits=_is(VehicleState.WAITING),
        run=lambda vehicle, by, _reason: vehicles.approve(vehicle, by=by),
    ),
    "refuse": Step(
        title=_("Refuse this vehicle?"),
        submit=_("Refuse"),
        intro=_("It stays on record as signed off. The reason is for who proposed it."),
        done=_("Refused. The reason is kept with the vehicle."),
        fits=_is(VehicleState.WAITING),
        run=lambda vehicle, by, reason: vehicles.refuse(vehicle, by=by, reason=reason),
        form=ReasonForm,
    ),
    "sign_off": Step(
        title=_("Sign this vehicle off?"),
        submit=_("Sign off"),
        intro=_("No gate opens for it any more, and its permits end. What passed stays on record."),
        done=_("Signed off. No gate opens for it any more."),
        fits=_is(VehicleState.ACTIVE, VehicleState.WAITING),
        run=lambda vehicle, by, reason: vehicles.end_vehicle(vehicle, by=by, reason=reason),
        form=PerhapsForm,
    ),
    "take_up": Step(
        title=_("Take this vehicle up again?"),
        submit=_("Take up again"),
        intro=_("It may pass again, with the permits that ended with it; without any, on all lanes."),
        done=_("Taken up again."),
        fits=_is(VehicleState.ENDED),
        run=lambda vehicle, by, _reason: vehicles.take_up_again(vehicle, by=by),
    ),
    "hand_over": Step(
        title=_("Register it for who also proposed it?"),
        submit=_("Hand over"),
        intro=_("Its unit and its owner change; its permits stay as they are."),
        done=_("Handed over."),
        fits=_contested,
        run=lambda vehicle, by, _reason: proposals.hand_over(vehicle, by=by),
    ),
    "leave_with_holder": Step(
        title=_("Leave it with whom it is registered for?"),
        submit=_("Leave as it is"),
        intro=_("The other proposal is dropped. Nothing else changes."),
        done=_("Left as it was."),
        fits=_contested,
        run=lambda vehicle, by, _reason: proposals.leave_with_holder(vehicle, by=by),
    ),
    "forgive": Step(
        title=_("Forget that it is inside?"),
        submit=_("Forgive"),
        intro=_("It is no longer taken to be inside, and its unit's place is free. Its passages stay as they are."),
        done=_("Forgiven: it may come in."),
        fits=lambda vehicle: entry_of(vehicle) is not None,
        run=lambda vehicle, by, _reason: whereabouts.forgive(vehicle, by=by),
    ),
}


class VehicleActions:
    """The buttons, in the list and on the page. Each asks on a page of its own before it does anything."""

    actions_row = ROW_BUTTONS
    actions_detail = BUTTONS

    def has_register_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.CHANGE_REGISTRY))

    def get_actions_detail(self: Any, request: HttpRequest, object_id: int) -> list[Any]:
        """On a vehicle's own page only those that do something for it."""
        offered: list[Any] = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        vehicle = Vehicle.objects.restrict(request.user).filter(pk=object_id).first() if offered else None
        return [button for button in offered if vehicle and STEPS[button.method.__name__].fits(vehicle)]

    def row_buttons(self, row: Vehicle, buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """In the list, too: a vehicle that was signed off is not offered to be signed off."""
        return [button for button in buttons if STEPS[button["raw_path"].rpartition("vehicle_")[2]].fits(row)]

    @action(description=_("Approve"), icon="check", permissions=["register"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["approve"])

    @action(description=_("Refuse"), icon="close", permissions=["register"])
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["refuse"])

    @action(description=_("Sign off"), icon="logout", permissions=["register"])
    def sign_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["sign_off"])

    @action(description=_("Take up again"), icon="login", permissions=["register"])
    def take_up(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["take_up"])

    @action(description=_("Hand over"), icon="swap_horiz", permissions=["register"])
    def hand_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["hand_over"])

    @action(description=_("Leave as it is"), icon="do_not_disturb_on", permissions=["register"])
    def leave_with_holder(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["leave_with_holder"])

    @action(description=_("Forgive: it is not inside"), icon="door_open", permissions=["register"])
    def forgive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _step(self, request, object_id, STEPS["forgive"])


def _step(admin: Any, request: HttpRequest, object_id: str, step: Step) -> HttpResponse:
    vehicle: Vehicle = admin.fetch(request, object_id, Permission.CHANGE_REGISTRY)
    back = reverse("admin:access_vehicle_change", args=[vehicle.pk])
    if not step.fits(vehicle):
        text = _("There is nothing to do: %(plate)s is in another state.") % {"plate": vehicle.plate}
        admin.message_user(request, text, "WARNING")
        return HttpResponseRedirect(back)
    form = step.form(request.POST or None)
    if form.is_valid():
        try:
            step.run(vehicle, request.user, form.cleaned_data.get("reason", ""))  # type: ignore[arg-type]
        except VehicleError as problem:
            form.add_error(None, ValidationError(str(problem)))
        else:
            admin.message_user(request, step.done, "SUCCESS")
            return HttpResponseRedirect(back)
    drawn = {"vehicle": vehicle, "plate": plate(vehicle.plate, large=True)}
    aside = render_to_string("access/vehicle_aside.html", drawn, request)
    return pages.ask(request, title=step.title, form=form, submit=step.submit, intro=step.intro, aside=aside, back=back)
