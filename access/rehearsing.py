"""Rehearsing a lane: camera, recognition, decision, broker and board tried once, without a vehicle and without a pulse.

    rehearse(lane)      # or RehearsalError

Nothing of it is a passage, an opening or a decision. What was found is a row of its own, and an entry in the journal.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from access import engines
from access.models import Lane, Link, Rehearsal
from access.rehearsal_links import BROKEN, Result, try_camera, try_gate, try_reading, try_rule
from gates import dry_runs
from premises import journal
from premises.journal import SYSTEM, Actor
from recognition import EngineError, PlateReader

logger = logging.getLogger("access")

# Sent on commit with `rehearsal_id`, where managers are to be told something.
news = Signal()

KEPT = 30
# Whoever began it and has not ended it after so long was killed: somebody else may.
STALLED = timedelta(minutes=5)


class RehearsalError(Exception):
    """Not rehearsed, and why, in a sentence."""


@dataclass(frozen=True)
class Parts:
    """What a rehearsal is done with: the engines, and what is called while the board's answer is awaited."""

    engine: Callable[[str], PlateReader] = engines.engine
    pause: Callable[[], object] = dry_runs.rest


def rehearse(lane: Lane, *, by: Actor = SYSTEM, day: date | None = None, parts: Parts = Parts()) -> Rehearsal:
    """Try every link of a lane, and write down what holds. Takes seconds; not within a transaction.

    `day` makes it the daily one. Raises `RehearsalError` for a lane that is switched off, whose gate is on hold, or
    whose rehearsal of that day was begun already.
    """
    lane = _fresh(lane)
    row = _begin(lane, by, day)
    results = _results(lane, parts)
    _end(row, results, by)
    return row


def _fresh(lane: Lane) -> Lane:
    lane = Lane.objects.select_related("camera__recorder", "gate__controller", "condominium").get(pk=lane.pk)
    if not lane.is_active:
        raise RehearsalError(_("%(lane)s is switched off.") % {"lane": lane})
    if is_on_hold(lane):
        raise RehearsalError(_("%(lane)s is not rehearsed while its gate is on hold.") % {"lane": lane})
    return lane


def is_on_hold(lane: Lane) -> bool:
    """Somebody may be at work at its gate."""
    return lane.gate is not None and (lane.gate.on_hold or lane.condominium.gates_on_hold)


def _begin(lane: Lane, by: Actor, day: date | None) -> Rehearsal:
    now = timezone.now()
    by_name = "" if by == SYSTEM else journal.name_of(by)[:150]
    fields = {"condominium_id": lane.condominium_id, "begun_at": now, "by_name": by_name}
    if day is None:
        return Rehearsal.objects.create(lane=lane, **fields)
    row, is_new = Rehearsal.objects.get_or_create(lane=lane, day=day, defaults=fields)
    stalled = Rehearsal.objects.filter(pk=row.pk, ended_at=None, begun_at__lt=now - STALLED)
    if not is_new and not stalled.update(begun_at=now):
        raise RehearsalError(_("%(lane)s was rehearsed today.") % {"lane": lane})
    return row


def _results(lane: Lane, parts: Parts) -> list[Result]:
    """Every link by itself as far as it can be: a camera that is broken does not hide a board that is."""
    camera, frame = try_camera(lane)
    try:
        reading, seen = try_reading(lane, frame, parts.engine(lane.engine))
    except EngineError as error:
        reading, seen = Result(Link.READING, BROKEN, "engine", {"why": str(error)}), None
    return [camera, reading, try_rule(lane, seen), *try_gate(lane.gate, parts.pause)]


def _end(row: Rehearsal, results: list[Result], by: Actor) -> None:
    row.links = [each.noted() for each in results]
    row.broken = next((each.link for each in results if each.state == BROKEN), "")
    row.ended_at = timezone.now()
    with transaction.atomic():
        Lane.objects.select_for_update().get(pk=row.lane_id)  # two at once are told of once
        row.news = _news(row)
        row.save(update_fields=["links", "broken", "ended_at", "news"])
        _note(row, by)
        _forget_old(row)
        if row.news:
            transaction.on_commit(lambda: _tell(row.pk), robust=True)


def _news(row: Rehearsal) -> str:
    """Once for each link that breaks, and once when all hold again; a break that lasts is no news."""
    before = Rehearsal.objects.filter(lane=row.lane_id).exclude(pk=row.pk).exclude(ended_at=None).first()
    was, now = broken_links(before) if before else set(), broken_links(row)
    if now - was:
        return Rehearsal.News.BROKEN
    return Rehearsal.News.RECOVERED if was and not now else ""


def broken_links(row: Rehearsal) -> set[str]:
    return {each["link"] for each in row.links if each["state"] == BROKEN}


def _note(row: Rehearsal, by: Actor) -> None:
    states = {each["link"]: each["state"] for each in row.links}
    data = {"broken": row.broken, "links": states}
    journal.record(row.condominium_id, "lane.rehearsed", actor=by, subject=row.lane.name, data=data)


def _forget_old(row: Rehearsal) -> None:
    kept = Rehearsal.objects.filter(lane=row.lane_id).values_list("pk", flat=True)[:KEPT]
    Rehearsal.objects.filter(lane=row.lane_id).exclude(pk__in=list(kept)).delete()


def _tell(rehearsal_id: int) -> None:
    for receiver, answer in news.send_robust(sender=Rehearsal, rehearsal_id=rehearsal_id):
        if isinstance(answer, Exception):
            logger.error("A rehearsal was not told by %s: %s", receiver, answer)
