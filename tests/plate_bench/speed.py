"""Speed on equal terms: the same frames, 1280 pixels wide, one thread each, in turn; and how soon the first is read."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from recognition.images import decode_image
from tests.plate_bench.entrants import Files
from tests.plate_bench.running import Team, Work

WIDTH = 1280


@dataclass(frozen=True)
class Speed:
    """One entrant; milliseconds of processor time a frame, seconds by the clock for a start, MiB.

    `best_ms` is the median over the frames of the best of all rounds, `median_ms` the median of all readings,
    `p95_ms` their 95th percentile. `first_read_s` is from starting the interpreter to the first answer, the best of
    several starts.
    """

    best_ms: float
    median_ms: float
    p95_ms: float
    resident_mb: float
    peak_mb: float
    first_read_s: float


def make_frames(work: Work, folder: Path, count: int) -> list[Path]:
    """Pictures of several sets, evenly taken, scaled to 1280 pixels of width, as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    sets = [(each.folder, pictures) for each, pictures in work if each.frames and pictures]
    share = -(-count // max(1, len(sets)))
    return [_frame(folder, name, path) for name, pictures in sets for path, _ in _spread(pictures, share)]


def _spread(pictures: Sequence[tuple[Path, object]], count: int) -> Sequence[tuple[Path, object]]:
    return pictures[:: max(1, len(pictures) // count)][:count]


def _frame(folder: Path, name: str, path: Path) -> Path:
    image = decode_image(path.read_bytes())
    height = round(image.shape[0] * WIDTH / image.shape[1])
    way = cv2.INTER_AREA if image.shape[1] > WIDTH else cv2.INTER_LINEAR
    target = folder / f"{name}-{path.stem}.png"
    if not cv2.imwrite(str(target), cv2.resize(image, (WIDTH, height), interpolation=way)):
        raise OSError(f"{target} could not be written")
    return target


def measure(
    frames: Sequence[Path],
    names: Sequence[str],
    files: Files,
    *,
    rounds: int,
    starts: int,
    step: Callable[[], object],
) -> dict[str, Speed]:
    """By entrant; who cannot be loaded or breaks on a frame is left out. `step` is called after every frame."""
    first = dict(_first_reads(frames[0], names, files, starts))
    times: dict[str, list[list[float]]] = {name: [[] for _ in frames] for name in first}
    memory: dict[str, tuple[float, float]] = {}
    with ExitStack() as stack:
        team = Team(list(first), files, crops=False, stack=stack)
        team.ask(frames[0], 0)  # what is done once is not a frame's cost
        for turn in range(rounds * len(frames)):
            at = turn % len(frames)
            for name, answer in team.ask(frames[at], turn):
                if not answer.error:
                    times[name][at].append(answer.cpu_ms)
                    memory[name] = answer.resident_mb, answer.peak_mb
            step()
    return {name: _speed(of_one, memory[name], first[name]) for name, of_one in times.items() if all(of_one)}


def _speed(times: list[list[float]], memory: tuple[float, float], first_read: float) -> Speed:
    every = [each for of_a_frame in times for each in of_a_frame]
    return Speed(
        best_ms=round(median(min(of_a_frame) for of_a_frame in times), 2),
        median_ms=round(median(every), 2),
        p95_ms=round(float(np.percentile(every, 95)), 2),
        resident_mb=round(memory[0], 1),
        peak_mb=round(memory[1], 1),
        first_read_s=round(first_read, 2),
    )


def _first_reads(frame: Path, names: Sequence[str], files: Files, starts: int) -> Iterator[tuple[str, float]]:
    """The seconds from starting a process to its first read, the best of some starts, all entrants in turn."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(starts):
        for name in names:
            found[name] += [seconds] if (seconds := _first_read(frame, name, files)) else []
    yield from ((name, min(seconds)) for name, seconds in found.items() if seconds)


def _first_read(frame: Path, name: str, files: Files) -> float | None:
    begun = time.perf_counter()
    with ExitStack() as stack:
        team = Team([name], files, crops=False, stack=stack)
        answers = team.ask(frame, 0)
        return time.perf_counter() - begun if answers else None
