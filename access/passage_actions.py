"""What a person may do about a passage: open its gate, let its vehicle in from now on, correct its plate."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import corrections, openings, vehicles
from access.action_forms import MisreadForm, OpenForm, SureForm, candidates
from access.models import Passage
from access.plate_html import plate
from access.shown import outcome_words
from access.vehicles import VehicleError
from gates.models import GateCommand
from gates.shown import why_not
from gates.states import State
from premises import pages
from premises.roles import Permission
from premises.theme import action

# After so long the vehicle of a passage is probably not at the gate any more.
LATELY = timedelta(minutes=5)
BUTTONS = ("open_gate", "misread", "add_to_permits")


class PassageActions:
    """The three buttons, in the list and on the page. Each asks on a page of its own before it does anything."""

    actions_row = BUTTONS
    actions_detail = BUTTONS

    def has_open_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.OPEN_GATES))

    def has_review_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.REVIEW_PASSAGES))

    def has_register_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.CHANGE_REGISTRY))

    @action(description=_("Open gate"), icon="lock_open", permissions=["open"])
    def open_gate(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        passage: Passage = self.fetch(request, object_id, Permission.OPEN_GATES)
        if passage.lane.gate is None:
            self.message_user(request, _("This lane has no gate."), "ERROR")
            return HttpResponseRedirect(_address(passage))
        form = OpenForm(request.POST or None)
        if form.is_valid():
            gate = passage.lane.gate
            command = openings.open_gate(gate, by=request.user, reason=form.reason(), passage=passage)  # type: ignore[arg-type]
            tell_outcome(self, request, command)
            return HttpResponseRedirect(_address(passage))
        title = _("Open %(gate)s") % {"gate": passage.lane.gate}
        intro = _("The opening is written into the journal with your name and the reason.")
        if timezone.now() - passage.last_seen_at > LATELY:
            intro = _("This vehicle was seen some time ago. The gate would open now, for whoever stands there.")
        return _ask(request, passage, form, title, _("Open gate"), intro)

    @action(description=_("Was misread as…"), icon="edit", permissions=["review"])
    def misread(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        passage: Passage = self.fetch(request, object_id, Permission.REVIEW_PASSAGES)
        form = MisreadForm(request.POST or None, known=candidates(passage))
        if form.is_valid():
            try:
                corrections.correct(passage, form.plate(), by=request.user)  # type: ignore[arg-type]
            except VehicleError as problem:
                form.add_error("typed", str(problem))
            else:
                self.message_user(request, _("Corrected. What was read is kept beside it."), "SUCCESS")
                return HttpResponseRedirect(_address(passage))
        intro = _("Nothing opens by this. The picture and what was read of it stay as they are.")
        return _ask(request, passage, form, _("Which plate is it?"), _("Correct"), intro)

    @action(description=_("Add to permits"), icon="verified", permissions=["register"])
    def add_to_permits(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        passage: Passage = self.fetch(request, object_id, Permission.CHANGE_REGISTRY)
        form = SureForm(request.POST or None)
        if form.is_valid():
            try:
                permit = vehicles.add_to_permits(passage, by=request.user)  # type: ignore[arg-type]
            except VehicleError as problem:
                form.add_error(None, ValidationError(str(problem)))
            else:
                self.message_user(request, _("From now on it may pass. Add its unit and owner here."), "SUCCESS")
                return HttpResponseRedirect(reverse("admin:access_vehicle_change", args=[permit.vehicle_id]))
        intro = _("From now on this vehicle may pass on all lanes. The passage itself stays as it was decided.")
        return _ask(request, passage, form, _("Let this vehicle in from now on?"), _("Add to permits"), intro)


def tell_outcome(admin: Any, request: HttpRequest, command: GateCommand) -> None:
    """Say how far the command came by now. The page never says "opened" without evidence."""
    command.refresh_from_db()
    if command.state == State.FAILED:
        admin.message_user(request, _("Not opened: %(why)s") % {"why": why_not(command)}, "ERROR")
    else:
        state = command.get_state_display()
        admin.message_user(
            request, _("Asked %(gate)s to open: %(state)s.") % {"gate": command.gate, "state": state}, "SUCCESS"
        )


def _ask(request: HttpRequest, passage: Passage, form: Any, title: Any, submit: Any, intro: Any) -> HttpResponse:
    picture = passage.detections.exclude(frame="").order_by("-score").first()
    context: dict[str, Any] = {"passage": passage, "picture": picture, "plate": plate(passage.shown_plate, large=True)}
    context["outcome"] = outcome_words(passage)
    aside = render_to_string("access/passage_aside.html", context, request)
    return pages.ask(request, title=title, form=form, submit=submit, intro=intro, aside=aside, back=_address(passage))


def _address(passage: Passage) -> str:
    return reverse("admin:access_passage_change", args=[passage.pk])
