"""Folders of passages that are no more: left behind where a file could not be removed, or a program was killed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage

from access import evidence
from access.models import Passage

# A folder is written before its row is committed: what is as young is left alone.
YOUNG = timedelta(days=2)


def sweep(condominium_id: int, now: datetime) -> int:
    """Remove them; returns how many could not be removed."""
    left = 0
    for folder, day in _days(condominium_id):
        if day < (now - YOUNG).date():
            left += evidence.remove(_orphans(folder), [])
            evidence.remove_if_empty(folder)
    return left


def _days(condominium_id: int) -> Iterator[tuple[str, date]]:
    for year in _numbers(str(condominium_id)):
        for month in _numbers(f"{condominium_id}/{year}"):
            for day in _numbers(f"{condominium_id}/{year}/{month}"):
                yield f"{condominium_id}/{year}/{month}/{day}", date(int(year), int(month), int(day))


def _numbers(folder: str) -> list[str]:
    return sorted(name for name in _folders(folder) if name.isdecimal())


def _folders(folder: str) -> list[str]:
    return list(default_storage.listdir(folder)[0]) if default_storage.exists(folder) else []


def _orphans(day: str) -> list[str]:
    ids = {name: UUID(name) for name in _folders(day) if _is_id(name)}
    kept = set(Passage.objects.filter(pk__in=ids.values(), erased_at=None).values_list("pk", flat=True))
    return [f"{day}/{name}" for name, pk in ids.items() if pk not in kept]


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
