"""The engines by name. An engine is one class in a module of its own and one row here."""

import importlib
import inspect
from typing import Any, cast

from recognition.reads import PlateReader

# Imported when asked for, so that who only compares plates does not load an engine's libraries.
ENGINES: dict[str, str] = {"classical": "recognition.classical.engine:ClassicalReader"}


class UnknownEngine(ValueError):  # noqa: N818
    """A name that no engine has; the message lists the names there are."""


class UnknownOption(ValueError):  # noqa: N818
    """An option that the engine does not take; the message lists those it takes."""


def load_engine(name: str = "classical", **options: Any) -> PlateReader:
    """The engine of that name, ready to read. Raises `UnknownEngine`, `UnknownOption`."""
    if name not in ENGINES:
        raise UnknownEngine(f"There is no engine {name!r}. Engines: {', '.join(sorted(ENGINES))}.")
    module, _, attribute = ENGINES[name].partition(":")
    engine = getattr(importlib.import_module(module), attribute)
    taken = inspect.signature(engine).parameters
    for option in options:
        if option not in taken:
            raise UnknownOption(f"Engine {name!r} takes no option {option!r}. Options: {', '.join(taken)}.")
    return cast(PlateReader, engine(**options))
