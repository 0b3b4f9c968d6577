"""Erasing what is kept about a person or a plate, because somebody asked for it and has the right to it.

Rows in one transaction, files when it is committed. What stays of a passage is that some vehicle passed, when, where
and with which outcome; what stays of the journal is in `premises.erasure`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access import evidence, keepers, mentions
from access.keepers import Kept
from access.models import (
    Decision,
    Detection,
    OpeningPhoto,
    Passage,
    RequestKind,
    RequestState,
    SubjectRequest,
    Vehicle,
    WatchlistEntry,
)
from access.purging import files_of
from access.subject_requests import RequestError, check_may, check_open, note, open_rows
from access.subjects import Subject, held, subject_of
from gates.models import GateCommand
from premises import erasure, journal
from premises.models import Condominium, JournalEntry, Person, User
from recognition import canonical

# A vehicle that was seen so lately may still stand at the gate, its passage being worked on.
LATELY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure takes, and in `kept` sentences that say what it leaves and why.

    `subject` is without the plates that are left, `person` None where that row is.
    """

    subject: Subject
    person: Person | None
    passages: list[UUID]
    vehicles: list[Vehicle]
    kept: list[str]
    records: list[Kept] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        nothing = self.person is None and not self.passages and not self.vehicles and not self.records
        return nothing and not self.subject.keys


@dataclass(frozen=True, slots=True)
class Erased:
    passages: int
    vehicles: int
    people: int
    entries: int
    kept: list[str]
    records: int = 0
    files_left: int = 0


def plan(request: SubjectRequest, now: datetime) -> Plan:
    asked = subject_of(request)
    watched = _watched(asked)
    elsewhere = _keys_of_others(request) & asked.keys
    subject = asked.without({*watched, *elsewhere})
    named = Passage.objects.filter(pk__in=asked.passages.filter(erased_at=None).values("pk"))
    free = named.exclude(plate_key__in={*watched, *elsewhere})
    others = free.filter(pk__in=held(request.condominium_id, but=request).values("pk"))
    free = free.exclude(pk__in=others.values("pk"))
    lately = free.filter(last_seen_at__gt=now - LATELY)
    stays = bool(watched) or _is_named_elsewhere(request)
    person = None if stays else asked.person
    return Plan(
        subject,
        person,
        list(free.exclude(pk__in=lately.values("pk")).values_list("pk", flat=True)),
        list(subject.vehicles),
        [*_on_watchlist(watched), *_in_request(elsewhere), *_counted(others.count(), lately.count())]
        + ([_("The person's own row is kept with them.")] if stays and asked.person else []),
        keepers.kept(subject if person else replace(subject, person=None, name="")),
    )


def erase(request: SubjectRequest, *, by: User, erased_so: Callable[[Erased], None] = lambda erased: None) -> Erased:
    """Erase all that an open request for erasure names and nothing bars; afterwards the request names nothing.

    `erased_so` is called last in the transaction: what it raises undoes all of it. Raises `PermissionDenied`, and
    `RequestError` with the reason where nothing may be erased.
    """
    check_may(by, request, "privacy.change")
    check_open(request)
    if request.kind != RequestKind.ERASURE:
        raise RequestError(_("This request asks for nothing to be erased."))
    with transaction.atomic():
        Condominium.objects.select_for_update(no_key=True).get(pk=request.condominium_id)
        found = plan(request, timezone.now())
        if found.is_empty:
            raise RequestError(" ".join(found.kept) or _("Nothing is kept of it."))
        folders, names = files_of(found.passages)
        names.append(request.archive.name or "")
        entries = _erase_rows(request, found, by)
        people, records = int(bool(found.person)), sum(len(each.rows) for each in found.records)
        erased = Erased(len(found.passages), len(found.vehicles), people, len(entries), found.kept, records)
        _finish(request, found, entries, erased, by)
        erased_so(erased)
    left = evidence.remove(folders, names)
    request.refresh_from_db()
    return replace(erased, files_left=left)


def _erase_rows(request: SubjectRequest, found: Plan, by: User) -> list[JournalEntry]:
    spared = _spared(request, found)
    entries = mentions.entries(found.subject, found.passages, found.person, spare=spared)
    more = keepers.erase(found.records, request.condominium_id)
    entries = sorted({entry.pk: entry for entry in (*entries, *more)}.values(), key=lambda each: each.sequence)
    mentions.redact_decisions(found.subject, spare=spared)
    mentions.clear_log(found.vehicles, found.person)
    _empty_passages(found.passages)
    WatchlistEntry.objects.filter(
        condominium_id=request.condominium_id, plate_key__in=found.subject.keys, is_active=False
    ).delete()
    for vehicle in found.vehicles:
        vehicle.delete()
    if found.person:
        found.person.delete()
    _empty_requests(request, found.subject)
    try:
        journal.erase(request.condominium_id, entries, "erasure", actor=by)
    except erasure.AlteredError as error:
        raise RequestError(_("The journal does not fit, so nothing was erased: %(why)s") % {"why": error}) from error
    return entries


