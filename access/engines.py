"""The recognition engines of this process: each is loaded once, when a lane first asks for it."""

import logging
from functools import cache

from django.db import DatabaseError

from access.models import Lane
from recognition import EngineError, PlateReader, load_engine

logger = logging.getLogger("access")


@cache
def engine(name: str) -> PlateReader:
    """The engine of that name. Raises `recognition.EngineError`: unknown, or not installed."""
    return load_engine(name)


def load_those_in_use() -> None:
    """Load the engines of all active lanes. What cannot be loaded is logged: the lane itself will say so too."""
    try:
        names = set(Lane.objects.filter(is_active=True).values_list("engine", flat=True))
    except DatabaseError:
        logger.exception("The engines could not be loaded beforehand")
        return
    for name in sorted(names):
        try:
            engine(name)
        except EngineError as error:
            logger.error("Lanes with the engine %s see nothing: %s", name, error)
