"""Letter shapes of our own, as strokes: no font file is needed, and none is copied.

Every shape is written on a grid of 10 by 10, y downwards, as the middle line of a stroke: `x y` begins,
`L x y` goes straight, `Q cx cy x y` bends (a quadratic curve), `;` lifts the pen.
"""

from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Points = list[tuple[float, float]]

STROKES: dict[str, str] = {
    "A": "0 10 L 4.3 0 L 5.7 0 L 10 10; 1.7 6.8 L 8.3 6.8",
    "B": "0 4.8 L 0 0 L 5.8 0 Q 9.2 0 9.2 2.4 Q 9.2 4.8 5.8 4.8 L 0 4.8 L 0 10 L 6 10 Q 10 10 10 7.4 Q 10 4.8 5.8 4.8",
    "C": "10 2.9 Q 10 0 5 0 Q 0 0 0 3.8 L 0 6.2 Q 0 10 5 10 Q 10 10 10 7.1",
    "D": "0 10 L 0 0 L 4.6 0 Q 10 0 10 4.2 L 10 5.8 Q 10 10 4.6 10 L 0 10",
    "E": "9.6 0 L 0 0 L 0 10 L 9.6 10; 0 4.8 L 8.2 4.8",
    "F": "9.6 0 L 0 0 L 0 10; 0 4.9 L 8.2 4.9",
    "G": "10 2.7 Q 10 0 5 0 Q 0 0 0 3.8 L 0 6.2 Q 0 10 5 10 Q 10 10 10 6.8 L 10 5.3 L 5.6 5.3",
    "H": "0 0 L 0 10; 10 0 L 10 10; 0 4.9 L 10 4.9",
    "I": "2.2 0 L 7.8 0; 5 0 L 5 10; 2.2 10 L 7.8 10",
    "J": "9 0 L 9 6.6 Q 9 10 4.8 10 Q 0.6 10 0.6 7",
    "K": "0 0 L 0 10; 9.6 0 L 0 6.3; 3.8 3.9 L 10 10",
    "L": "0 0 L 0 10 L 9.4 10",
    "M": "0 10 L 0 0 L 5 6.2 L 10 0 L 10 10",
    "N": "0 10 L 0 0 L 10 10 L 10 0",
    "O": "5 0 Q 10 0 10 3.4 L 10 6.6 Q 10 10 5 10 Q 0 10 0 6.6 L 0 3.4 Q 0 0 5 0",
    "P": "0 10 L 0 0 L 5.8 0 Q 10 0 10 2.8 Q 10 5.7 5.8 5.7 L 0 5.7",
    "Q": "5 0 Q 10 0 10 3.4 L 10 6.6 Q 10 10 5 10 Q 0 10 0 6.6 L 0 3.4 Q 0 0 5 0; 5.8 6.6 L 10.6 10.6",
    "R": "0 10 L 0 0 L 5.8 0 Q 10 0 10 2.8 Q 10 5.6 5.8 5.6 L 0 5.6; 4.8 5.6 L 10 10",
    "S": "9.6 2.6 Q 9.4 0 5 0 Q 0.4 0 0.4 2.5 Q 0.4 4.5 5 4.9 Q 10 5.3 10 7.5 Q 10 10 5 10 Q 0.2 10 0 7.4",
    "T": "0 0 L 10 0; 5 0 L 5 10",
    "U": "0 0 L 0 6.4 Q 0 10 5 10 Q 10 10 10 6.4 L 10 0",
    "V": "0 0 L 4.6 10 L 5.4 10 L 10 0",
    "W": "0 0 L 2.4 10 L 5 2.6 L 7.6 10 L 10 0",
    "X": "0.2 0 L 9.8 10; 9.8 0 L 0.2 10",
    "Y": "0 0 L 5 5.2 L 10 0; 5 5.2 L 5 10",
    "Z": "0.3 0 L 9.7 0 L 0.3 10 L 10 10",
    "0": "5 0 Q 9.2 0 9.2 4.2 L 9.2 5.8 Q 9.2 10 5 10 Q 0.8 10 0.8 5.8 L 0.8 4.2 Q 0.8 0 5 0",
    "1": "1.6 2.9 L 6 0 L 6 10",
    "2": "0.6 2.9 Q 0.8 0 5 0 Q 9.4 0 9.4 2.9 Q 9.4 4.6 6.4 6.2 Q 0.6 8.8 0.5 10 L 9.8 10",
    "3": "0.6 2 Q 1.3 0 5 0 Q 9.1 0 9.1 2.4 Q 9.1 4.8 4.2 4.8 Q 9.8 4.8 9.8 7.4 Q 9.8 10 5 10 Q 0.8 10 0.2 7.7",
    "4": "5.4 0 L 0.2 7.2 L 10 7.2; 7.2 4 L 7.2 10",
    "5": "9 0 L 1.4 0 L 1 4.7 Q 2.6 3.7 5 3.7 Q 9.8 3.7 9.8 6.9 Q 9.8 10 5 10 Q 1 10 0.3 7.9",
    "6": "7.2 0 Q 0.4 3 0.4 6.9 Q 0.4 10 5 10 Q 9.6 10 9.6 6.9 Q 9.6 3.9 5 3.9 Q 1.6 3.9 0.6 6.3",
    "7": "0.2 0 L 9.6 0 Q 4.9 4.6 4.2 10",
    "8": (
        "5 0 Q 9 0 9 2.4 Q 9 4.8 5 4.8 Q 1 4.8 1 2.4 Q 1 0 5 0;"
        "5 4.8 Q 9.8 4.8 9.8 7.4 Q 9.8 10 5 10 Q 0.2 10 0.2 7.4 Q 0.2 4.8 5 4.8"
    ),
    "9": "2.8 10 Q 9.6 7 9.6 3.1 Q 9.6 0 5 0 Q 0.4 0 0.4 3.1 Q 0.4 6.1 5 6.1 Q 8.4 6.1 9.4 3.7",
    "-": "2 5 L 8 5",
    "·": "4.4 5 L 5.6 5",
    " ": "",
}
CURVE_STEPS = 9


