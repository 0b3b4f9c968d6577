"""The empty road before a condominium's gate, as its camera sees it, in several lights."""

from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cameras.drawing.plates import Colour, Picture

Point = tuple[float, float]


class Light(StrEnum):
    DAY = "day"
    CLOUDS = "clouds"
    DUSK = "dusk"


# Sky above, sky at the horizon, and what is left of each colour (BGR).
SKIES: dict[Light, tuple[Colour, Colour, tuple[float, float, float]]] = {
    Light.DAY: ((206, 158, 96), (236, 220, 200), (1.0, 1.0, 1.0)),
    Light.CLOUDS: ((192, 184, 176), (222, 218, 212), (0.92, 0.9, 0.88)),
    Light.DUSK: ((112, 66, 46), (112, 112, 127), (0.58, 0.5, 0.5)),
}
HORIZON = 0.27  # of the picture's height: where the road vanishes
VANISHING = 0.5  # of its width


@lru_cache(maxsize=12)
def draw(width: int, height: int, light: Light, seed: int) -> Picture:
    """The scene without a vehicle, BGR, shape (height, width, 3). Do not write into it."""
    rng = np.random.default_rng(seed)
    canvas: Picture = np.zeros((height, width, 3), np.uint8)
    _sky(canvas, light)
    _street(canvas, rng)
    _ground(canvas, rng)
    _wall(canvas, rng)
    _gate_house(canvas, seed % 2 == 1)
    _hump(canvas)
    gain = np.array(SKIES[light][2], np.float32)
    np.copyto(canvas, np.minimum(255, canvas * gain).astype(np.uint8))
    if light is Light.DUSK:
        _lamp_light(canvas, seed % 2 == 1)
    canvas.flags.writeable = False
    return canvas


def _fill(canvas: Picture, points: list[Point], colour: Colour) -> None:
    """Fill a polygon given in shares of width and height."""
    height, width = canvas.shape[:2]
    corners = np.rint(np.array(points) * [width, height] * 16).astype(np.int32)
    cv2.fillPoly(canvas, [corners], colour, cv2.LINE_AA, 4)


def _sky(canvas: Picture, light: Light) -> None:
    # The light's gain comes over everything later; the sky has its own colours already.
    top, bottom = (np.minimum(255, np.array(colour) / SKIES[light][2]) for colour in SKIES[light][:2])
    rows = round(canvas.shape[0] * (HORIZON + 0.02))
    blend = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    canvas[:rows] = (top * (1 - blend) + bottom * blend).astype(np.uint8)[:, None, :]


def _street(canvas: Picture, rng: np.random.Generator) -> None:
    """Houses across the street and trees before them."""
    x = -0.02
    while x < 1.0:
        wide, tall = rng.uniform(0.08, 0.17), rng.uniform(0.06, 0.17)
        tone = int(rng.integers(120, 190))
        colour = (tone - int(rng.integers(0, 30)), tone - 6, tone + int(rng.integers(0, 24)))
        _fill(canvas, _rectangle(x, HORIZON - tall, wide, tall + 0.02), colour)
        for column in np.arange(x + 0.015, x + wide - 0.02, 0.028):
            for row in np.arange(HORIZON - tall + 0.02, HORIZON - 0.03, 0.045):
                _fill(canvas, _rectangle(float(column), float(row), 0.014, 0.022), (96, 84, 72))
        x += wide + rng.uniform(0.0, 0.03)
    for _ in range(7):
        _tree(canvas, rng.uniform(0, 1), HORIZON + 0.015, rng.uniform(0.02, 0.04), rng)


