"""Which passages need the guard: refused or unsure, somebody still stands there, and nobody has answered yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from access.models import Passage
from access.reasons import Outcome
from gates.models import GateCommand
from gates.states import NOT_MOVED
from portal.models import TurnedAway

# Who stands close to the barrier is seen by no camera any more, and still stands there.
STANDING = timedelta(minutes=2)
# What nobody answered stays on the list of the shift for so long.
REMEMBERED = timedelta(minutes=60)
NEEDING = (Outcome.ASK, Outcome.REFUSE)


def unanswered(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Those that asked for somebody, and were neither opened for nor turned away."""
    openings = GateCommand.objects.filter(passage_id=OuterRef("pk")).exclude(state__in=NOT_MOVED)
    away = TurnedAway.objects.filter(passage=OuterRef("pk"))
    asked = passages.filter(outcome__in=NEEDING, lane__gate__isnull=False, lane__is_active=True)
    return asked.filter(~Exists(openings), ~Exists(away))


def standing(passage: Passage, now: datetime) -> bool:
    return now - passage.last_seen_at < STANDING


def left(condominium_ids: Iterable[int], now: datetime) -> QuerySet[Passage]:
    """Who left without an answer within the last hour, the latest first."""
    lately = Q(opened_at__gte=now - REMEMBERED, last_seen_at__lte=now - STANDING)
    rows = Passage.objects.filter(lately, condominium_id__in=condominium_ids, outcome=Outcome.ASK)
    return unanswered(rows).select_related("lane").order_by("-opened_at")
