"""The engines by name. An engine is one class in a module of its own and one row here."""

import importlib
import inspect
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from recognition.reads import PlateReader

DEFAULT = "cancela"

# Imported when asked for, so that who only compares plates does not load an engine's libraries.
ENGINES: dict[str, str] = {
    "cancela": "recognition.cancela.engine:CancelaReader",
    "classical": "recognition.classical.engine:ClassicalReader",
    "fast-alpr": "recognition.fast_alpr:FastAlprReader",
    "window": "recognition.window.engine:WindowReader",
}
# Packages that an engine needs and that are not installed with the product, and how they are installed.
OPTIONAL: dict[str, tuple[str, ...]] = {"fast-alpr": ("fast_alpr", "fast_plate_ocr", "open_image_models")}

# Weights, from this folder, without which an engine cannot be loaded and which only training makes.
TRAINED: dict[str, tuple[str, ...]] = {"window": ("window/weights/presence.onnx", "window/weights/characters.onnx")}


class EngineError(Exception):
    """An engine that cannot be had; the message says why and what to do."""


class UnknownEngine(EngineError, ValueError):  # noqa: N818
    """A name that no engine has; the message lists the names there are."""


class UnknownOption(EngineError, ValueError):  # noqa: N818
    """An `option` that the engine does not take; the message lists those it takes."""

    def __init__(self, engine: str, option: str, taken: Iterable[str]) -> None:
        super().__init__(f"Engine {engine!r} takes no option {option!r}. Options: {', '.join(taken)}.")
        self.option = option


class EngineUnavailable(EngineError, RuntimeError):  # noqa: N818
    """An engine that exists and cannot run here: a package or a file of it is missing or damaged."""


def load_engine(name: str = DEFAULT, **options: Any) -> PlateReader:
    """The engine of that name, ready to read. Raises `UnknownEngine`, `UnknownOption`, `EngineUnavailable`."""
    engine = _class(name)
    taken = inspect.signature(engine).parameters
    for option in options:
        if option not in taken:
            raise UnknownOption(name, option, taken)
    try:
        return cast(PlateReader, engine(**options))
    except OSError as error:  # a file that is missing or may not be read; weights that could not be fetched
        raise EngineUnavailable(f"The engine {name} cannot be loaded: {error}") from error


def remedy(name: str) -> str:
    """The command that brings what the engine lacks here; empty where nothing is missing. It is not loaded for that.

    Raises `UnknownEngine`.
    """
    _path(name)
    if not all(_is_installed(package) for package in OPTIONAL.get(name, ())):
        return _command(name)
    weights = (Path(__file__).parent / file for file in TRAINED.get(name, ()))
    return "" if all(path.is_file() for path in weights) else "make train"


def _path(name: str) -> str:
    if name not in ENGINES:
        raise UnknownEngine(f"There is no engine {name!r}. Engines: {', '.join(sorted(ENGINES))}.")
    return ENGINES[name]


def _class(name: str) -> Any:
    module, _, attribute = _path(name).partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        raise EngineUnavailable(_lacking(name, error.name or str(error))) from error


def _lacking(name: str, what: str) -> str:
    if name in OPTIONAL:
        return f"The engine {name} is not installed: {_command(name)} (missing: {what})."
    return f"The engine {name} cannot be loaded (missing: {what})."


def _command(name: str) -> str:
    return f"pip install '.[{name}]'"


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # a module that was put into sys.modules by hand
        return False