def _rectangle(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _tree(canvas: Picture, x: float, foot: float, size: float, rng: np.random.Generator) -> None:
    height, width = canvas.shape[:2]
    _fill(canvas, _rectangle(x - size * 0.08, foot - size * 2, size * 0.16, size * 2), (52, 66, 84))
    for _ in range(26):
        dx, dy = rng.normal(0, size * 0.5), rng.normal(0, size * 0.55)
        centre = (round((x + dx) * width), round((foot - size * 2.6 + dy) * height))
        green = int(rng.integers(70, 128))
        radius = max(2, round(size * width * rng.uniform(0.18, 0.34)))
        cv2.circle(canvas, centre, radius, (green // 2, green, green * 2 // 3), -1, cv2.LINE_AA)


def _ground(canvas: Picture, rng: np.random.Generator) -> None:
    """Grass, kerbs and asphalt, all running to the vanishing point, with a grain."""
    _fill(canvas, _rectangle(0, HORIZON, 1, 1 - HORIZON), (92, 112, 104))
    _fill(canvas, [(0, HORIZON), (1, HORIZON), (1, HORIZON + 0.045), (0, HORIZON + 0.045)], (110, 108, 106))
    for half, colour in ((0.93, (158, 160, 162)), (0.86, (196, 200, 202)), (0.82, (96, 94, 92))):
        _fill(canvas, [(0.47, HORIZON + 0.03), (0.53, HORIZON + 0.03), (0.5 + half, 1), (0.5 - half, 1)], colour)
    first = round(canvas.shape[0] * HORIZON)
    grain = rng.normal(0, 5, (canvas.shape[0] - first, canvas.shape[1], 1))
    soft = cv2.GaussianBlur(grain.astype(np.float32), (0, 0), 1.2)[:, :, None] * 1.8
    canvas[first:] = np.clip(canvas[first:] + soft, 0, 255).astype(np.uint8)


def _wall(canvas: Picture, rng: np.random.Generator) -> None:
    """The condominium's wall on the right, in perspective, with a hedge on its foot and a lamp."""
    _fill(canvas, [(0.63, 0.235), (1, 0.05), (1, 0.62), (0.63, 0.315)], (174, 190, 200))
    _fill(canvas, [(0.63, 0.228), (1, 0.035), (1, 0.062), (0.63, 0.238)], (120, 132, 142))
    for share in (0.18, 0.4, 0.66):
        x = 0.63 + 0.37 * share
        top, foot = 0.235 - 0.185 * share, 0.315 + 0.305 * share
        _fill(
            canvas,
            [(x, top), (x + 0.006 + 0.008 * share, top - 0.004), (x + 0.006 + 0.008 * share, foot), (x, foot)],
            (146, 160, 170),
        )
    for share in np.linspace(0.03, 1.0, 26):
        _bush(canvas, 0.63 + 0.37 * float(share), 0.318 + 0.31 * float(share), 0.012 + 0.03 * float(share), rng)


def _bush(canvas: Picture, x: float, y: float, size: float, rng: np.random.Generator) -> None:
    height, width = canvas.shape[:2]
    for _ in range(7):
        green = int(rng.integers(58, 104))
        centre = (round((x + rng.normal(0, size * 0.4)) * width), round((y + rng.normal(0, size * 0.35)) * height))
        cv2.circle(canvas, centre, round(size * width * 0.4), (green // 2, green, green * 3 // 5), -1, cv2.LINE_AA)


def _gate_house(canvas: Picture, barrier_up: bool) -> None:
    """The guard's house on the left: wall, roof, window with a light behind it; and the barrier's post."""
    _fill(canvas, [(0.0, 0.1), (0.24, 0.165), (0.24, 0.475), (0.0, 0.68)], (206, 214, 218))
    _fill(canvas, [(0.24, 0.165), (0.3, 0.195), (0.3, 0.425), (0.24, 0.475)], (168, 178, 184))
    _fill(canvas, [(0.0, 0.045), (0.255, 0.125), (0.32, 0.175), (0.32, 0.2), (0.25, 0.17), (0.0, 0.108)], (70, 84, 128))
    _fill(canvas, [(0.03, 0.19), (0.2, 0.225), (0.2, 0.355), (0.03, 0.395)], (64, 58, 50))
    _fill(canvas, [(0.036, 0.2), (0.112, 0.216), (0.112, 0.368), (0.036, 0.386)], (128, 138, 132))
    _fill(canvas, [(0.12, 0.218), (0.194, 0.232), (0.194, 0.35), (0.12, 0.366)], (118, 128, 124))
    _fill(canvas, [(0.255, 0.235), (0.288, 0.246), (0.288, 0.425), (0.255, 0.452)], (92, 98, 104))
    _fill(canvas, _rectangle(0.318, 0.33, 0.022, 0.1), (40, 150, 220))
    _barrier(canvas, (0.329, 0.345), (0.36, 0.02) if barrier_up else (0.345, 0.03))


def _barrier(canvas: Picture, foot: Point, tip: Point) -> None:
    """The raised arm, striped red and white."""
    height, width = canvas.shape[:2]
    ends = np.array([foot, tip]) * [width, height]
    for index in range(10):
        begin, end = (ends[0] + (ends[1] - ends[0]) * (index + step) / 10 for step in (0, 1))
        colour = (40, 36, 200) if index % 2 else (236, 236, 236)
        cv2.line(canvas, _whole(begin), _whole(end), colour, max(2, width // 150), cv2.LINE_AA)


def _whole(point: NDArray[np.float64]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _hump(canvas: Picture) -> None:
    """A speed hump in yellow and black."""
    top, foot = 0.52, 0.548
    for index in range(12):
        left, right = (-0.5 + (index + step) / 12 for step in (0, 1))
        wide = [0.82 * 2 * 0.5 * ((y - HORIZON) / (1 - HORIZON)) * 2 for y in (top, foot)]
        corners = [
            (0.5 + left * wide[0], top),
            (0.5 + right * wide[0], top),
            (0.5 + right * wide[1], foot),
            (0.5 + left * wide[1], foot),
        ]
        _fill(canvas, corners, (56, 178, 214) if index % 2 else (52, 52, 52))


def _lamp_light(canvas: Picture, warm: bool) -> None:
    """The light in the guard's window and of a street lamp, when it gets dark."""
    height, width = canvas.shape[:2]
    glow = np.zeros((height, width), np.float32)
    for x, y, radius in ((0.11, 0.29, 0.06), (0.9, 0.07, 0.05)):
        cv2.circle(glow, (round(x * width), round(y * height)), round(radius * width), 1.0, -1)
    glow = np.asarray(cv2.GaussianBlur(glow, (0, 0), width * 0.03), np.float32)
    tint = np.array([70, 150, 190] if warm else [110, 160, 180], np.float32)
    np.copyto(canvas, np.clip(canvas + glow[:, :, None] * tint, 0, 255).astype(np.uint8))
