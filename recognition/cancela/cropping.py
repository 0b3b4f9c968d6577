"""From a frame and a box to the canvas in which corners are looked for. Training and reading share it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.images import grey_of
from recognition.reads import Image

CANVAS = (128, 192)  # rows, columns
# What is added on each side of a finder's box, in parts of its size: its boxes are now and then too tight.
MARGIN = (0.15, 0.22)

Corners = NDArray[np.float32]


def surroundings(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a box with its margin, in pixels; not cut at the frame's edges."""
    across, down = width * MARGIN[0], height * MARGIN[1]
    return x - across, y - down, x + width + across, y + height + down


def cut(frame: Image, edges: tuple[float, float, float, float]) -> tuple[Image, Corners]:
    """The canvas (128, 192) of what lies between the edges, and the frame's (left, top, width, height) it shows.

    The frame is grey (rows, columns) or BGR (rows, columns, 3); only what is cut out is turned grey. Beyond the frame
    its outermost pixels are repeated. Shrinking averages, so that a large plate does not alias.
    """
    left, top = int(np.floor(edges[0])), int(np.floor(edges[1]))
    right, bottom = max(left + 2, int(np.ceil(edges[2]))), max(top + 2, int(np.ceil(edges[3])))
    rows, columns = frame.shape[:2]
    inside = frame[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if inside.size:
        inside = grey_of(inside)
    over = (max(0, -top), max(0, bottom - rows), max(0, -left), max(0, right - columns))
    if any(over) and inside.size:
        inside = np.asarray(cv2.copyMakeBorder(inside, *over, cv2.BORDER_REPLICATE), np.uint8)
    if not inside.size:
        inside = np.zeros((2, 2), np.uint8)
    shrinks = inside.shape[1] > CANVAS[1] or inside.shape[0] > CANVAS[0]
    size = (CANVAS[1], CANVAS[0])
    canvas = cv2.resize(inside, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(canvas, np.uint8), np.array([left, top, right - left, bottom - top], np.float32)
