"""What a recogniser says about one picture: boxes, texts, and how sure it is of every character."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
POSITION = {character: index for index, character in enumerate(ALPHABET)}

Image = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


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

    `text` is upper-case A-Z and 0-9. `probabilities` has a row for each character of it and 36 columns in the
    order of `ALPHABET`; each row sums to 1. `score`, 0..1, is the geometric mean of the probabilities of the
    characters of `text`. `format` names the row of `formats.FORMATS` that fits, or is None.
    """

    box: Box
    text: str
    probabilities: Probabilities = field(repr=False, compare=False)
    score: float
    format: str | None


class PlateReader(Protocol):
    """An engine. `read` takes a picture as OpenCV has it (height × width × 3, BGR) and answers the best first."""

    name: str
    version: str

    def read(self, image: Image) -> list[Read]: ...


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
