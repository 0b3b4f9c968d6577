"""A proposed vehicle was approved or refused: said to whoever listens, when it is committed.

A signal, for the same reason as that of arrivals: what tells people lies above this package. It carries the number of
the journal's entry, which is the answer's own row: what the signal did not reach is found by it.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from premises.models import Condominium, JournalEntry

logger = logging.getLogger("access")

ANSWERS = ("vehicle.approved", "vehicle.refused")

# Sent with `entry_id`, outside of any transaction.
vehicle_answered = Signal()


def tell(entry: JournalEntry) -> None:
    """Say on commit what was answered, where the entry is an answer."""
    if entry.action in ANSWERS:
        transaction.on_commit(lambda: _send(entry.pk), robust=True)


def answers() -> QuerySet[JournalEntry]:
    """The answers of which is still known which vehicle they are about."""
    return JournalEntry.objects.filter(action__in=ANSWERS, is_erased=False)


def answers_since(at: datetime, now: datetime, settled: timedelta) -> QuerySet[JournalEntry]:
    """Those since a time that are a moment old: what the signal did not reach may be told by these.

    Each condominium is named, since the journal's index by time begins with it.
    """
    everywhere = list(Condominium.objects.values_list("pk", flat=True))
    return answers().filter(condominium__in=everywhere, at__gte=at, at__lte=now - settled)


def _send(entry_id: int) -> None:
    for receiver, answer in vehicle_answered.send_robust(sender=JournalEntry, entry_id=entry_id):
        if isinstance(answer, Exception):
            logger.error("An answer was not told by %s: %s", receiver, answer)
