"""The recognition engines of this process: each is loaded once, when a lane first asks for it."""

import logging
from functools import cache

from django.db import DatabaseError

from access.models import Lane
from recognition import PlateReader, UnknownEngine, load_engine

logger = logging.getLogger("access")


@cache
def engine(name: str) -> PlateReader:
    """The engine of that name. Raises `recognition.UnknownEngine`."""
    return load_engine(name)


def load_those_in_use() -> None:
    """Load the engines of all active lanes. What cannot be loaded is logged: the lane itself will say so too."""
    try:
        for name in set(Lane.objects.filter(is_active=True).values_list("engine", flat=True)):
            engine(name)
    except (DatabaseError, UnknownEngine):
        logger.exception("The engines could not be loaded beforehand")
