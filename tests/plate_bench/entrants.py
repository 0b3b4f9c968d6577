"""Who takes part: every engine of the registry, and the peer."""

import importlib
import inspect
from pathlib import Path
from typing import Any

from recognition.engines import ENGINES, load_engine
from recognition.reads import PlateReader

PEER = "peer"


class NoCrops(Exception):  # noqa: N818
    """The engine takes whole pictures only."""


def names() -> list[str]:
    """All entrants, the peer last."""
    return [*ENGINES, PEER]


def load(name: str, *, crops: bool, models: Path) -> PlateReader:
    """The entrant, ready to read; its libraries are imported only now.

    Raises `NoCrops`, and whatever the engine raises where it cannot be loaded.
    """
    if name == PEER:
        peer: PlateReader = importlib.import_module("tests.plate_bench.peer").Peer(models, crops=crops)
        return peer
    options = _options(name, models)
    if crops:
        if "crops" not in _taken(name):
            raise NoCrops(f"{name} has no option `crops`")
        options["crops"] = True
    return load_engine(name, **options)


def _taken(name: str) -> set[str]:
    module, _, attribute = ENGINES[name].partition(":")
    return set(inspect.signature(getattr(importlib.import_module(module), attribute)).parameters)


def _options(name: str, models: Path) -> dict[str, Any]:
    """fast-alpr would fetch its weights from the network: where they lie in a folder, they are taken from there."""
    if name != "fast-alpr":
        return {}
    peer = importlib.import_module("tests.plate_bench.peer")
    files = {"detector": peer.DETECTOR, "ocr": peer.READER, "ocr_config": peer.READER_CONFIG}
    return {option: models / file for option, file in files.items()} if models.is_dir() else {}