def _empty_passages(ids: list[UUID]) -> None:
    commands = GateCommand.objects.filter(passage_id__in=ids)
    OpeningPhoto.objects.filter(command_id__in=commands.values("pk")).delete()
    commands.update(reason="", problem_detail="")
    Detection.objects.filter(passage_id__in=ids).delete()
    Decision.objects.filter(passage_id__in=ids).update(facts={"erased": True}, vehicle=None, permit=None)
    blank = dict.fromkeys(("plate", "plate_key", "corrected_plate", "unit_name", "owner_name"), "")
    rows = Passage.objects.filter(pk__in=ids)
    rows.update(**blank, vehicle=None, last_box=[], erased_at=timezone.now())


def _empty_requests(request: SubjectRequest, subject: Subject) -> None:
    """Older requests about the same plates name them too."""
    closed = SubjectRequest.objects.filter(condominium_id=request.condominium_id, state=RequestState.CLOSED)
    same = [each.pk for each in closed.exclude(plates="") if each.asked_keys & subject.keys]
    SubjectRequest.objects.filter(pk__in=same).update(plates="")


def _finish(request: SubjectRequest, found: Plan, entries: list[JournalEntry], erased: Erased, by: User) -> None:
    """The request keeps what it still has to be open for: the plates that were left."""
    left = [plate for plate in request.asked_plates if canonical(plate) not in found.subject.keys]
    person = None if found.person else request.person
    change: dict[str, Any] = {"plates": ", ".join(left), "person": person, "archive": "", "erased_at": timezone.now()}
    if not open_rows(request).update(**change):
        raise RequestError(_("This request is closed already."))
    counts = {name: getattr(erased, name) for name in ("passages", "vehicles", "people", "entries", "records")}
    note(request, "erased", by=by, **counts, left=len(erased.kept), digest=_digest(found.passages, entries))


def _digest(passages: list[UUID], entries: list[JournalEntry]) -> str:
    """Of what was erased, by the numbers that stay: no plate can be guessed from it."""
    numbers = [*sorted(map(str, passages)), *(str(entry.sequence) for entry in entries)]
    return hashlib.sha256("\n".join(numbers).encode()).hexdigest()


# --- what bars ------------------------------------------------------------------------------------------


def _watched(subject: Subject) -> dict[str, str]:
    """Plates of active entries of the watch-list, by their keys."""
    entries = WatchlistEntry.objects.filter(
        condominium_id=subject.condominium_id, plate_key__in=subject.keys, is_active=True
    )
    return dict(entries.values_list("plate_key", "plate"))


def _others(request: SubjectRequest) -> list[SubjectRequest]:
    mine = SubjectRequest.objects.filter(condominium_id=request.condominium_id, state=RequestState.OPEN)
    return list(mine.exclude(pk=request.pk).select_related("person"))


def _keys_of_others(request: SubjectRequest) -> frozenset[str]:
    return frozenset().union(*(subject_of(other).keys for other in _others(request)))


def _is_named_elsewhere(request: SubjectRequest) -> bool:
    return request.person_id is not None and any(other.person_id == request.person_id for other in _others(request))


def _spared(request: SubjectRequest, found: Plan) -> list[UUID]:
    """Passages that stay as they are: another open request needs them, or the plate was somebody else's then."""
    mine = Passage.objects.filter(condominium_id=request.condominium_id, plate_key__in=found.subject.keys)
    left = mine.exclude(pk__in=found.passages) | held(request.condominium_id, but=request)
    return list(left.values_list("pk", flat=True))


def _on_watchlist(watched: dict[str, str]) -> list[str]:
    return [_("%(plate)s is on the watch-list, and kept while it is.") % {"plate": plate} for plate in watched.values()]


def _in_request(keys: frozenset[str]) -> list[str]:
    return [
        _("%(plate)s is named in another open request, and kept until that is closed.") % {"plate": key} for key in keys
    ]


def _counted(others: int, lately: int) -> list[str]:
    named = ngettext(
        "%(count)d passage is named in another open request, and kept until that is closed.",
        "%(count)d passages are named in another open request, and kept until that is closed.",
        others,
    )
    fresh = ngettext(
        "%(count)d passage is less than an hour old: erase it later.",
        "%(count)d passages are less than an hour old: erase them later.",
        lately,
    )
    return [said % {"count": count} for said, count in ((named, others), (fresh, lately)) if count]
