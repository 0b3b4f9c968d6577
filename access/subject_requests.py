"""Data-subject requests: opened, and closed again. What is done in between: `access.gathering`, `access.erasing`."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access import evidence
from access.drafts import Draft
from access.models import RequestState, RequestWork, SubjectRequest
from premises import journal
from premises.models import Condominium, User
from premises.tenancy import allows


class RequestError(ValueError):
    """What cannot be done about a request; the message is for people."""


@transaction.atomic
def open_request(request: SubjectRequest, *, by: User) -> SubjectRequest:
    """Write a new request down. From now on nothing that it names is purged. Raises `PermissionDenied`."""
    check_may(by, request, "privacy.change")
    # A purge under way ends its batch first, and then sees the request.
    Condominium.objects.select_for_update(no_key=True).get(pk=request.condominium_id)
    request.opened_by = journal.name_of(by)[:150]
    request.save(force_insert=True)
    note(request, "opened", by=by, kind=request.kind)
    return request


@transaction.atomic
def close(request: SubjectRequest, *, by: User) -> None:
    """End a request: what it named may be purged, and its archive goes, having been handed over.

    Raises `PermissionDenied`, and `RequestError` where it is closed already.
    """
    check_may(by, request, "privacy.change")
    archive = request.archive.name or ""
    change = {"closed_at": timezone.now(), "closed_by": journal.name_of(by)[:150], "archive": ""}
    if not open_rows(request).update(state=RequestState.CLOSED, **change):
        raise RequestError(_("This request is closed already."))
    note(request, "closed", by=by)
    works = RequestWork.objects.filter(request=request)
    files = [archive, *(name for draft in works.values_list("draft", flat=True) for name in Draft(draft).names)]
    works.delete()
    transaction.on_commit(lambda: evidence.remove([], files))
    request.refresh_from_db()


def open_rows(request: SubjectRequest) -> QuerySet[SubjectRequest]:
    """For a compare and set: the row, while it is open."""
    return SubjectRequest.objects.filter(pk=request.pk, state=RequestState.OPEN)


def check_may(by: User, request: SubjectRequest, permission: str) -> None:
    if not allows(by, permission, request.condominium_id):
        raise PermissionDenied(_("You may not answer requests of this condominium."))


def check_open(request: SubjectRequest) -> None:
    if not request.is_open:
        raise RequestError(_("This request is closed already."))


def note(request: SubjectRequest, verb: str, *, by: User, **data: object) -> None:
    """Into the journal: by number, never by name or plate."""
    journal.record(request.condominium_id, f"subjectrequest.{verb}", actor=by, data={"request": request.pk, **data})
