"""Keys as what is personal: told to whom they are of, erased with them, and their uses kept no longer than passages."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from access.models import Key
from access.retention import Days, Kept
from access.subjects import Subject
from gates.key_models import KeyUse
from gates.models import GateCommand
from premises.models import JournalEntry, Person

# Journal entries that name a key in their subject, or in their data.
NAMING = (
    "key.given",
    "key.changed",
    "key.ended",
    "gate.opened_offline",
    "gate.refused_offline",
    "gate.key_refused",
)


def told(subject: Subject) -> list[dict[str, Any]]:
    """The person's keys and what they opened; never their digits."""
    if subject.person is None:
        return []
    return [_key(key) for key in _keys(subject.person)]


def _keys(person: Person) -> QuerySet[Key]:
    return Key.objects.filter(person=person).defer("digits").prefetch_related("gates")


def _key(key: Key) -> dict[str, Any]:
    names = ("holder", "ending", "valid_from", "valid_until", "created_at", "ended_at")
    uses = KeyUse.objects.filter(key_ref=key.pk, condominium_id=key.condominium_id).select_related("gate")
    return {
        "kind": key.get_kind_display(),
        **{name: getattr(key, name) for name in names},
        "gates": [str(gate) for gate in key.gates.all()],
        "uses": [_use(use) for use in uses.order_by("at")],
    }


def _use(use: KeyUse) -> dict[str, Any]:
    times = {name: getattr(use, name) for name in ("at", "not_before", "not_after")}
    return {**times, "gate": str(use.gate or ""), "what": use.get_what_display()}


def erase(person: Person) -> list[JournalEntry]:
    """Take away a person's keys, and their name where something was opened by one; boards strike them out.

    Returns the journal's entries that name them, for the caller to erase.
    """
    found: list[JournalEntry] = []
    for key in _keys(person):
        uses = KeyUse.objects.filter(key_ref=key.pk, condominium_id=key.condominium_id)
        commands = [str(pk) for pk in uses.exclude(command_id=None).values_list("command_id", flat=True)]
        found += _naming(key, commands)
        GateCommand.objects.filter(pk__in=commands).update(reason="")
        uses.update(key_ref=None, key_name="")
        key.delete()
    return found


def _naming(key: Key, commands: list[str]) -> list[JournalEntry]:
    mine = JournalEntry.objects.filter(condominium_id=key.condominium_id, is_erased=False)
    asked = mine.filter(action="gate.requested", data__command__in=commands)
    ending = f" · {key.holder}"
    named = [
        entry
        for entry in mine.filter(action__in=NAMING)
        if entry.subject.endswith(ending) or str(entry.data.get("key", "")).endswith(ending)
    ]
    return [*asked, *named]


def due(condominium_id: int, now: datetime, days: Days) -> QuerySet[KeyUse]:
    """Uses that were kept long enough: of a key as long as passages of who is registered, of none as a stranger's."""
    old = Q(key_name="", at__lt=now - days.of(Kept.STRANGERS)) | Q(at__lt=now - days.of(Kept.REGISTERED))
    return KeyUse.objects.filter(old, condominium_id=condominium_id)
