"""Who looked at whose passages: written down once for each person, passage and hour."""

import logging
from collections.abc import Iterable

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


def looked_through(condominium_ids: Iterable[int], *, by: User | ApiClient) -> None:
    """Somebody went through the list of passages with its small pictures."""
    for condominium_id in _not_lately(by, condominium_ids):
        if _first(by, f"passages-{condominium_id}"):
            journal.record(condominium_id, "passages.listed", actor=by)


def looked_up(condominium_id: int, plate: str, *, by: User | ApiClient) -> None:
    """Somebody asked whose vehicle a plate is."""
    if _first(by, f"owner-{condominium_id}-{plate}"):
        journal.record(condominium_id, "owner.looked_up", actor=by, subject=plate)


def _not_lately(by: User | ApiClient, condominium_ids: Iterable[int]) -> list[int]:
    """Those that may be the first of this hour, asked of the cache at once: who owns all may have hundreds."""
    keys = {_key(by, f"passages-{condominium_id}"): condominium_id for condominium_id in condominium_ids}
    try:
        lately = cache.get_many(keys)
    except RedisError:
        return list(keys.values())
    return [condominium_id for key, condominium_id in keys.items() if key not in lately]


def _key(by: User | ApiClient, what: str) -> str:
    # The class is asked of the row: a request's user is wrapped in a lazy one.
    return f"looked-{by.__class__.__name__}-{by.pk}-{what}"


def _first(by: User | ApiClient, what: str) -> bool:
    try:
        return bool(cache.add(_key(by, what), 1, HOUR))
    except RedisError:
        # Rather written down twice than not at all.
        logger.warning("The cache cannot be reached: every look at a passage is written down")
        return True
