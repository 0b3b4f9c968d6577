"""What parts of the product keep of people beside vehicles, permits and passages: told, erased and purged with these.

What lies above this package may not be imported here, so that it names itself (`register`) when it is loaded. A row
belongs to whoever it names; what that means only its keeper knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from access.models import RequestState, SubjectRequest
from access.subjects import Subject, subject_of
from premises import journal
from premises.models import Condominium, JournalEntry


class Keeper(Protocol):
    """Rows of one kind. `file` is what tells of them in an archive, `words` what a person calls them."""

    file: str
    words: Any

    def rows(self, subject: Subject) -> list[Any]:
        """Those that name the subject."""

    def told(self, subject: Subject, row: Any) -> dict[str, Any]:
        """A row as it is told to the subject: field by field, and nothing of anybody else."""

    def entries(self, rows: list[Any], mine: QuerySet[JournalEntry]) -> Iterable[JournalEntry]:
        """What of a condominium's journal names the subject because of these rows, and bears neither plate nor name."""

    def erase(self, rows: list[Any]) -> None:
        """Take these away, and what names the subject because of them."""

    def purge(self, condominium: Condominium, now: datetime) -> int:
        """Take away what was kept long enough and no open request names; how many rows that were."""


class Deleting:
    """For a keeper whose rows leave nothing behind."""

    def erase(self, rows: list[Any]) -> None:
        for row in rows:
            row.delete()


@dataclass(frozen=True, slots=True)
class Kept:
    """What one keeper has of a subject."""

    keeper: Keeper
    rows: list[Any]


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    _keepers[keeper.file] = keeper


def tell(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """By the archive's file what is in it."""
    return {file: [each.told(subject, row) for row in each.rows(subject)] for file, each in sorted(_keepers.items())}


def kept(subject: Subject) -> list[Kept]:
    """What there is of a subject, of each kind of which there is anything."""
    found = [Kept(keeper, keeper.rows(subject)) for _file, keeper in sorted(_keepers.items())]
    return [each for each in found if each.rows]


def erase(found: Iterable[Kept], condominium_id: int) -> list[JournalEntry]:
    """Delete these rows, in the caller's transaction; the journal's entries that name the subject because of them."""
    entries: list[JournalEntry] = []
    mine = JournalEntry.objects.filter(condominium_id=condominium_id, is_erased=False)
    for each in found:
        entries += each.keeper.entries(each.rows, mine)
        each.keeper.erase(each.rows)
    return entries


def purge(condominium: Condominium, now: datetime) -> int:
    """Take away what was kept long enough, with a word in the journal of how much of what."""
    gone = {file.partition(".")[0]: each.purge(condominium, now) for file, each in sorted(_keepers.items())}
    counts = {name: count for name, count in gone.items() if count}
    if counts:
        journal.record(condominium, "records.purged", data=counts)
    return sum(counts.values())


def named_in_requests(condominium_id: int) -> list[Subject]:
    """Whom open requests are about: what names them is kept until these are answered."""
    requests = SubjectRequest.objects.filter(condominium_id=condominium_id, state=RequestState.OPEN)
    return [subject_of(request) for request in requests.select_related("person")]
