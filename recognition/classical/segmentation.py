"""From a binary picture to the characters of one line.

Characters of a plate are blobs of like height whose centres lie on a line. That is looked for directly, so that a
tilted plate needs no straightening first: what is found says how it is tilted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.reads import Image

Labels = NDArray[np.int32]
Stats = NDArray[Any]

FEWEST, MOST = 4, 10
_CROWD = 100  # more blobs than this are gravel or leaves, not writing
_LEAST_HEIGHT, _MOST_HEIGHT = 14, 100  # pixels in a region of the working width
_HEIGHT_SPREAD = 0.22  # of the line's character height
_OFF_LINE = 0.20  # of the character height
_WIDEST_GAP = 1.15  # between two neighbours, in character heights


@dataclass(frozen=True, slots=True)
class Blob:
    """A connected patch of ink: bounding box in pixels, `label` in the picture of components."""

    x: int
    y: int
    w: int
    h: int
    ink: int
    label: int

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True, slots=True)
class Line:
    """The characters of a line from left to right, and the picture of components they were found in."""

    blobs: tuple[Blob, ...]
    labels: Labels

    @property
    def height(self) -> float:
        return float(np.median([blob.h for blob in self.blobs]))

    @property
    def width(self) -> int:
        return self.blobs[-1].x + self.blobs[-1].w - self.blobs[0].x


def find_blobs(ink: Image) -> tuple[list[Blob], Labels]:
    """The blobs of a binary picture (ink is 255) that may be characters, and the picture of components."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    _, _, w, h, area = stats.T
    tall = (h >= _LEAST_HEIGHT) & (h <= min(_MOST_HEIGHT, 0.95 * ink.shape[0]))
    shaped = (w >= 0.08 * h) & (w <= 1.3 * h) & (area >= 0.18 * w * h)
    found = [int(label) for label in np.flatnonzero(tall & shaped) if label > 0]
    return [_blob(stats[label], label) for label in found], labels.astype(np.int32, copy=False)


def _blob(stats: Stats, label: int) -> Blob:
    x, y, w, h, ink = (int(value) for value in stats)
    return Blob(x, y, w, h, ink, label)


def find_line(ink: Image) -> Line | None:
    """The longest line of characters in a binary picture, or None where fewer than `FEWEST` stand in a row."""
    blobs, labels = find_blobs(ink)
    if len(blobs) < FEWEST or len(blobs) > _CROWD:
        return None
    best = max(_lines(sorted(blobs, key=lambda blob: blob.x)), key=_worth, default=[])
    if not FEWEST <= len(best) <= MOST:
        return None
    return Line(tuple(best), labels)


def _worth(line: Sequence[Blob]) -> tuple[float, float]:
    """More characters are worth more, up to eight; of two such lines the taller one."""
    return min(len(line), 8), float(np.median([blob.h for blob in line])) if line else 0.0


def _lines(blobs: list[Blob]) -> list[list[Blob]]:
    """For every pair that could stand on one line, all blobs that stand on it with them."""
    found = []
    for i, first in enumerate(blobs):
        for second in blobs[i + 1 :]:
            if _may_be_neighbours(first, second):
                line = _unbroken(_along(blobs, first, second), first)
                if len(line) >= FEWEST:
                    found.append(line)
    return found


def _may_be_neighbours(first: Blob, second: Blob) -> bool:
    (x1, y1), (x2, y2) = first.centre, second.centre
    height = max(first.h, second.h)
    across = x2 - x1
    return (
        0.3 * height < across < 5.0 * height
        and abs(first.h - second.h) <= _HEIGHT_SPREAD * height
        and abs(y2 - y1) <= 0.7 * across
    )


def _along(blobs: list[Blob], first: Blob, second: Blob) -> list[Blob]:
    """The blobs near the line through two centres, their height near what perspective allows there."""
    (x1, y1), (x2, y2) = first.centre, second.centre
    slope, growth = (y2 - y1) / (x2 - x1), (second.h - first.h) / (x2 - x1)
    kept = []
    for blob in blobs:
        x, y = blob.centre
        height = first.h + growth * (x - x1)
        if height <= 0:
            continue
        near = abs(y - (y1 + slope * (x - x1))) <= _OFF_LINE * height
        if near and abs(blob.h - height) <= _HEIGHT_SPREAD * height:
            kept.append(blob)
    return kept


def _unbroken(blobs: list[Blob], anchor: Blob) -> list[Blob]:
    """The run around `anchor` without a wide gap; of blobs that overlap across, the one with more ink."""
    runs: list[list[Blob]] = [[]]
    for blob in blobs:
        run = runs[-1]
        if run and blob.x - (run[-1].x + run[-1].w) > _WIDEST_GAP * blob.h:
            runs.append([blob])
        elif run and blob.x < run[-1].x + 0.5 * run[-1].w:
            run[-1] = max(run[-1], blob, key=lambda each: each.ink)
        else:
            run.append(blob)
    return next((run for run in runs if anchor in run), [])


def glyphs(line: Line) -> list[Image]:
    """A crop for each character, its own ink only, black on white."""
    crops = []
    for blob in line.blobs:
        window = line.labels[blob.y : blob.y + blob.h, blob.x : blob.x + blob.w]
        crops.append(np.where(window == blob.label, 0, 255).astype(np.uint8))
    return crops


def side_by_side(crops: Sequence[Image], gap: int = 6) -> Image:
    """The crops in one picture, on grey, for whoever looks at the stages."""
    height = max(crop.shape[0] for crop in crops)
    width = sum(crop.shape[1] + gap for crop in crops)
    sheet = np.full((height, width), 160, np.uint8)
    x = 0
    for crop in crops:
        sheet[: crop.shape[0], x : x + crop.shape[1]] = crop
        x += crop.shape[1] + gap
    return sheet
