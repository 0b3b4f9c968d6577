"""The timetable follows the lanes, and every tick expires before its next turn."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from access import tasks
from access.lanes import NIGHTLY_TASKS, SYSTEM_TASKS, schedule, schedule_system_tasks, synchronise, unschedule
from access.models import Lane, Passage
from anpr_site.celery import app
from cameras.models import Source
from tests.access.conftest import STRANGERS, Road, read


@pytest.mark.parametrize(
    ("interval", "every", "period", "expires"),
    [
        ("0.25", 250_000, IntervalSchedule.MICROSECONDS, 1),
        ("1", 1, IntervalSchedule.SECONDS, 1),
        ("1.50", 1_500_000, IntervalSchedule.MICROSECONDS, 1),
        ("2.5", 2_500_000, IntervalSchedule.MICROSECONDS, 2),
        ("300", 300, IntervalSchedule.SECONDS, 300),
    ],
)
def test_a_lane_is_watched_at_its_interval(lane: Lane, interval: str, every: int, period: str, expires: int) -> None:
    lane.interval = Decimal(interval)
    schedule(lane)

    entry = PeriodicTask.objects.get()
    assert (entry.name, entry.task, json.loads(entry.args)) == (f"lane {lane.pk}", "access.tasks.watch_lane", [lane.pk])
    assert entry.interval is not None
    assert (entry.interval.every, entry.interval.period, entry.expire_seconds) == (every, period, expires)
    assert entry.enabled


def test_a_changed_lane_changes_its_entry(lane: Lane) -> None:
    schedule(lane)
    lane.interval = Decimal(5)
    schedule(lane)

    assert PeriodicTask.objects.get().interval.every == 5


def test_lanes_of_one_interval_share_it(lane: Lane) -> None:
    schedule(lane)
    schedule_system_tasks()
    schedule(lane)

    assert IntervalSchedule.objects.filter(every=1).count() == 1


def test_a_lane_that_is_off_or_has_nothing_to_fetch_is_not_watched(lane: Lane) -> None:
    schedule(lane)
    lane.is_active = False
    schedule(lane)
    assert PeriodicTask.objects.count() == 0

    lane.is_active, lane.camera.source = True, Source.UPLOAD
    schedule(lane)
    assert PeriodicTask.objects.count() == 0


def test_unscheduling_what_is_not_scheduled_is_no_error(lane: Lane) -> None:
    unschedule(lane)
    assert PeriodicTask.objects.count() == 0


def test_synchronising_puts_everything_right(lane: Lane, capsys: pytest.CaptureFixture[str]) -> None:
    schedule(Lane(pk=999, name="gone", camera=lane.camera))

    call_command("sync_lanes")

    assert capsys.readouterr().out == "1 lanes are watched\n"
    assert set(PeriodicTask.objects.values_list("name", flat=True)) == {
        f"lane {lane.pk}",
        *(name for name, _, _ in (*SYSTEM_TASKS, *NIGHTLY_TASKS)),
    }
    assert synchronise() == 1


def test_what_is_done_at_night_expires_before_the_next(lane: Lane) -> None:
    synchronise()

    entry = PeriodicTask.objects.get(name="purge")
    assert entry.crontab is not None
    assert (entry.crontab.hour, entry.crontab.minute, entry.crontab.day_of_week) == ("3", "0", "*")
    assert 0 < (entry.expire_seconds or 0) < timedelta(days=1).total_seconds()


def test_every_task_of_the_timetable_exists(lane: Lane) -> None:
    synchronise()
    app.loader.import_default_modules()

    assert [task for task in PeriodicTask.objects.values_list("task", flat=True) if task not in app.tasks] == []


def test_what_no_tick_ends_is_ended_by_a_task(road: Road, lane: Lane) -> None:
    road.sees(read(STRANGERS))
    Lane.objects.update(is_active=False)
    Passage.objects.update(last_seen_at=timezone.now() - timedelta(seconds=60))

    tasks.end_passages.apply()

    assert Passage.objects.get().ended_at is not None
