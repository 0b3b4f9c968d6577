"""Erasing what is personal in journal entries, so that the chain stays whole and shows that, why and by whom.

What is left of an entry is its number, time, actor, action and passage, and the digest of what was personal. Another
entry names those that were erased: one that is empty without being named was tampered with.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count, groupby
from typing import Any

from premises import digests
from premises.models import JournalEntry
from premises.triggers import ERASED

__all__ = ["ERASED", "AlteredError", "altered", "batches", "empty", "misfit", "told"]

# Entries named by one entry, so that it stays readable.
MOST = 1000


class AlteredError(ValueError):
    """An entry that does not fit is not erased: that would hide it."""


def batches(entries: Iterable[JournalEntry]) -> Iterator[list[JournalEntry]]:
    """Those that can be erased, in the order of the chain. Raises `AlteredError`."""
    left = sorted(
        (entry for entry in entries if not entry.is_erased and entry.action != ERASED),
        key=lambda entry: entry.sequence,
    )
    for entry in left:
        if why := altered(entry):
            raise AlteredError(f"Entry {entry.sequence}: {why}")
    yield from (left[start : start + MOST] for start in range(0, len(left), MOST))


def empty(entries: list[JournalEntry]) -> dict[str, Any]:
    """Empty entries in the database; returns what has to be written down of that."""
    rests = {str(entry.sequence): digests.of_rest(entry) for entry in entries if entry.version == 1}
    rows = JournalEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    rows.update(subject="", data={}, salt="", is_erased=True)
    return {"entries": spans(entry.sequence for entry in entries), "rests": rests}


def spans(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as pairs of the first and the last of each run."""
    place = count()
    runs = (list(run) for _, run in groupby(numbers, key=lambda number: number - next(place)))
    return [[run[0], run[-1]] for run in runs]


def told(condominium_id: int) -> dict[int, str]:
    """The entries that the journal itself says were erased; of those of version 1 with the digest of what is left."""
    found: dict[int, str] = {}
    for entry in JournalEntry.objects.filter(condominium_id=condominium_id, action=ERASED).order_by("sequence"):
        rests = entry.data.get("rests", {})
        for first, last in entry.data.get("entries", []):
            found |= {number: rests.get(str(number), "") for number in range(first, last + 1)}
    return found


def altered(entry: JournalEntry) -> str:
    """Why an entry that was not erased does not fit by itself; empty where it does."""
    fits = entry.version == 1 or entry.personal_digest == digests.of_personal(entry.salt, entry.subject, entry.data)
    return "" if fits and digests.of_entry(entry) == entry.digest else "its content was altered"


def misfit(entry: JournalEntry, told: Mapping[int, str]) -> str:
    """Why an erased entry does not fit; empty where it does."""
    if entry.subject or entry.data or entry.salt:
        return "it is marked as erased and still says something"
    if entry.sequence not in told or entry.action == ERASED:
        return "it was emptied, and no entry says that it was erased"
    first = entry.version == 1
    fits = digests.of_rest(entry) == told[entry.sequence] if first else digests.of_entry(entry) == entry.digest
    return "" if fits else "what is left of it was altered"
