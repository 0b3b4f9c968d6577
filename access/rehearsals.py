"""Rehearsals asked for by a person, and what the latest of each lane said."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from access.models import Lane, Rehearsal
from access.queueing import hand_over
from premises.models import User
from premises.roles import Permission
from premises.tenancy import allows

TASK = "access.tasks.rehearse_lane"
# Who waits for it at a screen waits no longer than this.
EXPIRES = 60.0
# A lane that was rehearsed, and was not for so long: the timetable or its worker stands still.
MISSED = timedelta(hours=36)


def ask(lane: Lane, *, by: User) -> None:
    """Have a lane rehearsed now. Raises `PermissionDenied`, and kombu's `OperationalError` where the queue is away."""
    if not allows(by, Permission.CHANGE_DEVICES, lane.condominium_id):
        raise PermissionDenied(_("You may not rehearse this lane."))
    hand_over(TASK, [lane.pk, by.pk], expires=EXPIRES)


def with_latest(lanes: QuerySet[Lane]) -> QuerySet[Any]:
    """Lanes with `rehearsed_at`, `rehearsed_links` and `rehearsal_broken` of their latest rehearsal that ended."""
    ended = Rehearsal.objects.filter(lane=OuterRef("pk")).exclude(ended_at=None).order_by("-begun_at")
    return lanes.annotate(
        rehearsed_at=Subquery(ended.values("begun_at")[:1]),
        rehearsed_links=Subquery(ended.values("links")[:1]),
        rehearsal_broken=Subquery(ended.values("broken")[:1]),
    )


def latest_of(lane_ids: Iterable[int]) -> list[Rehearsal]:
    """The latest ended rehearsal of each of these lanes."""
    rows = Lane.objects.filter(pk__in=lane_ids)
    ended = Rehearsal.objects.filter(lane=OuterRef("pk")).exclude(ended_at=None).order_by("-begun_at")
    ids = rows.annotate(latest=Subquery(ended.values("pk")[:1])).values_list("latest", flat=True)
    return list(Rehearsal.objects.filter(pk__in=[pk for pk in ids if pk]).select_related("lane").order_by("lane__name"))


def under_way(lane_ids: Iterable[int], now: datetime) -> bool:
    """Whether one of these lanes is being rehearsed now."""
    rows = Rehearsal.objects.filter(lane__in=lane_ids, ended_at=None)
    return rows.filter(begun_at__gt=now - timedelta(seconds=EXPIRES)).exists()


def was_missed(rehearsed_at: datetime | None, now: datetime) -> bool:
    return rehearsed_at is not None and now - rehearsed_at > MISSED
