"""Keys, as what is kept of people: told to whom they are of, erased with them; their uses go as passages do."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from access import keepers
from access.models import Key
from access.purging import days_of
from access.retention import Days, Kept
from access.subjects import Subject
from gates.models import GateCommand, KeyUse
from premises.models import Condominium, JournalEntry

# Journal entries that name a key in their subject, or in their data.
NAMING = (
    "key.given",
    "key.changed",
    "key.ended",
    "gate.opened_offline",
    "gate.refused_offline",
    "gate.key_refused",
)


class Keys:
    file = "keys.json"
    words = _("keys")

    def rows(self, subject: Subject) -> list[Key]:
        if subject.person is None:
            return []
        return list(Key.objects.filter(person=subject.person).defer("digits").prefetch_related("gates"))

    def told(self, subject: Subject, row: Key) -> dict[str, Any]:
        """A key and what it opened; never its digits."""
        names = ("holder", "ending", "valid_from", "valid_until", "created_at", "ended_at")
        return {
            "kind": row.get_kind_display(),
            **{name: getattr(row, name) for name in names},
            "gates": [str(gate) for gate in row.gates.all()],
            "uses": [_use(use) for use in _uses(row).select_related("gate").order_by("at")],
        }

    def entries(self, rows: list[Key], mine: QuerySet[JournalEntry]) -> Iterable[JournalEntry]:
        for row in rows:
            yield from mine.filter(action="gate.requested", data__command__in=_commands(row))
            yield from _naming(row, mine)

    def erase(self, rows: list[Key]) -> None:
        """With them goes the name where something was opened by one; boards strike them out of their lists."""
        for row in rows:
            GateCommand.objects.filter(pk__in=_commands(row)).update(reason="")
            _uses(row).update(key_ref=None, key_name="")
            row.delete()

    def purge(self, condominium: Condominium, now: datetime) -> int:
        named = [row.pk for each in keepers.named_in_requests(condominium.pk) for row in self.rows(each)]
        gone, _each = due(condominium.pk, now, days_of(condominium), but=named).delete()
        return gone


def _uses(key: Key) -> QuerySet[KeyUse]:
    return KeyUse.objects.filter(key_ref=key.pk, condominium_id=key.condominium_id)


def _commands(key: Key) -> list[str]:
    return [str(pk) for pk in _uses(key).exclude(command_id=None).values_list("command_id", flat=True)]


def _use(use: KeyUse) -> dict[str, Any]:
    times = {name: getattr(use, name) for name in ("at", "not_before", "not_after")}
    return {**times, "gate": str(use.gate or ""), "what": use.get_what_display()}


def _naming(key: Key, mine: QuerySet[JournalEntry]) -> Iterable[JournalEntry]:
    ending = f" · {key.holder}"
    for entry in mine.filter(action__in=NAMING):
        if entry.subject.endswith(ending) or str(entry.data.get("key", "")).endswith(ending):
            yield entry


def due(condominium_id: int, now: datetime, days: Days, but: Collection[int] = ()) -> QuerySet[KeyUse]:
    """Uses that were kept long enough: of a key as long as passages of who is registered, of none as a stranger's.

    Those of the keys `but` are kept: an open request asks for them.
    """
    old = Q(key_name="", at__lt=now - days.of(Kept.STRANGERS)) | Q(at__lt=now - days.of(Kept.REGISTERED))
    mine = KeyUse.objects.filter(old, condominium_id=condominium_id)
    return mine.exclude(key_ref__in=but) if but else mine


keepers.register(Keys())
