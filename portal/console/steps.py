"""What a guard does at a lane. Thin: each finds its rows among the guard's own and calls one verb."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access import corrections, openings
from access.action_forms import MisreadForm, OpenForm, candidates
from access.admitting import admit
from access.models import Lane, Passage
from gates.models import GateCommand
from gates.states import State
from portal import duty
from portal.console import gate_words
from portal.console.forms import VisitorForm
from portal.console.replies import answered, complaints, done
from portal.console.units import matching
from premises.models import Unit
from premises.roles import Permission

# An opening after so long is not for the vehicle of that passage any more.
LATELY = timedelta(minutes=5)


@require_POST
@answered
def open_gate(request: HttpRequest, lane: int) -> HttpResponse:
    row = _lane(request, lane, Permission.OPEN_GATES)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return complaints(form)
    if row.gate is None:
        raise ValidationError(_("This lane has no gate."))
    user: Any = request.user
    passage = _passage_of(request, row)
    return told(openings.open_gate(row.gate, by=user, reason=form.reason(), lane=row, passage=passage))


@require_POST
@answered
def visitor(request: HttpRequest, lane: int) -> HttpResponse:
    row = _lane(request, lane, Permission.ANNOUNCE_VISITS)
    units = Unit.objects.filter(condominium_id=row.condominium_id)
    form = VisitorForm(request.POST, units=units)
    if not form.is_valid():
        return complaints(form)
    given, user = form.cleaned_data, request.user
    passage = _passage_of(request, row)
    return told(admit(row, given["unit"], given["plate"], by=user, passage=passage, **form.terms()))  # type: ignore[arg-type]


@require_POST
@answered
def turn_away(request: HttpRequest, passage: str) -> HttpResponse:
    duty.turn_away(_passage(request, passage, Permission.OPEN_GATES), by=request.user)  # type: ignore[arg-type]
    return done(_("Put away. The gate stays closed."))


@require_POST
@answered
def correct(request: HttpRequest, passage: str) -> HttpResponse:
    row = _passage(request, passage, Permission.REVIEW_PASSAGES)
    form = MisreadForm(request.POST, known=candidates(row))
    if not form.is_valid():
        return complaints(form)
    row = corrections.correct(row, form.plate(), by=request.user)  # type: ignore[arg-type]
    whose = " · ".join(filter(None, (row.shown_plate, row.unit_name, row.owner_name)))
    return done(_("Corrected: %(whose)s. Nothing was opened yet.") % {"whose": whose})


@answered
@require_GET
def plates(request: HttpRequest, passage: str) -> HttpResponse:
    """Which plates it may have been, each with the words for it."""
    row = _passage(request, passage, Permission.REVIEW_PASSAGES)
    found = [{"plate": text, "words": words} for text, words in candidates(row)[:9]]
    return JsonResponse({"plates": found})


@answered
@require_GET
def units(request: HttpRequest, lane: int) -> HttpResponse:
    """Units of the lane's condominium, by a part of their name or of a resident's."""
    row = _lane(request, lane, Permission.VIEW_REGISTRY)
    return JsonResponse({"units": matching(row.condominium_id, request.GET.get("q", ""))})


def told(command: GateCommand) -> JsonResponse:
    """How far the command came by now. Never "opened": that is for the gate to say."""
    command.refresh_from_db()
    if command.state == State.FAILED:
        return done(gate_words.words(command.gate, command, timezone.now()).sentence, failed=True)
    return done(_("Asked %(gate)s to open.") % {"gate": command.gate})


def _lane(request: HttpRequest, pk: int, permission: Permission) -> Lane:
    lanes = Lane.objects.restrict(request.user, permission).select_related("gate", "condominium")
    return get_object_or_404(lanes, pk=pk, is_active=True)


def _passage(request: HttpRequest, pk: str, permission: Permission) -> Passage:
    return get_object_or_404(Passage.objects.restrict(request.user, permission).select_related("lane"), pk=pk)


def _passage_of(request: HttpRequest, lane: Lane) -> Passage | None:
    """The passage that the guard saw at the lane, where it is still there."""
    named = request.POST.get("passage", "")
    if not named:
        return None
    try:
        row = get_object_or_404(Passage, pk=named, lane=lane)
    except ValidationError:  # no id at all
        return None
    return row if timezone.now() - row.last_seen_at < LATELY else None
