"""Purging: taking away what was kept long enough, with a word in the journal of what that was."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from access import evidence, orphans
from access.models import Detection, OpeningPhoto, Passage, Permit, RetentionPolicy, WatchlistEntry
from access.retention import Days, Kept, PassageFacts, class_of, ends_at, is_visit
from access.subjects import held
from gates.models import GateCommand
from premises import erasure, journal
from premises.models import Condominium, JournalEntry

logger = logging.getLogger("access")

# Passages of one transaction: the journal is locked for its last part, and a gate may be waiting for it.
BATCH = 100
# Passages of one run, so that it ends in time; what is left is for the next.
MOST = 5000
# Photos of openings by hand are mostly of visitors.
PHOTOS = Kept.VISITORS


@dataclass
class Purged:
    """What a run took away, or would. `more` says that it stopped at its limit."""

    passages: Counter[str] = field(default_factory=Counter)
    ids: list[UUID] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    photos: int = 0
    files_left: int = 0
    more: bool = False

    def add(self, due: "Due") -> None:
        self.passages[due.kept] += 1
        self.ids.append(due.id)
        self.times.append(due.last_seen_at)

    def noted(self) -> dict[str, object]:
        """For the journal: counts, the span of times, and a digest by which a list of ids can be proved."""
        listed = "\n".join(sorted(map(str, self.ids)))
        return {
            "passages": dict(self.passages),
            "photos": self.photos,
            "from": min(self.times, default=None),
            "to": max(self.times, default=None),
            "digest": hashlib.sha256(listed.encode()).hexdigest(),
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A passage that was kept long enough."""

    id: UUID
    kept: Kept
    last_seen_at: datetime


def purge(condominium: Condominium, now: datetime, most: int = MOST) -> Purged:
    """Take away what the condominium's policy keeps no longer and no open request names.

    Rows first, in batches; files when these are committed. A file that cannot be removed is logged and left to the
    next run. With each passage goes what is personal of it in the journal.
    """
    done = Purged()
    due = list(islice(passages_due(condominium, now), most + 1))
    done.more = len(due) > most
    for start in range(0, min(len(due), most), BATCH):
        _purge_batch(condominium, due[start : min(start + BATCH, most)], done)
    _purge_photos(condominium, now, done)
    if done.ids or done.photos:
        journal.record(condominium, "passages.purged", data=done.noted())
    done.files_left += orphans.sweep(condominium.pk, now)
    return done


def rehearse(condominium: Condominium, now: datetime) -> Purged:
    """What all of a purge would take away."""
    done = Purged(photos=_photos_due(condominium, now).count())
    for due in passages_due(condominium, now):
        done.add(due)
    return done


def days_of(condominium: Condominium) -> Days:
    policy = RetentionPolicy.objects.filter(condominium=condominium).first() or RetentionPolicy()
    return Days(policy.strangers_days, policy.visitors_days, policy.registered_days, policy.incidents_days)


def passages_due(condominium: Condominium, now: datetime) -> Iterator[Due]:
    """Oldest first."""
    days = days_of(condominium)
    watched, visitors = set(_watched(condominium)), _visitors(condominium)
    old = Passage.objects.filter(condominium=condominium, last_seen_at__lt=now - days.shortest, erased_at=None)
    rows = old.exclude(pk__in=held(condominium.pk).values("pk")).order_by("last_seen_at")
    for pk, seen_at, key, *facts in rows.values_list("pk", "last_seen_at", "plate_key", *FACTS).iterator():
        kept = class_of(_facts(key in watched, visitors, *facts))
        if ends_at(kept, seen_at, days) <= now:
            yield Due(pk, kept, seen_at)


FACTS = (
    "reason",
    "vehicle_id",
    "decision__facts__registered",
    "decision__permit_id",
    "decision__permit__kind",
    Coalesce(F("decision__permit__valid_from"), F("decision__permit__created_at")),
    "decision__permit__valid_until",
)


def _facts(
    watched: bool,
    visitors: set[int],
    reason: str,
    vehicle_id: int | None,
    was_registered: bool | None,
    permit_id: int | None,
    kind: str | None,
    begins: datetime | None,
    ends: datetime | None,
) -> PassageFacts:
    visitor = vehicle_id in visitors if permit_id is None else is_visit(kind, begins, ends)
    return PassageFacts(reason, watched, vehicle_id is not None or bool(was_registered), visitor)


def _visitors(condominium: Condominium) -> set[int]:
    """Vehicles that have permits, and none but short ones."""
    permits = Permit.objects.filter(condominium=condominium).order_by()
    rows = list(permits.values_list("vehicle_id", "kind", Coalesce("valid_from", "created_at"), "valid_until"))
    return {pk for pk, *_ in rows} - {pk for pk, *permit in rows if not is_visit(*permit)}


def _watched(condominium: Condominium) -> QuerySet[WatchlistEntry, str]:
    entries = WatchlistEntry.objects.filter(condominium=condominium, is_active=True)
    return entries.values_list("plate_key", flat=True)


def _purge_batch(condominium: Condominium, due: list[Due], done: Purged) -> None:
    with transaction.atomic():
        # A request that is being opened waits for the batch, or the batch sees it.
        Condominium.objects.select_for_update(no_key=True).get(pk=condominium.pk)
        named = set(held(condominium.pk).filter(pk__in=[each.id for each in due]).values_list("pk", flat=True))
        due = [each for each in due if each.id not in named]
        folders, names = remove_rows(condominium.pk, [each.id for each in due])
    done.files_left += evidence.remove(folders, names)
    for each in due:
        done.add(each)


def remove_rows(condominium_id: int, ids: list[UUID]) -> tuple[set[str], list[str]]:
    """Delete passages, empty what their gate commands and journal entries say of them, in the caller's transaction.

    Returns the folders and the single files that nothing names any more.
    """
    folders, names = files_of(ids)
    commands = GateCommand.objects.filter(passage_id__in=ids)
    OpeningPhoto.objects.filter(command_id__in=commands.values("pk")).delete()
    commands.update(reason="")
    Passage.objects.filter(pk__in=ids).delete()
    entries = JournalEntry.objects.filter(condominium_id=condominium_id, passage_id__in=ids)
    # One that was tampered with stays, as evidence of that; it does not keep the others.
    journal.erase(condominium_id, [entry for entry in entries if not erasure.altered(entry)], "retention")
    return folders, names


def files_of(ids: list[UUID]) -> tuple[set[str], list[str]]:
    """The folders of passages with all their pictures, and the photos of their openings by hand."""
    pictures = Detection.objects.filter(passage_id__in=ids).values_list("frame", "crop")
    folders = {evidence.folder_of(name) for row in pictures for name in row if name}
    commands = GateCommand.objects.filter(passage_id__in=ids).values("pk")
    return folders, list(OpeningPhoto.objects.filter(command_id__in=commands).values_list("frame", flat=True))


def _photos_due(condominium: Condominium, now: datetime) -> QuerySet[OpeningPhoto]:
    """Photos of openings that belong to no passage."""
    loose = GateCommand.objects.filter(condominium=condominium, passage_id=None).values("pk")
    until: timedelta = days_of(condominium).of(PHOTOS)
    return OpeningPhoto.objects.filter(condominium=condominium, taken_at__lt=now - until, command_id__in=loose)


def _purge_photos(condominium: Condominium, now: datetime, done: Purged) -> None:
    for photo in _photos_due(condominium, now)[:MOST]:
        photo.delete()
        done.times.append(photo.taken_at)
        done.photos += 1
        done.files_left += evidence.remove([], [photo.frame.name or ""])
