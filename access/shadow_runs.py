"""Shadow runs: asked for, worked on in small slices beside the gates, and the change made after all, or not.

Nothing opens by one, and nothing is decided. A slice is short, so that a lane's tick never waits long for its worker.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from access import comparing
from access.comparing import Difference, Figures
from access.models import Lane, Passage, RunState, ShadowRun
from access.queueing import offer
from access.shadowing import Settings
from premises import journal
from premises.models import ApiClient, User
from premises.tenancy import allows
from recognition import EngineError

logger = logging.getLogger("access")

TASK = "access.tasks.compare_in_shadow"
DAYS = 7
MOST = 5000  # passages, the latest
MOST_READ = 300  # passages whose pictures another engine reads again
SLICE = 1.0  # seconds of work before the lanes have their turn
BATCH = 5
KEPT = timedelta(days=30)
# A slice and its wait behind the lanes take seconds: after this its worker is gone.
STALLED = timedelta(minutes=2)

FIELDS = ("policy", "agreeing", "frames_to_refuse", "engine")


def settings_of(lane: Lane, **changed: Any) -> Settings:
    """What the lane decides by, with some of it changed."""
    return Settings(**{name: changed.get(name, getattr(lane, name)) for name in FIELDS})


def has_past(lane: Lane) -> bool:
    """Whether there is anything to decide again."""
    return _decided(lane).filter(opened_at__gte=timezone.now() - timedelta(days=DAYS)).exists()


def start(lane: Lane, wanted: Settings, *, by: User | ApiClient | str, days: int = DAYS) -> ShadowRun:
    """Enter a comparison of the lane's last days. Old ones of the lane, by which nothing was changed, are dropped."""
    now = timezone.now()
    lane.shadow_runs.filter(saved_at=None, created_at__lt=now - KEPT).delete()
    run = ShadowRun(
        condominium_id=lane.condominium_id,
        lane=lane,
        by_name=journal.name_of(by)[:150],
        since=now - timedelta(days=days),
        until=now,
        before=asdict(settings_of(lane)),
        wanted=asdict(wanted),
        counts=asdict(Figures()),
    )
    run.total = min(_of(run).count(), MOST_READ if run.reads_again else MOST)
    run.save()
    return run


def queue(run: ShadowRun) -> None:
    """Let a worker begin, or go on, when this transaction commits."""
    transaction.on_commit(lambda: _send(run), robust=True)


def _send(run: ShadowRun) -> None:
    if not offer(TASK, [run.pk], otherwise=f"comparison {run.pk} stays where it is"):
        fail(run, _("The task queue cannot be reached."))


def fail(run: ShadowRun, why: str) -> None:
    run.state, run.problem = RunState.FAILED, why[:200]
    run.save(update_fields=["state", "problem"])


def proceed(run: ShadowRun, seconds: float = SLICE) -> bool:
    """Work on a run for some seconds. Returns whether there is more to do."""
    end = time.monotonic() + seconds
    try:
        while not run.is_over:
            if not _take(run):
                return False
            if time.monotonic() >= end:
                break
    except EngineError as error:
        fail(run, _("The recognition cannot be loaded: %(why)s") % {"why": error})
    return not run.is_over


def resume_stalled(now: datetime) -> int:
    """Queue the comparisons again whose worker died; returns how many. One that only waited is worked on once."""
    begun = ShadowRun.objects.annotate(touched=Coalesce("worked_at", "created_at"))
    stalled = begun.filter(state__in=(RunState.WAITING, RunState.RUNNING), touched__lt=now - STALLED)
    for run in stalled:
        queue(run)
    return len(stalled)


def _take(run: ShadowRun) -> bool:
    """Compare the next passages of a run. False where there were none, or where another worker is at it."""
    before, last = run.done, min(run.done + BATCH, run.total)
    found = list(_of(run).prefetch_related("detections")[run.done : last])
    figures = Figures(**run.counts)
    wanted = Settings(**run.wanted)
    differing = list(comparing.compare(run.lane, found, wanted, figures, read_again=run.reads_again))
    room = comparing.LISTED - len(run.differences)
    run.differences += [_plain(each) for each in differing[: max(0, room)]]
    run.counts, run.done = asdict(figures), last if found else run.total
    run.state = RunState.DONE if run.done >= run.total else RunState.RUNNING
    run.worked_at = timezone.now()
    change = {name: getattr(run, name) for name in ("counts", "differences", "done", "state", "worked_at")}
    mine = ShadowRun.objects.filter(pk=run.pk, done=before, state__in=(RunState.WAITING, RunState.RUNNING))
    if not mine.update(**change):
        run.refresh_from_db()
        return False
    return bool(found)


def _plain(difference: Difference) -> dict[str, Any]:
    """Without a plate: what is erased of a passage or a vehicle shall not be left here."""
    told: dict[str, Any] = {"passage": str(difference.passage), "known": str(difference.known)}
    for when, ruling in (("then", difference.then), ("now", difference.now)):
        told[when] = {"outcome": ruling.outcome, "reason": ruling.reason, "vehicle": ruling.vehicle}
    return told


def _of(run: ShadowRun) -> QuerySet[Passage]:
    return _decided(run.lane).filter(opened_at__gte=run.since, opened_at__lt=run.until).order_by("-opened_at", "pk")


def _decided(lane: Lane) -> QuerySet[Passage]:
    return Passage.objects.filter(lane=lane).exclude(outcome="")


def save(run: ShadowRun, *, by: User | ApiClient) -> Lane:
    """Make the change that was compared. The journal says so, with what the comparison found.

    Raises `PermissionDenied`, and `ValidationError` where the lane was changed meanwhile or cannot be so.
    """
    if not allows(by, "devices.change", run.condominium_id):
        raise PermissionDenied(_("You may not change the lanes of this condominium."))
    with transaction.atomic():
        lane = Lane.objects.select_for_update().get(pk=run.lane_id)
        if run.saved_at or asdict(settings_of(lane)) != run.before:
            raise ValidationError(_("The lane was changed since. Compare again."))
        _put(lane, run, run.changed)
        data = {"fields": run.changed, "shadow": {"run": run.pk, "state": run.state, **run.counts}}
        journal.record(lane.condominium_id, "lane.changed", actor=by, subject=str(lane), data=data)
    return lane


def _put(lane: Lane, run: ShadowRun, names: Iterable[str]) -> None:
    for name in names:
        setattr(lane, name, run.wanted[name])
    lane.clean_fields(exclude=[field.name for field in lane._meta.fields if field.name not in names])
    lane.clean()
    lane.save(update_fields=[*names])
    run.saved_at = timezone.now()
    run.save(update_fields=["saved_at"])
