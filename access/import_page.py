"""The page that takes over a list of vehicles: choose the file, read the report, then apply it."""

import io
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from access.lists import ListError, Report, import_vehicles
from premises import pages
from premises.models import Condominium
from premises.roles import Permission

# How long a list waits between its report and its application.
WAITS = 1800
MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Waiting:
    """A list that was read and not yet applied; of one user only."""

    user: int
    condominium: int
    filename: str
    sheet: str
    complete: bool
    data: bytes


@dataclass(frozen=True)
class Done:
    """What became of a list; shown to who applied it."""

    user: int
    filename: str
    report: Report


@dataclass(frozen=True)
class Around:
    """What stands around the page where it is a step of something larger: above it, and where one goes back to."""

    back: str
    aside: SafeString | str = ""
    back_text: Any = ""


class ListForm(forms.Form):
    condominium = forms.ModelChoiceField(
        label=_("condominium"), queryset=Condominium.objects.none(), widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=_("list"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("CSV or XLSX with a column of plates; owner, unit, make and colour are taken where they stand."),
    )
    sheet = forms.CharField(
        label=_("sheet"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For XLSX: the name of the sheet. Empty: the first."),
    )
    complete = forms.BooleanField(
        label=_("the list is complete: sign off what is not in it"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Only vehicles that an earlier list brought. What was entered by hand, and visitors, stay."),
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condominium"].queryset = own  # type: ignore[attr-defined]
        if len(own) == 1:
            del self.fields["condominium"]
        self.only = own[0] if len(own) == 1 else None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The list is larger than 5 MB."))
        return file

    def waiting(self, user: Any) -> Waiting:
        condominium = self.only or self.cleaned_data["condominium"]
        file = self.cleaned_data["file"]
        sheet, complete = self.cleaned_data["sheet"].strip(), self.cleaned_data["complete"]
        return Waiting(user.pk, condominium.pk, file.name, sheet, complete, file.read())


def import_page(request: HttpRequest) -> HttpResponse:
    own = Condominium.objects.restrict(request.user, Permission.CHANGE_REGISTRY)
    return import_into(request, own, Around(reverse("admin:access_vehicle_changelist")))


def import_into(request: HttpRequest, own: QuerySet[Condominium], around: Around) -> HttpResponse:
    """The page for these condominiums, of which the user may change the register; 403 where there is none."""
    if not own:
        raise PermissionDenied
    if token := request.POST.get("apply"):
        return _apply(request, token)
    done = cache.get(_key(request.GET.get("done", "")))
    if isinstance(done, Done) and done.user == request.user.pk:
        return _show_report(request, around, done.report, done.filename)
    form = ListForm(request.POST or None, request.FILES or None, own=own)
    if form.is_valid():
        waiting = form.waiting(request.user)
        try:
            report = _run(request, waiting, dry_run=True)
        except ListError as problem:
            form.add_error("file", str(problem))
        else:
            token = _keep(waiting) if report.changes else ""
            return _show_report(request, around, report, waiting.filename, token)
    return pages.ask(
        request,
        title=_("Import a list of vehicles"),
        intro=_("First you see what would happen. Nothing is changed before you agree."),
        form=form,
        submit=_("Check the list"),
        aside=around.aside,
        back=around.back,
        back_text=around.back_text,
    )


def _run(request: HttpRequest, waiting: Waiting, *, dry_run: bool) -> Report:
    return import_vehicles(
        Condominium.objects.get(pk=waiting.condominium),
        io.BytesIO(waiting.data),
        waiting.filename,
        by=request.user,  # type: ignore[arg-type]
        sheet=waiting.sheet or None,
        dry_run=dry_run,
        complete=waiting.complete,
    )


def _keep(value: Waiting | Done) -> str:
    """Put by for a while; what it is found by."""
    token = secrets.token_urlsafe(16)
    cache.set(_key(token), value, WAITS)
    return token


def _show_report(request: HttpRequest, around: Around, report: Report, filename: str, token: str = "") -> HttpResponse:
    return pages.show(
        request,
        "access/import_report.html",
        title=_("What the list did") if report.applied else _("What the list would do"),
        report=report,
        filename=filename,
        token=token,
        aside=around.aside,
        back_text=around.back_text,
        back=around.back if report.applied else request.path,
    )


def _apply(request: HttpRequest, token: str) -> HttpResponse:
    waiting = cache.get(_key(token))
    if not isinstance(waiting, Waiting) or waiting.user != request.user.pk:
        messages.error(request, _("This list is no longer waiting. Choose it again."))
        return HttpResponseRedirect(request.path)
    report = _run(request, waiting, dry_run=False)
    cache.delete(_key(token))
    messages.success(request, _("Done. What the list did is written into the journal."))
    done = _keep(Done(waiting.user, waiting.filename, report))
    return HttpResponseRedirect(f"{request.path}?done={done}")


def _key(token: str) -> str:
    return f"vehicle-list-{token}"
