"""Motorcycle plates in two lines, 200 by 170 mm, old and Mercosul, with the letter shapes of the camera simulator.

Training draws its own letters and its own plates: nothing of this is known to the networks.
"""

import numpy as np

from cameras.drawing import letters
from cameras.drawing.plates import BLACK, BLUE, INK, OLD, TOWNS, WHITE, Category, is_old
from recognition.reads import Image

WIDE, HIGH = 200, 170  # mm
_SCALE = 2.5  # pixels a mm
_RIM = 2.0


def draw(text: str, category: Category) -> Image:
    """A plate of seven characters as BGR, shape (425, 500, 3): three above, four below."""
    return _old(text, category) if is_old(text) else _mercosul(text, category)


def _mercosul(text: str, category: Category) -> Image:
    canvas, ink = _blank(WHITE), INK[category]
    canvas[: _px(27)] = BLUE
    _write(canvas, "BRASIL", 8, (11, 13), gap=4, stroke=2.8, colour=WHITE)
    _write(canvas, text[:3], 34, (35, 58), gap=9, stroke=9, colour=ink)
    _write(canvas, text[3:], 100, (35, 58), gap=9, stroke=9, colour=ink)
    return _rimmed(canvas, ink)


def _old(text: str, category: Category) -> Image:
    ground, ink = OLD[category]
    canvas = _blank(ground)
    _write(canvas, TOWNS[sum(text.encode()) % len(TOWNS)][1], 9, (6.5, 12), gap=2, stroke=1.9, colour=ink)
    _write(canvas, text[:3], 30, (36, 59), gap=10, stroke=8.5, colour=ink)
    _write(canvas, text[3:], 98, (36, 59), gap=8, stroke=8.5, colour=ink)
    for x in (18, 174):
        canvas[_px(12) : _px(20), _px(x) : _px(x + 8)] = (110, 110, 110)
    return _rimmed(canvas, ink)


def _px(mm: float) -> int:
    return round(mm * _SCALE)


def _blank(ground: tuple[int, int, int]) -> Image:
    return np.full((_px(HIGH), _px(WIDE), 3), ground, np.uint8)


def _write(
    canvas: Image,
    text: str,
    top: float,
    cell: tuple[float, float],
    *,
    gap: float,
    stroke: float,
    colour: tuple[int, int, int],
) -> None:
    """A centred line; all in millimetres."""
    left = (WIDE - len(text) * cell[0] - (len(text) - 1) * gap) / 2
    size = cell[0] * _SCALE, cell[1] * _SCALE
    style = {"gap": gap * _SCALE, "stroke": stroke * _SCALE}
    letters.write(canvas, text, left * _SCALE, top * _SCALE, size, colour=colour, **style)


def _rimmed(canvas: Image, colour: tuple[int, int, int]) -> Image:
    rim = _px(_RIM)
    inner = canvas[rim:-rim, rim:-rim].copy()
    canvas[:] = colour if colour != WHITE else BLACK
    canvas[rim:-rim, rim:-rim] = inner
    return canvas
