"""Answers to a console's script: one sentence for the guard, and whether it was done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from access.vehicles import VehicleError
from portal.duty import DutyError

View = Callable[..., HttpResponse]


def done(said: str, **more: Any) -> JsonResponse:
    return JsonResponse({"said": said, **more})


def refused(said: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"said": said}, status=status)


def complaints(form: forms.Form) -> JsonResponse:
    """All that a form finds wrong, as one text."""
    return refused(" ".join(str(problem) for problems in form.errors.values() for problem in problems))


def answered(view: View) -> View:
    """For a script: 401 for nobody, 403 and 400 with a sentence; never a page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return refused(_("Your session has ended. Sign in again."), 401)
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as problem:
            return refused(str(problem) or _("You may not do this here."), 403)
        except ValidationError as problem:
            return refused(" ".join(problem.messages))
        except (VehicleError, DutyError) as problem:
            return refused(str(problem))

    return answer