def _points(stroke: str) -> Points:
    """The corners of one stroke, its curves cut into short straight pieces."""
    words = stroke.split()
    points: Points = [(float(words[0]), float(words[1]))]
    at = 2
    while at < len(words):
        size = 2 if words[at] == "L" else 4
        values = [float(word) for word in words[at + 1 : at + 1 + size]]
        points += [(values[0], values[1])] if size == 2 else _bend(points[-1], values)
        at += 1 + size
    return points


def _bend(begin: tuple[float, float], values: list[float]) -> Points:
    cx, cy, x, y = values
    steps = [index / CURVE_STEPS for index in range(1, CURVE_STEPS + 1)]
    return [
        (
            (1 - t) ** 2 * begin[0] + 2 * t * (1 - t) * cx + t * t * x,
            (1 - t) ** 2 * begin[1] + 2 * t * (1 - t) * cy + t * t * y,
        )
        for t in steps
    ]


@lru_cache(maxsize=512)
def glyph(character: str, width: int, height: int, stroke: float) -> Mask:
    """A letter as coverage 0-255, shape (height, width); `stroke` is its thickness in pixels.

    Drawn four times as large and averaged down, with square ends as stamped letters have them.
    """
    zoom = 4
    canvas = np.zeros((height * zoom, width * zoom), np.uint8)
    inset = stroke * zoom / 2
    scale = np.array([width * zoom - 2 * inset, height * zoom - 2 * inset]) / 10
    for part in filter(str.strip, STROKES[character].split(";")):
        _draw(canvas, np.array(_points(part)) * scale + inset, inset)
    return np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _draw(canvas: Mask, points: NDArray[np.float64], half: float) -> None:
    """Draw straight pieces with square ends and round joints, `half` to either side of the line."""
    closed = bool(np.allclose(points[0], points[-1]))
    for begin, end in pairwise(points):
        along = (end - begin) / max(float(np.hypot(*(end - begin))), 1e-6)
        side = np.array([-along[1], along[0]]) * half
        corners = np.rint([begin + side, end + side, end - side, begin - side]).astype(np.int32)
        cv2.fillConvexPoly(canvas, corners, 255)
    for joint in points if closed else points[1:-1]:
        x, y = (round(float(value)) for value in joint)
        cv2.circle(canvas, (x, y), round(half), 255, -1)
    if not closed:
        _square_ends(canvas, points, half)


def _square_ends(canvas: Mask, points: NDArray[np.float64], half: float) -> None:
    """Lengthen both ends by half a thickness, so that corners of L, E and T are full."""
    for end, before in ((points[0], points[1]), (points[-1], points[-2])):
        along = (end - before) / max(float(np.hypot(*(end - before))), 1e-6) * half
        side = np.array([-along[1], along[0]])
        tip = end + along
        corners = np.rint([end + side, tip + side, tip - side, end - side]).astype(np.int32)
        cv2.fillConvexPoly(canvas, corners, 255)


def write(
    canvas: NDArray[np.uint8],
    text: str,
    left: float,
    top: float,
    cell: tuple[float, float],
    *,
    gap: float,
    stroke: float,
    colour: tuple[int, int, int],
) -> None:
    """Write letters of the size `cell` (width, height) side by side; unknown characters are left out."""
    width, height = max(1, round(cell[0])), max(1, round(cell[1]))
    for index, character in enumerate(text):
        if character not in STROKES:
            continue
        x, y = round(left + index * (cell[0] + gap)), round(top)
        part = canvas[y : y + height, x : x + width]
        ink = glyph(character, width, height, stroke)[: part.shape[0], : part.shape[1], None] / 255.0
        part[:] = (part * (1 - ink) + np.array(colour) * ink).astype(np.uint8)
