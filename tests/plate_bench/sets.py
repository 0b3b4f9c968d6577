"""The sets that are measured, and the rows of the table that come from each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recognition.evaluation import Label, first, read_labels
from recognition.training.splits import is_held

Picture = tuple[Path, list[Label]]


def _all(labels: Sequence[Label]) -> bool:
    return True


def _held(labels: Sequence[Label]) -> bool:
    return any(label.text and is_held(label.text) for label in labels)


def _shown(labels: Sequence[Label]) -> bool:
    """Pictures of the held third without a marked box show pavement: somebody pressed the button too late."""
    return any(label.text and label.box and is_held(label.text) for label in labels)


@dataclass(frozen=True)
class Row:
    """A row of the table: those pictures of a set for which `holds`."""

    name: str
    holds: Callable[[Sequence[Label]], bool] = _all


@dataclass(frozen=True)
class PlateSet:
    """A labelled folder. `fold`: 0 and O count as one, and 1 and I. `crops`: its pictures are plates already.

    `frames`: its pictures look like a camera's, so that they may serve to measure speed.
    """

    folder: str
    rows: tuple[Row, ...]
    fold: bool = False
    crops: bool = False
    frames: bool = False


DRAWN = "drawn_motorcycles"
HELD = "br_street_held"
SHOWN = "br_street_held_shown"


def _plain(name: str, **more: bool) -> PlateSet:
    return PlateSet(name, (Row(name),), **more)


SETS: tuple[PlateSet, ...] = (
    PlateSet("br_street", (Row("br_street"), Row(HELD, _held), Row(SHOWN, _shown)), frames=True),
    _plain("br_gantry_crops", crops=True),
    _plain("eu_stills", fold=True, frames=True),
    _plain("seed_groups"),
    _plain("in_web", frames=True),
    _plain("us_security", frames=True),
    _plain("no_plate"),
    _plain(DRAWN, frames=True),
)
ROWS = tuple(row.name for each in SETS for row in each.rows)


def present(folders: Sequence[Path], limit: int | None) -> Iterator[tuple[PlateSet, list[Picture]]]:
    """The sets that lie in one of the folders, with their first `limit` pictures; raises `LabelsError`."""
    for each in SETS:
        found = next((folder / each.folder for folder in folders if (folder / each.folder).is_dir()), None)
        if found:
            yield each, first(read_labels(found), limit)
