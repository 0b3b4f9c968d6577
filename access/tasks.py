"""Tasks: they take ids and call one verb."""

import logging
from datetime import date

from celery import shared_task
from celery.signals import worker_process_init
from django.utils import timezone

from access import (
    engines,
    holdings,
    keepers,
    lane_days,
    openings,
    passages,
    purging,
    rehearsal_hours,
    rehearsing,
    request_work,
    shadow_runs,
    watching,
)
from access.models import Lane, Passage, ShadowRun
from premises.journal import SYSTEM
from premises.models import Condominium, User

logger = logging.getLogger("access")


@worker_process_init.connect
def warm_up(**signal: object) -> None:
    """Load the engines in use before the first picture comes: that one shall not wait for them."""
    engines.load_those_in_use()


# Killed before the lane's lock ends by itself (watching.LOCK_SECONDS).
@shared_task(time_limit=20)
def watch_lane(lane_id: int) -> None:
    watching.watch(lane_id)


@shared_task
def end_passages() -> None:
    """End what no tick ends: passages of lanes that are fed by uploads, or were switched off."""
    under_way = Passage.objects.filter(ended_at=None).values("lane")
    for lane in Lane.objects.filter(pk__in=under_way):
        passages.end_gone(lane, timezone.now())


@shared_task
def keep_photo(command_id: str, lane_id: int) -> None:
    openings.keep_photo(command_id, lane_id)


# Expires before the next night, as the timetable's own entry does.
A_NIGHT = 12 * 3600


@shared_task
def purge() -> None:
    """A task for each condominium: one that takes long does not keep the others waiting."""
    for condominium_id in Condominium.objects.values_list("pk", flat=True):
        purge_condominium.apply_async((condominium_id,), expires=A_NIGHT)


@shared_task(time_limit=600)
def purge_condominium(condominium_id: int) -> None:
    condominium = Condominium.objects.filter(pk=condominium_id).first()
    if condominium:
        keepers.purge(condominium, timezone.now())
    if condominium and purging.purge(condominium, timezone.now()).more:
        purge_condominium.apply_async((condominium_id,), expires=A_NIGHT)


# They expire before the timetable asks again.
MINUTES = 280


@shared_task
def count_figures() -> None:
    """What the first page shows of the last weeks: a task for each condominium."""
    for condominium_id in Condominium.objects.values_list("pk", flat=True):
        count_figures_of.apply_async((condominium_id,), expires=MINUTES)


@shared_task(time_limit=600)
def count_figures_of(condominium_id: int) -> None:
    if condominium := Condominium.objects.filter(pk=condominium_id).first():
        now = timezone.now()
        lane_days.catch_up(condominium, now)
        if holdings.is_old(condominium, now):
            holdings.count(condominium, now)
        holdings.count_missed(condominium, now)


@shared_task
def count_holdings() -> None:
    for condominium_id in Condominium.objects.values_list("pk", flat=True):
        count_holdings_of.apply_async((condominium_id,), expires=A_NIGHT)


@shared_task(time_limit=600)
def count_holdings_of(condominium_id: int) -> None:
    if condominium := Condominium.objects.filter(pk=condominium_id).first():
        lane_days.recount_all(condominium, timezone.now())
        holdings.count(condominium, timezone.now())


@shared_task
def compare_in_shadow(run_id: int) -> None:
    """A slice of a comparison; what is left queues up behind the lanes."""
    run = ShadowRun.objects.select_related("lane__gate", "condominium").filter(pk=run_id).first()
    if run is not None and shadow_runs.proceed(run):
        shadow_runs.queue(run)


# An erasure is one transaction; it is over before it is taken up again (`request_work.STALLED`).
@shared_task(time_limit=540)
def work_on_request(work_id: int, tries: int) -> None:
    """A slice of what a data-subject request asks for; what is left queues up behind the lanes."""
    if request_work.proceed(work_id, tries):
        request_work.queue(work_id, tries)


@shared_task
def resume_requests() -> None:
    request_work.resume_stalled(timezone.now())


@shared_task
def resume_comparisons() -> None:
    shadow_runs.resume_stalled(timezone.now())


@shared_task
def rehearse_due() -> None:
    """A task for each lane whose turn has come."""
    for lane, day in rehearsal_hours.due(timezone.now()):
        rehearse_lane.apply_async((lane.pk, None, day.isoformat()), expires=MINUTES)


@shared_task(time_limit=90)
def rehearse_lane(lane_id: int, user_id: int | None = None, day: str | None = None) -> None:
    lane = Lane.objects.filter(pk=lane_id).first()
    by = User.objects.filter(pk=user_id).first() if user_id else SYSTEM
    if lane is None or by is None:
        return
    try:
        rehearsing.rehearse(lane, by=by, day=date.fromisoformat(day) if day else None)
    except rehearsing.RehearsalError as error:
        logger.info("not rehearsed: %s", error)
