"""The recognition engines of this process: each is loaded once, when a lane first asks for it."""

from functools import cache

from recognition import PlateReader, load_engine


@cache
def engine(name: str) -> PlateReader:
    """The engine of that name. Raises `recognition.UnknownEngine`."""
    return load_engine(name)
