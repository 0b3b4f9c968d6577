"""The journal: record what happened, and show later that nothing of it was altered."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from premises.models import ApiClient, Condominium, JournalEntry, JournalHead, User

SYSTEM = "cancela"

Actor = User | ApiClient | str


def record(
    condominium: Condominium | int,
    action: str,
    *,
    actor: Actor = SYSTEM,
    subject: str = "",
    passage_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> JournalEntry:
    """Append an entry to a condominium's chain, in the caller's transaction or one of its own.

    The entry keeps the actor's and the subject's names as text, so that it outlives them.
    """
    condominium_id = condominium if isinstance(condominium, int) else condominium.pk
    with transaction.atomic():
        head = _locked_head(condominium_id)
        entry = JournalEntry(
            condominium_id=condominium_id,
            sequence=head.sequence + 1,
            at=timezone.now(),
            actor=name_of(actor)[:150],
            action=action,
            subject=subject[:200],
            passage_id=passage_id,
            # Through JSON and back: what is hashed now is exactly what is read later.
            data=json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder)),
            previous_digest=head.digest,
        )
        entry.digest = digest_of(entry)
        entry.save(force_insert=True)
        head.sequence, head.digest = entry.sequence, entry.digest
        head.save(update_fields=["sequence", "digest"])
    return entry


def name_of(actor: Actor) -> str:
    """How an actor is written down: a user by name, a program with its kind before it."""
    if isinstance(actor, ApiClient):
        return f"API: {actor.name}"
    return actor if isinstance(actor, str) else actor.get_username()


def _locked_head(condominium_id: int) -> JournalHead:
    JournalHead.objects.get_or_create(condominium_id=condominium_id)
    return JournalHead.objects.select_for_update().get(condominium_id=condominium_id)


def digest_of(entry: JournalEntry) -> str:
    """SHA-256 (hex) of everything an entry says, the digest of its predecessor included."""
    said = {
        "condominium": entry.condominium_id,
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "passage": str(entry.passage_id or ""),
        "data": entry.data,
        "previous": entry.previous_digest,
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Misfit:
    """The first entry of a chain that does not fit, and why."""

    condominium: Condominium
    sequence: int
    why: str


def verify(condominium: Condominium) -> Misfit | None:
    """Walk a condominium's chain from its beginning; None where every entry fits."""
    sequence, digest = 0, ""
    for entry in _chain(condominium):
        sequence += 1
        if why := _misfit(entry, sequence, digest):
            return Misfit(condominium, sequence, why)
        digest = entry.digest
    head = JournalHead.objects.filter(condominium=condominium).first() or JournalHead()
    if (head.sequence, head.digest) != (sequence, digest):
        return Misfit(condominium, sequence + 1, f"the chain ends here, but {head.sequence} entries were written")
    return None


def _chain(condominium: Condominium) -> Iterator[JournalEntry]:
    return JournalEntry.objects.filter(condominium=condominium).order_by("sequence").iterator(2000)


def _misfit(entry: JournalEntry, sequence: int, previous: str) -> str:
    if entry.sequence != sequence:
        return f"missing: the next entry is {entry.sequence}"
    if entry.previous_digest != previous:
        return "it is not tied to the entry before it"
    return "" if digest_of(entry) == entry.digest else "its content was altered"
