"""Tasks: they take ids and call one verb."""

from celery import shared_task
from django.utils import timezone

from access import openings, passages, watching
from access.models import Lane


# Killed before the lane's lock ends by itself (watching.LOCK_SECONDS).
@shared_task(time_limit=20)
def watch_lane(lane_id: int) -> None:
    watching.watch(lane_id)


@shared_task
def end_passages() -> None:
    """End what no tick ends: passages of lanes that are fed by uploads, or were switched off."""
    for lane in Lane.objects.filter(passages__ended_at=None).distinct():
        passages.end_gone(lane, timezone.now())


@shared_task
def keep_photo(command_id: str, lane_id: int) -> None:
    openings.keep_photo(command_id, lane_id)
