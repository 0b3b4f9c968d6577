"""The window, the places at which it lies on a picture, and when it shows a plate. Training and reading share it.

The system is that of M. Earl, "Number plate recognition with TensorFlow" (2016): a network of a window of 128 × 64
grey pixels answers whether a plate lies in it, and what its seven characters are.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from recognition.reads import Image

WINDOW = (64, 128)  # rows, columns
STRIDE = 8  # pixels between two places of the window
MARGIN = STRIDE  # pixels that the network sees beyond the window on each side
CUT = (WINDOW[0] + 2 * MARGIN, WINDOW[1] + 2 * MARGIN)
LENGTH = 7  # characters

_WIDEST, _HIGHEST, _LEAST = 0.80, 0.875, 0.60
_TOP_LEVEL = 736  # pixels of width at the largest scale: plates of a tenth of it are as large as the rule wants
_RATIO = 0.75  # of one scale to the one before; the rule's range of widths is 0.6 to 0.8

Bounds = tuple[float, float, float, float]


def shows(bounds: Bounds) -> bool:
    """Whether the window shows a plate that is at `bounds` (x, y, width, height in the window's pixels).

    The plate lies wholly inside, is narrower than 80 % of the window and lower than 87.5 % of it, and takes more than
    60 % of its width or of its height.
    """
    x, y, width, height = bounds
    rows, columns = WINDOW
    inside = x >= 0 and y >= 0 and x + width <= columns and y + height <= rows
    small = width < _WIDEST * columns and height < _HIGHEST * rows
    return inside and small and (width > _LEAST * columns or height > _LEAST * rows)


def widths_shown(aspect: float) -> tuple[float, float]:
    """The least and the greatest width in pixels at which the window shows a plate `aspect` times as wide as high."""
    rows, columns = WINDOW
    return min(_LEAST * columns, _LEAST * rows * aspect), min(_WIDEST * columns, _HIGHEST * rows * aspect)


def levels(grey: Image) -> Iterator[tuple[float, Image]]:
    """The picture at falling scales, each with its scale, down to the one at which a plate as wide as it is shown.

    Each has the margin that the network sees, and is filled up with its outermost pixels to whole strides and to no
    less than one window.
    """
    scale = _TOP_LEVEL / grey.shape[1]
    base = scaled(grey, scale) if scale < 1 else grey
    while scale * grey.shape[1] > _LEAST * WINDOW[1]:
        yield scale, _framed(scaled(base, scale * grey.shape[1] / base.shape[1]))
        scale *= _RATIO


def scaled(grey: Image, factor: float) -> Image:
    """The picture at another size: an area's mean where it shrinks, linear where it grows."""
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cv2.resize(grey, size, interpolation=way).astype(np.uint8, copy=False)


def _framed(level: Image) -> Image:
    right, below = (_missing(side, least) for side, least in zip(level.shape[::-1], WINDOW[::-1], strict=True))
    framed = cv2.copyMakeBorder(level, MARGIN, MARGIN + below, MARGIN, MARGIN + right, cv2.BORDER_REPLICATE)
    return framed.astype(np.uint8, copy=False)


def _missing(side: int, least: int) -> int:
    return max(least, -(-side // STRIDE) * STRIDE) - side
