"""How often somebody may do something. Where nothing can be counted, nothing is let through."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger("portal")

HOUR = 3600


def within(what: str, most: int, seconds: int = HOUR) -> bool:
    """Count one more of `what`; whether that is still within `most` of a time."""
    key = f"rate-{what}"
    try:
        cache.add(key, 0, seconds)
        return bool(cache.incr(key) <= most)
    except ValueError:  # it ended between the two
        return True
    except RedisError:
        logger.warning("The cache cannot be reached: nothing that is counted is let through")
        return False
