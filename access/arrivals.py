"""A guest was let in: said to whoever listens, when it is committed.

A signal, since what tells people lies above this package and may not be imported here. It carries an id only; nobody
who fails to hear it, or fails while hearing it, keeps a gate closed: it is sent after the gate was told.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from access.models import Decision, Direction
from access.permitting import PermitKind
from access.reasons import Outcome

logger = logging.getLogger("access")

# Sent with `decision_id`, outside of any transaction.
guest_arrived = Signal()


def tell(decision: Decision) -> None:
    """Say, on commit, that a guest was let in, if that is what was decided."""
    visits = decision.facts.get("kind_of_permit") == PermitKind.VISITOR
    if visits and decision.outcome == Outcome.OPEN and decision.passage.lane.direction != Direction.OUT:
        transaction.on_commit(lambda: _send(decision.pk), robust=True)


def arrivals() -> QuerySet[Decision]:
    """The decisions by which a visitor was let in on the word of a unit; leaving is none."""
    let_in = Decision.objects.filter(outcome=Outcome.OPEN, permit__kind=PermitKind.VISITOR, permit__host__isnull=False)
    return let_in.exclude(passage__lane__direction=Direction.OUT)


def arrivals_since(at: datetime, now: datetime, settled: timedelta) -> QuerySet[Decision]:
    """Those since a time that are a moment old: what the signal did not reach may be told by these."""
    return arrivals().filter(at__gte=at, at__lte=now - settled)


def _send(decision_id: int) -> None:
    for receiver, answer in guest_arrived.send_robust(sender=Decision, decision_id=decision_id):
        if isinstance(answer, Exception):
            logger.error("An arrival was not told by %s: %s", receiver, answer)
