"""Lanes being set up, and how often each is watched: the timetable of the beat."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from access import regions
from access.models import Direction, Lane
from cameras.models import Camera, Source
from gates.models import Gate
from premises import journal
from premises.models import User

WATCH = "access.tasks.watch_lane"

# Name, task, seconds.
SYSTEM_TASKS = (
    ("end passages", "access.tasks.end_passages", 15),
    ("resume comparisons", "access.tasks.resume_comparisons", 60),
    # The listener does this every second; without it, too, a command shall have its end five seconds after its life.
    ("sweep gate commands", "gates.tasks.sweep_commands", 2),
    ("tell of arrivals", "portal.tasks.sweep_arrivals", 60),
    ("tell of answers", "portal.tasks.sweep_answers", 60),
    ("resume requests", "access.tasks.resume_requests", 60),
    ("count figures", "access.tasks.count_figures", 300),
    ("rehearse lanes", "access.tasks.rehearse_due", 300),
    ("tell of rehearsals", "portal.tasks.sweep_rehearsals", 300),
)
# Name, task, hour of the night.
NIGHTLY_TASKS = (("purge", "access.tasks.purge", 3), ("count holdings", "access.tasks.count_holdings", 4))


def lay_out(camera: Camera, name: str, direction: Direction | str, *, by: User) -> Lane:
    """A lane of a camera, not watched yet; the camera's own lane under these words where it has one.

    The caller has asked whether `by` may. Raises `ValidationError`.
    """
    lane = Lane.objects.filter(camera=camera).first()
    lane = lane or Lane(condominium_id=camera.condominium_id, camera=camera, is_active=False)
    verb = "added" if lane._state.adding else "changed"
    lane.name, lane.direction = name, direction
    lane.full_clean()
    with transaction.atomic():
        lane.save()
        _note(lane, verb, by, ["name", "direction"])
    return lane


def draw_region(lane: Lane, region: Sequence[float], *, by: User) -> None:
    """Let plates be read in this part of the lane's picture only. Raises `ValidationError`."""
    sides = regions.rounded(region)
    regions.check(sides)
    if sides != lane.region:
        lane.region = sides
        _save(lane, ["region"], by)


def fit_gate(lane: Lane, gate: Gate | None, *, by: User) -> None:
    """Let the lane open this gate from now on; without one it only records."""
    if gate is not None and gate.condominium_id != lane.condominium_id:
        raise ValidationError({"gate": gettext("This gate belongs to another condominium.")})
    if lane.gate_id != (gate.pk if gate else None):
        lane.gate = gate
        _save(lane, ["gate"], by)


def switch_on(lane: Lane, *, by: User) -> None:
    """Let the lane be watched from now on. Raises `ValidationError` where its recognition is not installed."""
    lane.is_active = True
    lane.full_clean()
    _save(lane, ["is_active"], by)
    schedule(lane)


@transaction.atomic
def _save(lane: Lane, fields: list[str], by: User) -> None:
    lane.save(update_fields=fields)
    _note(lane, "changed", by, fields)


def _note(lane: Lane, verb: str, by: User, fields: list[str]) -> None:
    journal.record(lane.condominium_id, f"lane.{verb}", actor=by, subject=lane.name, data={"fields": fields})


def schedule(lane: Lane) -> None:
    """Let the lane be watched at its interval from now on; a lane that is not active, or has nothing to fetch, not."""
    if not lane.is_active or lane.camera.source == Source.UPLOAD:
        unschedule(lane)
        return
    _put(_name(lane.pk), WATCH, lane.interval, [lane.pk])


def unschedule(lane: Lane) -> None:
    PeriodicTask.objects.filter(name=_name(lane.pk)).delete()


def synchronise() -> int:
    """Make the timetable what the lanes say, and drop what belongs to none. Returns how many lanes are watched."""
    PeriodicTask.objects.filter(task=WATCH).exclude(
        name__in=map(_name, Lane.objects.values_list("pk", flat=True))
    ).delete()
    for lane in Lane.objects.select_related("camera"):
        schedule(lane)
    schedule_system_tasks()
    return int(PeriodicTask.objects.filter(task=WATCH).count())


def schedule_system_tasks() -> None:
    for name, task, seconds in SYSTEM_TASKS:
        _put(name, task, Decimal(seconds), [])
    for name, task, hour in NIGHTLY_TASKS:
        _put_nightly(name, task, hour)


def _name(lane_id: int) -> str:
    return f"lane {lane_id}"


def _put(name: str, task: str, seconds: Decimal, args: list[Any]) -> None:
    """The timetable's entry. It expires before its next turn.

    The timetable counts whole seconds for that, so that for intervals below two a tick may outlive its turn by
    less than one; `watching` then lets only one of those that queued up through.
    """
    PeriodicTask.objects.update_or_create(
        name=name,
        defaults={
            "task": task,
            "interval": _interval(seconds),
            "args": json.dumps(args),
            "enabled": True,
            "expire_seconds": max(1, int(seconds)),
        },
    )


def _put_nightly(name: str, task: str, hour: int) -> None:
    """Late is no harm while it is night; by the next one it is expired."""
    at, _new = CrontabSchedule.objects.get_or_create(
        minute="0", hour=str(hour), day_of_week="*", day_of_month="*", month_of_year="*", timezone=settings.TIME_ZONE
    )
    entry = {"task": task, "crontab": at, "enabled": True, "expire_seconds": 12 * 3600}
    PeriodicTask.objects.update_or_create(name=name, defaults=entry)


def _interval(seconds: Decimal) -> IntervalSchedule:
    whole = seconds == int(seconds)
    every = int(seconds) if whole else int(seconds * 1_000_000)
    period = IntervalSchedule.SECONDS if whole else IntervalSchedule.MICROSECONDS
    found = IntervalSchedule.objects.filter(every=every, period=period).first()
    return found or IntervalSchedule.objects.create(every=every, period=period)
