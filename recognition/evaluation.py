"""Measuring an engine on a labelled folder: `images/` beside `labels.csv` (file,plate,country,x,y,w,h).

What is counted, in pictures and plates, never in rates:

images      pictures read
plates      labelled plates: rows with a text. A row with a box and no text is a plate nobody deciphered; it counts
            as a picture, not as a plate, and a read in its place is neither right nor invented. A row with neither
            says that the picture shows no plate (with `crops`: that the crop is not legible).
exact       plates read exactly
within_one  plates read with at most one character inserted, left out or exchanged; the exact ones included
missed      plates to which no read belongs
invented    reads that belong to no plate

Reads and plates belong to one another one to one. A read may belong to a plate if its text is within one edit, or if
its box meets the plate's (IoU of a tenth, or one holds the other's centre); where a plate has no box, every read of
the picture may. Pairs are taken by the least edit distance first.
"""

import csv
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median

import numpy as np

from recognition.images import decode_image
from recognition.reads import Box, PlateReader, Read

_MEET = 0.1
_FOLDED = str.maketrans("OI", "01")
_COLUMNS = {"file", "plate"}


class LabelsError(ValueError):
    """A set that cannot be measured; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class Label:
    """One plate of a picture: `text` upper-case or empty, `box` None where it is not known."""

    text: str
    box: Box | None


@dataclass(slots=True)
class Tally:
    """The counts of the module's docstring, and the milliseconds of each picture."""

    images: int = 0
    plates: int = 0
    exact: int = 0
    within_one: int = 0
    missed: int = 0
    invented: int = 0
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def report(self) -> dict[str, int | float]:
        """The object that `evaluate --json` prints."""
        return {
            "images": self.images,
            "plates": self.plates,
            "exact": self.exact,
            "within_one": self.within_one,
            "missed": self.missed,
            "invented": self.invented,
            "ms_median": round(median(self.wall_ms), 1) if self.wall_ms else 0.0,
            "ms_p95": round(float(np.percentile(self.wall_ms, 95)), 1) if self.wall_ms else 0.0,
            "cpu_ms_median": round(median(self.cpu_ms), 1) if self.cpu_ms else 0.0,
            "peak_rss_mb": round(peak_rss_mb(), 1),
        }


def read_labels(folder: Path) -> dict[Path, list[Label]]:
    """The labels of each picture, in the order of the file; raises `LabelsError`."""
    table = folder / "labels.csv"
    if not table.is_file():
        raise LabelsError(f"{table} does not exist: a set is a folder with images/ and labels.csv.")
    try:
        return _labels(folder, table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"{table} is no CSV file in UTF-8: {error}") from error


def _labels(folder: Path, table: Path) -> dict[Path, list[Label]]:
    labels: dict[Path, list[Label]] = {}
    with table.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.DictReader(lines)
        if not set(rows.fieldnames or ()) >= _COLUMNS:
            raise LabelsError(f"{table}: the first row must name the columns file,plate,country,x,y,w,h.")
        for number, row in enumerate(rows, start=2):
            path, label = _label(folder, row, f"{table}, row {number}")
            labels.setdefault(path, []).append(label)
    return labels


def _label(folder: Path, row: dict[str, str], where: str) -> tuple[Path, Label]:
    path = folder / "images" / (row["file"] or "")
    if not path.resolve().is_relative_to(folder.resolve() / "images"):
        raise LabelsError(f"{where}: images/{row['file']} lies outside the folder.")
    if not path.is_file():
        raise LabelsError(f"{where}: images/{row['file']} does not exist.")
    sides = [(row.get(name) or "").strip() for name in ("x", "y", "w", "h")]
    try:
        box = Box(*(round(float(side)) for side in sides)) if all(sides) else None
    except ValueError as error:
        raise LabelsError(f"{where}: the box {','.join(sides)} is not four numbers.") from error
    return path, Label((row["plate"] or "").strip().upper(), box)


def evaluate(
    reader: PlateReader, labels: Iterable[tuple[Path, Sequence[Label]]], *, fold: bool = False, crops: bool = False
) -> Tally:
    """Read every picture and count. `fold` takes O for 0 and I for 1; raises `ImageError` for a bad picture."""
    tally = Tally()
    for path, plates in labels:
        image = decode_image(path.read_bytes())
        wall, cpu = time.perf_counter(), cpu_seconds()
        reads = reader.read(image)
        tally.wall_ms.append((time.perf_counter() - wall) * 1000)
        tally.cpu_ms.append((cpu_seconds() - cpu) * 1000)
        count(tally, plates, reads, fold=fold, crops=crops)
    return tally


def count(tally: Tally, plates: Sequence[Label], reads: Sequence[Read], *, fold: bool, crops: bool) -> None:
    """Add one picture to the tally."""
    tally.images += 1
    legible = [plate for plate in plates if plate.text]
    tally.plates += len(legible)
    left = list(reads)
    for distance, _, read in pairs(legible, reads, fold=fold):
        tally.exact += distance == 0
        tally.within_one += distance <= 1
        tally.missed -= 1
        left.remove(read)
    tally.missed += len(legible)
    unreadable = [plate for plate in plates if not plate.text and (plate.box or crops)]
    tally.invented += sum(1 for read in left if not any(_meet(read, plate) for plate in unreadable))


def pairs(plates: Sequence[Label], reads: Sequence[Read], *, fold: bool) -> Iterator[tuple[int, Label, Read]]:
    """The pairs that belong together, each plate and each read at most once."""
    possible = []
    for p, plate in enumerate(plates):
        for r, read in enumerate(reads):
            distance = edit_distance(_fold(plate.text, fold), _fold(read.text, fold))
            if distance <= 1 or _meet(read, plate):
                possible.append((distance, p, r))
    taken_plates: set[int] = set()
    taken_reads: set[int] = set()
    for distance, p, r in sorted(possible):
        if p not in taken_plates and r not in taken_reads:
            taken_plates.add(p)
            taken_reads.add(r)
            yield distance, plates[p], reads[r]


def _meet(read: Read, plate: Label) -> bool:
    if plate.box is None:
        return True
    close = read.box.overlap(plate.box) >= _MEET
    return close or plate.box.holds_centre_of(read.box) or read.box.holds_centre_of(plate.box)


def _fold(text: str, fold: bool) -> str:
    return text.translate(_FOLDED) if fold else text


def edit_distance(first: str, second: str) -> int:
    """Levenshtein's distance."""
    previous = list(range(len(second) + 1))
    for row, a in enumerate(first, start=1):
        current = [row]
        for column, b in enumerate(second, start=1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b)))
        previous = current
    return previous[-1]


def cpu_seconds() -> float:
    """Processor time of this process and of the programs it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak_rss_mb() -> float:
    """The most memory this process has held, plus the largest of its children, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, KiB on Linux
    total = sum(resource.getrusage(who).ru_maxrss * unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return total / 2**20


def first(labels: dict[Path, list[Label]], limit: int | None) -> list[tuple[Path, list[Label]]]:
    """The first `limit` pictures, or all."""
    return list(islice(labels.items(), limit))
