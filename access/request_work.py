"""Gathering and erasing for a data-subject request, beside whoever asked for it: no web process works on it.

An archive is gathered in slices, each a second of a worker, so that a lane's tick never waits long; an erasure is
one transaction. A row says how far it is; who died over it is found by that row (`resume_stalled`).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access import erasing, gathering
from access.drafts import Draft
from access.erasing import Erased
from access.models import RequestKind, RequestWork, RunState, SubjectRequest, WorkKind
from access.queueing import offer
from access.subject_requests import RequestError, check_may, check_open
from premises.models import User

logger = logging.getLogger("access")

TASK = "access.tasks.work_on_request"
SLICE = 1.0  # seconds of work before the lanes have their turn
BATCH = 5
UNDER_WAY = (RunState.WAITING, RunState.RUNNING)
# After so long its worker is gone: a slice takes seconds, and the task of an erasure is ended before.
STALLED = {WorkKind.GATHER: timedelta(minutes=2), WorkKind.ERASE: timedelta(minutes=10)}
MOST_TRIES = 3
NEEDS = {WorkKind.GATHER: "privacy.view", WorkKind.ERASE: "privacy.change"}


class OvertakenError(Exception):
    """The row was given to somebody else meanwhile, or the request was closed."""


def ask(request: SubjectRequest, kind: WorkKind, *, by: User) -> RequestWork:
    """Let it be done soon. Raises `PermissionDenied`, and `RequestError` where it cannot be asked for now."""
    check_may(by, request, NEEDS[kind])
    check_open(request)
    if kind == WorkKind.ERASE and request.kind != RequestKind.ERASURE:
        raise RequestError(_("This request asks for nothing to be erased."))
    with transaction.atomic():
        SubjectRequest.objects.select_for_update().get(pk=request.pk)
        before = RequestWork.objects.filter(request=request).first()
        if before is not None and not before.is_over:
            raise RequestError(_("It is being worked on already."))
        if before is not None:
            before.delete()
        work = RequestWork.objects.create(
            request=request, kind=kind, by=by, language=translation.get_language() or "", asked_at=timezone.now()
        )
        queue(work.pk, work.tries)
    return work


def queue(work_id: int, tries: int) -> None:
    """Let a worker begin, or go on, when this transaction commits."""
    transaction.on_commit(lambda: _send(work_id, tries), robust=True)


def _send(work_id: int, tries: int) -> None:
    # Where the queue is away it is taken up when that is there again.
    offer(TASK, [work_id, tries], otherwise="a data-subject request waits")


def proceed(work_id: int, tries: int) -> bool:
    """Work on it for a while. Returns whether there is more to do; there is not where somebody else has it."""
    mine = RequestWork.objects.filter(pk=work_id, tries=tries, state__in=UNDER_WAY)
    if not mine.filter(busy=False).update(busy=True, state=RunState.RUNNING, worked_at=timezone.now()):
        return False
    work = mine.select_related("request__condominium", "by").get()
    try:
        with translation.override(work.language or settings.LANGUAGE_CODE):
            return _work(work, mine)
    except (RequestError, PermissionDenied) as error:
        _end(work, mine, state=RunState.FAILED, problem=str(error)[:300])
    except OvertakenError:
        logger.info("Work %s was given to somebody else", work_id)
        Draft(work.draft).remove()
    return False


def resume_stalled(now: datetime) -> int:
    """Begin anew what nobody worked on for long, and give up what fails each time. Returns how many were begun."""
    begun = 0
    for work in RequestWork.objects.filter(state__in=UNDER_WAY).annotate(at=Coalesce("worked_at", "asked_at")):
        if now - work.at >= STALLED[WorkKind(work.kind)]:
            begun += _begin_anew(work, now)
    return begun


def _begin_anew(work: RequestWork, now: datetime) -> bool:
    mine = RequestWork.objects.filter(pk=work.pk, tries=work.tries, state__in=UNDER_WAY)
    if work.tries + 1 >= MOST_TRIES:
        problem = _("It stopped again and again without an end. The server's log says why.")
        _end(work, mine, state=RunState.FAILED, problem=problem)
        return False
    if not mine.update(tries=work.tries + 1, busy=False, state=RunState.WAITING, worked_at=now, done=0, draft=""):
        return False
    Draft(work.draft).remove()
    queue(work.pk, work.tries + 1)
    return True


def _work(work: RequestWork, mine: QuerySet[RequestWork]) -> bool:
    if work.by is None:
        raise RequestError(_("The account that asked for it is gone. Ask again."))
    if work.kind == WorkKind.ERASE:
        _erase(work, mine, work.by)
        return False
    return _gather(work, mine, work.by)


# --- gathering ------------------------------------------------------------------------------------------


def _gather(work: RequestWork, mine: QuerySet[RequestWork], by: User) -> bool:
    check_may(by, work.request, NEEDS[WorkKind.GATHER])
    check_open(work.request)
    passages = gathering.passages_of(work.request)
    if not work.draft:
        _begin_draft(work, mine, passages.count())
    end = time.monotonic() + SLICE
    draft, before = Draft(work.draft), work.done
    while work.done < work.total and (work.done == before or time.monotonic() < end):
        last = min(work.done + BATCH, work.total)
        gathering.add(draft, work.request, passages[work.done : last])
        work.done = last
        _put(mine, done=work.done, worked_at=timezone.now())
    if work.done < work.total:
        _put(mine, busy=False)
        return True
    gathering.finish(draft, work.request, by=by)
    _end(work, mine, state=RunState.DONE, outcome={"passages": work.total})
    return False


def _begin_draft(work: RequestWork, mine: QuerySet[RequestWork], total: int) -> None:
    draft = Draft.begin(work.request)
    work.draft, work.total, work.done = draft.name, total, 0
    try:
        _put(mine, draft=draft.name, total=total, done=0)
    except OvertakenError:
        draft.remove()
        raise


def _put(mine: QuerySet[RequestWork], **change: Any) -> None:
    if not mine.update(**change):
        raise OvertakenError


def _end(work: RequestWork, mine: QuerySet[RequestWork], **change: Any) -> None:
    mine.update(busy=False, draft="", worked_at=timezone.now(), **change)
    Draft(work.draft).remove()


# --- erasing --------------------------------------------------------------------------------------------


def _erase(work: RequestWork, mine: QuerySet[RequestWork], by: User) -> None:
    """That it is done is written in the very transaction that erases: it is never done and not known to be."""
    erased = erasing.erase(work.request, by=by, erased_so=_writing(mine))
    if erased.files_left:
        RequestWork.objects.filter(pk=work.pk).update(outcome=asdict(erased))


def _writing(mine: QuerySet[RequestWork]) -> Callable[[Erased], None]:
    def write(erased: Erased) -> None:
        _put(mine, state=RunState.DONE, busy=False, worked_at=timezone.now(), outcome=asdict(erased))

    return write
