"""Taking over the duty and its notes, from the console."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import duty
from portal.console.replies import answered, done
from portal.models import Note
from premises.models import Condominium
from premises.roles import Permission


@require_POST
@answered
def take_over(request: HttpRequest, condominium: int) -> HttpResponse:
    user: Any = request.user
    duty.take_over(_condominium(request, condominium), by=user, note=request.POST.get("note", ""))
    return done(_("You are on duty."))


@require_POST
@answered
def leave_note(request: HttpRequest, condominium: int) -> HttpResponse:
    user: Any = request.user
    duty.leave_note(_condominium(request, condominium), request.POST.get("note", ""), by=user)
    return done(_("The note stands until somebody says that it is done."))


@require_POST
@answered
def finish_note(request: HttpRequest, note: int) -> HttpResponse:
    user: Any = request.user
    duty.finish_note(get_object_or_404(Note.objects.restrict(user, Permission.CHANGE_DUTY), pk=note), by=user)
    return done(_("Done."))


def _condominium(request: HttpRequest, pk: int) -> Condominium:
    return get_object_or_404(Condominium.objects.restrict(request.user, Permission.CHANGE_DUTY), pk=pk)
