"""What a run comes to: a row for every set and entrant, counted as `recognition.evaluation` counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from recognition.evaluation import Tally, count
from tests.plate_bench.running import Shot
from tests.plate_bench.sets import ROWS

Figures = dict[str, dict[str, "Result"]]  # by row, then by entrant


@dataclass(frozen=True)
class Result:
    """The counts of `recognition.evaluation`, and the milliseconds of processor time a picture took."""

    images: int
    plates: int
    exact: int
    within_one: int
    missed: int
    invented: int
    cpu_ms_median: float
    cpu_ms_p95: float


def figures(shots: Sequence[Shot]) -> Figures:
    """In the order of the table's rows and of the entrants' names; a row without a picture is left out."""
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for shot in shots:
        for row in shot.test_set.rows:
            if row.holds(shot.labels):
                _count(tallies[row.name, shot.entrant], shot)
    table: Figures = {}
    for row_name, entrant in sorted(tallies, key=lambda key: (ROWS.index(key[0]), key[1])):
        table.setdefault(row_name, {})[entrant] = _result(tallies[row_name, entrant])
    return table


def _count(tally: Tally, shot: Shot) -> None:
    count(tally, shot.labels, shot.answer.reads, fold=shot.test_set.fold, crops=shot.test_set.crops)
    if not shot.answer.error:
        tally.cpu_ms.append(shot.answer.cpu_ms)


def _result(tally: Tally) -> Result:
    times = tally.cpu_ms or [0.0]
    return Result(
        images=tally.images,
        plates=tally.plates,
        exact=tally.exact,
        within_one=tally.within_one,
        missed=tally.missed,
        invented=tally.invented,
        cpu_ms_median=round(median(times), 1),
        cpu_ms_p95=round(float(np.percentile(times, 95)), 1),
    )


def memory(shots: Sequence[Shot]) -> dict[str, dict[str, float]]:
    """By entrant: the most memory its process has held, and what it held after its last whole picture, MiB."""
    found: dict[str, dict[str, float]] = {}
    for shot in shots:
        if shot.answer.error or shot.test_set.crops:
            continue
        peak = max(shot.answer.peak_mb, found.get(shot.entrant, {}).get("peak_mb", 0.0))
        found[shot.entrant] = {"peak_mb": round(peak, 1), "resident_mb": round(shot.answer.resident_mb, 1)}
    return found


def plain(table: Figures) -> dict[str, dict[str, dict[str, Any]]]:
    """As JSON has it."""
    return {row: {entrant: asdict(result) for entrant, result in results.items()} for row, results in table.items()}
