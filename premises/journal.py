"""The journal: record what happened, and show later that nothing of it was altered."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from premises import digests, erasure
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

    The entry keeps the actor's and the subject's names as text, so that it outlives them. Whom it is about belongs
    into `subject` and `data` only: they can be erased.
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
            version=digests.VERSION,
            salt=secrets.token_hex(16),
            previous_digest=head.digest,
        )
        entry.personal_digest = digests.of_personal(entry.salt, entry.subject, entry.data)
        entry.digest = digests.of_entry(entry)
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


@transaction.atomic
def erase(condominium: Condominium | int, entries: list[JournalEntry], why: str, *, actor: Actor = SYSTEM) -> int:
    """Take what is personal out of entries of one condominium, and write down of which, why and by whom.

    What is erased already, and what says what was erased, is left alone. Returns how many entries were erased; raises
    `erasure.AlteredError`, before anything is changed, where one does not say any more what it was written with.
    """
    erased = 0
    for batch in erasure.batches(entries):
        data = erasure.empty(batch)
        record(condominium, erasure.ERASED, actor=actor, data={"why": why, **data})
        erased += len(batch)
    return erased


@dataclass(frozen=True)
class Misfit:
    """The first entry of a chain that does not fit, and why."""

    condominium: Condominium
    sequence: int
    why: str


def verify(condominium: Condominium) -> Misfit | None:
    """Walk a condominium's chain from its beginning; None where every entry fits."""
    sequence, digest = 0, ""
    told = erasure.told(condominium.pk)
    for entry in _chain(condominium):
        sequence += 1
        if why := _misfit(entry, sequence, digest, told):
            return Misfit(condominium, sequence, why)
        digest = entry.digest
    head = JournalHead.objects.filter(condominium=condominium).first() or JournalHead()
    if (head.sequence, head.digest) != (sequence, digest):
        return Misfit(condominium, sequence + 1, f"the chain ends here, but {head.sequence} entries were written")
    return None


def _chain(condominium: Condominium) -> Iterator[JournalEntry]:
    return JournalEntry.objects.filter(condominium=condominium).order_by("sequence").iterator(2000)


def _misfit(entry: JournalEntry, sequence: int, previous: str, told: Mapping[int, str]) -> str:
    if entry.sequence != sequence:
        return f"missing: the next entry is {entry.sequence}"
    if entry.previous_digest != previous:
        return "it is not tied to the entry before it"
    return erasure.misfit(entry, told) if entry.is_erased else erasure.altered(entry)
