"""Who takes part: every engine of the registry, and the peer."""

import importlib
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recognition.engines import ENGINES, load_engine
from recognition.reads import PlateReader

PEER = "peer"


@dataclass(frozen=True)
class Files:
    """Where weights lie: `models` those of fast-alpr, `weights` by engine those to measure instead of the shipped."""

    models: Path
    weights: dict[str, Path] = field(default_factory=dict)

    def arguments(self) -> list[str]:
        """As a child's command line has them."""
        others = [part for name, folder in self.weights.items() for part in ("--weights", f"{name}={folder}")]
        return ["--models", str(self.models), *others]


def weights_option(text: str) -> tuple[str, Path]:
    """A `NAME=FOLDER` of the command line; raises `ValueError`."""
    name, equals, folder = text.partition("=")
    if not equals or name not in ENGINES:
        raise ValueError(text)
    return name, Path(folder)


class NoCrops(Exception):  # noqa: N818
    """The engine takes whole pictures only."""


def names() -> list[str]:
    """All entrants, the peer last."""
    return [*ENGINES, PEER]


def load(name: str, *, crops: bool, files: Files) -> PlateReader:
    """The entrant, ready to read; its libraries are imported only now.

    Raises `NoCrops`, and whatever the engine raises where it cannot be loaded.
    """
    if name == PEER:
        peer: PlateReader = importlib.import_module("tests.plate_bench.peer").Peer(files.models, crops=crops)
        return peer
    options = _options(name, files)
    if crops:
        if "crops" not in _taken(name):
            raise NoCrops(f"{name} has no option `crops`")
        options["crops"] = True
    return load_engine(name, **options)


def _taken(name: str) -> set[str]:
    module, _, attribute = ENGINES[name].partition(":")
    return set(inspect.signature(getattr(importlib.import_module(module), attribute)).parameters)


def _options(name: str, files: Files) -> dict[str, Any]:
    """fast-alpr would fetch its weights from the network: where they lie in a folder, they are taken from there."""
    if name != "fast-alpr":
        return {"weights": files.weights[name]} if name in files.weights else {}
    peer = importlib.import_module("tests.plate_bench.peer")
    named = {"detector": peer.DETECTOR, "ocr": peer.READER, "ocr_config": peer.READER_CONFIG}
    return {option: files.models / file for option, file in named.items()} if files.models.is_dir() else {}
