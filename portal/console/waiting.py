"""Which passages need the guard: refused or unsure, somebody still stands there, and nobody has answered yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from access.models import Lane, Passage
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


def standing(lanes: Iterable[Lane], now: datetime) -> QuerySet[Passage]:
    """Who stands at these lanes without an answer, who came first before."""
    lately = Passage.objects.filter(lane__in=[lane.pk for lane in lanes], last_seen_at__gt=now - STANDING)
    return unanswered(lately).exclude(_followed()).order_by("opened_at")


def left(condominium_ids: Iterable[int], now: datetime) -> QuerySet[Passage]:
    """Who left without an answer within the last hour, the latest first."""
    rows = Passage.objects.filter(condominium_id__in=condominium_ids, opened_at__gte=now - REMEMBERED)
    gone = unanswered(rows.filter(outcome=Outcome.ASK)).filter(Q(last_seen_at__lte=now - STANDING) | _followed())
    return gone.select_related("lane").order_by("-opened_at")


def _followed() -> Q:
    """Another vehicle came to the place of one that is not seen any more: that one has left."""
    later = Passage.objects.filter(lane=OuterRef("lane"), opened_at__gt=OuterRef("last_seen_at"))
    return Q(Exists(later), ended_at__isnull=False)
