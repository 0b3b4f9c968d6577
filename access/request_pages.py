"""A request's buttons: gather what is kept, hand it over, erase it, close. Each asks before it does anything."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from access import erasing, request_work, subject_requests
from access.downloads import streamed
from access.models import RequestKind, RequestWork, SubjectRequest, WorkKind
from access.subject_requests import RequestError
from premises import pages
from premises.models import User
from premises.roles import Permission
from premises.theme import action


class YesForm(forms.Form):
    """A yes that has to be given."""

    sure = forms.BooleanField(
        label=_("I made sure that who asks has the right to it, and know that it cannot be undone"),
        widget=UnfoldBooleanSwitchWidget,
    )


class RequestPages:
    """For the admin page of requests."""

    actions_detail = ("gather", "download", "erase", "close")
    change_form_outer_before_template = "access/request_work.html"

    def has_answer_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.VIEW_PRIVACY))

    def has_decide_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.may(request, Permission.CHANGE_PRIVACY))

    def get_actions_detail(self: Any, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what can be done about this request now."""
        row = self.get_object(request, str(object_id))
        buttons = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in buttons if row is not None and button.method.__name__ in offered(row)]

    @action(description=_("Gather"), icon="inventory_2", permissions=["answer"])
    def gather(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        row: SubjectRequest = self.fetch(request, object_id, Permission.VIEW_PRIVACY)
        intro = _("All that is kept of it is written into one archive. Nothing of anybody else is in it.")
        form = forms.Form(request.POST if request.method == "POST" else None)
        if _done(request, form, lambda by: request_work.ask(row, WorkKind.GATHER, by=by)):
            return HttpResponseRedirect(_address(row))
        return pages.ask(
            request, title=_("Gather what is kept?"), form=form, submit=_("Gather"), intro=intro, back=_address(row)
        )

    @action(description=_("Download"), icon="download", permissions=["answer"])
    def download(self: Any, request: HttpRequest, object_id: str) -> HttpResponseBase:
        row: SubjectRequest = self.fetch(request, object_id, Permission.VIEW_PRIVACY)
        if not row.archive or not row.archive.storage.exists(str(row.archive.name)):
            self.message_user(request, _("Nothing was gathered yet."), "WARNING")
            return HttpResponseRedirect(_address(row))
        subject_requests.note(row, "downloaded", by=request.user, sha256=row.archive_digest)  # type: ignore[arg-type]
        return streamed(request, row.archive.open(), f"cancela-{row.pk}.zip")

    @action(description=_("Erase"), icon="delete_forever", permissions=["decide"])
    def erase(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        row: SubjectRequest = self.fetch(request, object_id, Permission.CHANGE_PRIVACY)
        if row.kind != RequestKind.ERASURE or not row.is_open:
            self.message_user(request, _("This request asks for nothing to be erased."), "WARNING")
            return HttpResponseRedirect(_address(row))
        form = YesForm(request.POST if request.method == "POST" else None)
        if _done(request, form, lambda by: request_work.ask(row, WorkKind.ERASE, by=by)):
            return HttpResponseRedirect(_address(row))
        return pages.ask(
            request,
            title=_("Erase it for good?"),
            form=form,
            submit=_("Erase"),
            intro=_(
                "Pictures, plates and names go for good; vehicles are no longer let in. The journal keeps digests."
            ),
            aside=render_to_string("access/erasure_plan.html", {"plan": erasing.plan(row, timezone.now())}, request),
            back=_address(row),
            danger=True,
        )

    @action(description=_("Close request"), icon="task_alt", permissions=["decide"])
    def close(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        row: SubjectRequest = self.fetch(request, object_id, Permission.CHANGE_PRIVACY)
        intro = _("What it names may be purged again, and its archive is removed: hand it over first.")
        form = forms.Form(request.POST if request.method == "POST" else None)
        if _done(request, form, lambda by: subject_requests.close(row, by=by)):
            self.message_user(request, _("Closed."), "SUCCESS")
            return HttpResponseRedirect(_address(row))
        return pages.ask(
            request,
            title=_("Close this request?"),
            form=form,
            submit=_("Close request"),
            intro=intro,
            back=_address(row),
        )


def offered(row: SubjectRequest) -> set[str]:
    """The names of the buttons that make sense for a request as it is."""
    work = RequestWork.objects.filter(request=row).first()
    if work is not None and not work.is_over:
        return {"close"}
    erasable = {"erase"} if row.kind == RequestKind.ERASURE else set()
    return (({"gather", "close"} | erasable) if row.is_open else set()) | ({"download"} if row.archive else set())


def _done(request: HttpRequest, form: forms.Form, verb: Callable[[User], object]) -> bool:
    """Carry it out where it was confirmed. What cannot be done is said on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        verb(cast(User, request.user))
    except RequestError as problem:
        form.add_error(None, ValidationError(str(problem)))
        return False
    return True


def _address(row: SubjectRequest) -> str:
    return reverse("admin:access_subjectrequest_change", args=[row.pk])
