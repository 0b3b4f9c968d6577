"""Counting lanes' days: today and yesterday every few minutes, earlier days once and again each night."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from access.models import Lane, LaneDay, Passage
from access.periods import Period
from access.pulse_times import times_of
from access.purging import days_of
from access.reading_shares import SURE, Shares
from premises.models import Condominium

# Four weeks: every day of the week four times.
SPAN = 28


def catch_up(condominium: Condominium, now: datetime) -> None:
    """Count today and yesterday anew, and the days of the span that were never counted."""
    today = _today(condominium, now)
    span = [today - timedelta(days=number) for number in range(SPAN)]
    counted = set(LaneDay.objects.filter(condominium=condominium, day__in=span[2:]).values_list("day", flat=True))
    recount(condominium, [*span[:2], *(day for day in span[2:] if day not in counted)])


def recount_all(condominium: Condominium, now: datetime) -> None:
    """Count every day of the span of which nothing is purged yet: what was corrected meanwhile counts as that."""
    whole = min(SPAN, days_of(condominium).shortest.days)
    today = _today(condominium, now)
    recount(condominium, [today - timedelta(days=number) for number in range(whole)])


def recount(condominium: Condominium, days: Iterable[date]) -> None:
    """Count these days of all lanes of a condominium."""
    lanes = list(Lane.objects.filter(condominium=condominium))
    for day in days:
        for lane in lanes:
            _count(lane, day, condominium.time_zone)


def _count(lane: Lane, day: date, zone: str) -> None:
    period = Period(day, day, zone)
    seen = Passage.objects.filter(lane=lane, opened_at__gte=period.begins, opened_at__lt=period.ends)
    shares = Shares(**seen.exclude(outcome="").order_by().aggregate(**SURE))
    times = times_of(seen)
    LaneDay.objects.update_or_create(
        lane=lane,
        day=day,
        defaults={
            "condominium_id": lane.condominium_id,
            "decided": shares.decided,
            "sure": shares.sure,
            "corrected": shares.corrected,
            "pulses": times.count,
            "p50_ms": times.p50,
            "p95_ms": times.p95,
        },
    )


def _today(condominium: Condominium, now: datetime) -> date:
    return now.astimezone(ZoneInfo(condominium.time_zone)).date()
