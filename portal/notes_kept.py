"""The gatehouse's book, as what is kept of people: told to whom it names, erased with them, and not kept for ever."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from access import keepers
from access.models import RetentionPolicy
from access.subjects import Subject
from portal.models import Note, Shift
from premises.models import Condominium, JournalEntry, Person

# What stands in the place of somebody else's name or plate.
LEFT_OUT = "[…]"
PLATE = re.compile(r"\b[A-Za-z]{3}[ -]?\d[A-Za-z0-9]\d{2}\b")


class Notes(keepers.Deleting):
    """A note belongs to whose plate or whole name stands in it, however it is written."""

    file = "gatehouse-notes.json"
    words = _("notes of the gatehouse")

    def rows(self, subject: Subject) -> list[Note]:
        wanted = _mention(subject)
        if wanted is None:
            return []
        mine = Note.objects.filter(condominium_id=subject.condominium_id)
        return [note for note in mine.order_by("at") if wanted.search(_plain(note.text))]

    def told(self, subject: Subject, row: Note) -> dict[str, Any]:
        return {"at": row.at, "by": row.by_name, "note": _without_others(subject, row.text), "done_at": row.done_at}

    def entries(self, rows: list[Note], mine: QuerySet[JournalEntry]) -> Iterable[JournalEntry]:
        """The journal has a note's number, and nothing of what it said."""
        return mine.none()

    def purge(self, condominium: Condominium, now: datetime) -> int:
        """Notes so many days after they were done, or written where nobody says so; shifts after their end."""
        until = now - timedelta(days=days_of(condominium))
        named = [row.pk for each in keepers.named_in_requests(condominium.pk) for row in self.rows(each)]
        notes = Note.objects.filter(condominium=condominium).annotate(last=Coalesce("done_at", "at"))
        gone, _kinds = notes.filter(last__lt=until).exclude(pk__in=named).delete()
        shifts, _kinds = Shift.objects.filter(condominium=condominium, ended_at__lt=until).delete()
        return gone + shifts


def days_of(condominium: Condominium) -> int:
    policy = RetentionPolicy.objects.filter(condominium=condominium).first() or RetentionPolicy()
    return policy.notes_days


def _mention(subject: Subject) -> "re.Pattern[str] | None":
    """Their plates and their whole name, as `_plain` writes them; None where nothing is to be looked for."""
    wanted = [*map(_plain, subject.plates), *([_plain(subject.name)] if subject.name else [])]
    if not wanted:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")


def _plain(text: str) -> str:
    """In small letters, a plate without the gap or the dash that somebody typed into it."""
    joined = PLATE.sub(lambda found: re.sub(r"[ -]", "", found[0]), text)
    return " ".join(joined.casefold().split())


def _without_others(subject: Subject, text: str) -> str:
    """What a note says, without the plates and the names of others who are known here."""
    kept = {_plain(plate) for plate in subject.plates}
    text = PLATE.sub(lambda found: found[0] if _plain(found[0]) in kept else LEFT_OUT, text)
    others = Person.objects.filter(condominium_id=subject.condominium_id)
    names = others.exclude(pk=subject.person.pk) if subject.person else others
    for name in sorted(names.values_list("name", flat=True), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)
    return text


keepers.register(Notes())
