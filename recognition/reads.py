"""What a recogniser says about one picture: boxes, texts, how sure it is of each character; or why it read nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
POSITION = {character: index for index, character in enumerate(ALPHABET)}

Image = NDArray[np.uint8]
Probabilities = NDArray[np.float32]
Corners = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in pixels of the picture that was given."""

    x: int
    y: int
    w: int
    h: int

    @property
    def area(self) -> int:
        return self.w * self.h

    def overlap(self, other: "Box") -> float:
        """Intersection over union, 0..1."""
        width = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        height = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)

    def holds_centre_of(self, other: "Box") -> bool:
        x, y = other.x + other.w / 2, other.y + other.h / 2
        return self.x <= x <= self.x + self.w and self.y <= y <= self.y + self.h

    def grown(self, across: float, down: float, width: int, height: int) -> "Box":
        """This box with a margin on each side, in parts of its own size, cut at a picture's edges."""
        dx, dy = round(self.w * across), round(self.h * down)
        x, y = max(0, self.x - dx), max(0, self.y - dy)
        right, bottom = min(width, self.x + self.w + dx), min(height, self.y + self.h + dy)
        return Box(x, y, max(0, right - x), max(0, bottom - y))


@dataclass(frozen=True, slots=True)
class Read:
    """One plate in one picture.

    text           upper-case A-Z and 0-9
    probabilities  (n, 36): a row for each character of the text, the columns of `ALPHABET`; each row sums to 1
    score          0..1: the geometric mean of the probabilities of the characters of `text`
    format         the name of the row of `formats.FORMATS` that fits, or None
    probability    0..1, calibrated: of a hundred reads that say 0.9, ninety are right in every character. None where
                   the engine was never calibrated: its scores only rank
    corners        (4, 2) of the plate in pixels of the picture, clockwise from its upper left; None where unknown
    crop           (48, 128) the plate alone, grey and rectified; None where the engine does not rectify
    sharpness      0..1, whatever the plate's size and contrast: see `quality.sharpness`
    size           width of the plate in pixels of the picture, along its own edges
    """

    box: Box
    text: str
    probabilities: Probabilities = field(repr=False, compare=False)
    score: float
    format: str | None
    probability: float | None = None
    corners: Corners | None = field(default=None, repr=False, compare=False)
    crop: Image | None = field(default=None, repr=False, compare=False)
    sharpness: float | None = None
    size: float | None = None

    @property
    def certainty(self) -> float:
        """The calibrated probability, or the score of an engine that has none."""
        return self.score if self.probability is None else self.probability


class Unread(StrEnum):
    """Why something was not read."""

    NO_PLATE = "no_plate"
    TOO_SMALL = "too_small"
    TOO_BLURRED = "too_blurred"
    TOO_DARK = "too_dark"
    FORMAT_UNKNOWN = "format_unknown"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A region that was looked at and not read."""

    box: Box
    reason: Unread


@dataclass(frozen=True, slots=True)
class Look:
    """All that an engine says about one picture: what it read, and what it found and did not read, best first."""

    reads: list[Read]
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def unread(self) -> Unread | None:
        """Why nothing was read; None where something was."""
        if self.reads:
            return None
        plates = (each.reason for each in self.rejected if each.reason != Unread.NO_PLATE)
        return next(plates, Unread.NO_PLATE)


class PlateReader(Protocol):
    """An engine. It takes pictures as OpenCV has them: height × width × 3, BGR."""

    name: str
    version: str

    def read(self, image: Image) -> list[Read]:
        """The plates of a picture, the best first."""

    def look(self, image: Image) -> Look:
        """The same plates, and why other regions were not read."""


def text_score(text: str, probabilities: Probabilities) -> float:
    """The geometric mean of the probabilities of the characters of `text`, 0..1."""
    if not text:
        return 0.0
    own = [probabilities[row, POSITION[character]] for row, character in enumerate(text)]
    return float(np.exp(np.mean(np.log(np.clip(own, 1e-6, 1.0)))))


def certain(text: str, confidences: Sequence[float]) -> Probabilities:
    """Rows that give each character of `text` its confidence, and all others an equal share of the rest."""
    rows = np.empty((len(text), len(ALPHABET)), np.float32)
    for row, (character, confidence) in enumerate(zip(text, confidences, strict=True)):
        rows[row] = (1.0 - confidence) / (len(ALPHABET) - 1)
        rows[row, POSITION[character]] = confidence
    return rows
