"""Who looked at whose passages: written down once for each person, passage and hour."""

import logging
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from access.models import Passage
from premises import journal
from premises.models import ApiClient, User

logger = logging.getLogger("access")

HOUR = 3600
VIEWED = "passage.viewed"


def looked_at(passage: Passage, *, by: User | ApiClient) -> None:
    """Somebody opened a passage or one of its pictures."""
    if _first(by, f"passage-{passage.pk}"):
        journal.record(
            passage.condominium_id,
            VIEWED,
            actor=by,
            subject=passage.shown_plate,
            passage_id=passage.pk,
        )


def looked_through(condominium_ids: Any, *, by: User | ApiClient) -> None:
    """Somebody went through the list of passages with its small pictures."""
    for condominium_id in condominium_ids:
        if _first(by, f"passages-{condominium_id}"):
            journal.record(condominium_id, "passages.listed", actor=by)


def looked_up(condominium_id: int, plate: str, *, by: User | ApiClient) -> None:
    """Somebody asked whose vehicle a plate is."""
    if _first(by, f"owner-{condominium_id}-{plate}"):
        journal.record(condominium_id, "owner.looked_up", actor=by, subject=plate)


def _first(by: User | ApiClient, what: str) -> bool:
    # The class is asked of the row: a request's user is wrapped in a lazy one.
    try:
        return bool(cache.add(f"looked-{by.__class__.__name__}-{by.pk}-{what}", 1, HOUR))
    except RedisError:
        # Rather written down twice than not at all.
        logger.warning("The cache cannot be reached: every look at a passage is written down")
        return True
