"""Simple drawn scenes around a plate: the rear of a motorcycle or of a car, in a street.

They are the tests' own and share nothing with the pictures that training draws but the plates themselves: a pinhole
camera looks at a plate that is turned, the light falls unevenly, the lens and the sensor spoil it, JPEG stores it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.reads import Box, Image

WIDTH, HEIGHT = 1280, 960
_FOCAL = 1800.0  # pixels: a gate's camera, somewhat tele

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class View:
    """How a plate is seen: degrees it is turned, its width in pixels as if seen from the front, where its centre is."""

    yaw: float
    pitch: float
    roll: float
    width: float
    centre: tuple[float, float]


def motorcycle(plate: Image, chance: np.random.Generator) -> tuple[Image, Box]:
    """A motorcycle's rear with a plate in two lines, BGR 960 × 1280, and the plate's box."""
    view = _view(chance, (80, 190), yaw=32, pitch=18, roll=9)
    canvas = _street(chance)
    _motorcycle(canvas, view, chance)
    return _photographed(canvas, plate, view, chance)


def car(plate: Image, chance: np.random.Generator) -> tuple[Image, Box]:
    """A car's rear with a plate in one line, BGR 960 × 1280, and the plate's box."""
    view = _view(chance, (110, 260), yaw=30, pitch=14, roll=6)
    canvas = _street(chance)
    _car(canvas, view, chance)
    return _photographed(canvas, plate, view, chance)


def _view(chance: np.random.Generator, widths: tuple[int, int], *, yaw: float, pitch: float, roll: float) -> View:
    across, up, aside = (float(chance.uniform(-most, most)) for most in (yaw, pitch, roll))
    centre = float(chance.uniform(0.3, 0.7) * WIDTH), float(chance.uniform(0.4, 0.75) * HEIGHT)
    return View(across, up, aside, float(np.exp(chance.uniform(*np.log(widths)))), centre)


def corners(size: tuple[int, int], view: View) -> Floats:
    """Where the corners of a plate of that width and height in pixels are seen: (4, 2), clockwise from upper left."""
    half = np.array([1.0, size[1] / size[0]]) / 2
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * [*half, 0]
    turned = flat @ _rotation(view).T
    distance = _FOCAL / view.width
    seen = turned[:, :2] * _FOCAL / (turned[:, 2:] + distance)
    return np.asarray(seen + view.centre, np.float32)


def _rotation(view: View) -> NDArray[np.float64]:
    """Turned about the plate's upright axis, then the level one, then the line of sight."""
    (a, b, c) = np.radians([view.yaw, view.pitch, view.roll])
    yaw = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    pitch = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    roll = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return np.asarray(roll @ pitch @ yaw)


def _colour(chance: np.random.Generator, low: int, high: int, spread: int = 18) -> tuple[int, ...]:
    grey = chance.integers(low, high)
    return tuple(int(value) for value in np.clip(grey + chance.integers(-spread, spread + 1, 3), 0, 255))


def _street(chance: np.random.Generator) -> Image:
    """Wall, fence or hedge over paving: blotches, joints and lines."""
    canvas = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    horizon = int(chance.uniform(0.2, 0.5) * HEIGHT)
    canvas[:horizon], canvas[horizon:] = _colour(chance, 90, 215, 30), _colour(chance, 60, 150)
    step = int(chance.integers(24, 90))
    line = _colour(chance, 40, 200)
    for x in range(int(chance.integers(0, step)), WIDTH, step):
        cv2.line(canvas, (x, 0), (x, horizon), line, int(chance.integers(1, 6)), cv2.LINE_AA)
    vanishing = int(chance.uniform(0.2, 0.8) * WIDTH)
    for x in range(-WIDTH, 2 * WIDTH, 3 * step):
        cv2.line(canvas, (vanishing, horizon - 60), (x, HEIGHT), _colour(chance, 50, 130), 2, cv2.LINE_AA)
    blotches = cv2.resize(
        chance.normal(0, 14, (24, 32)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    return _clipped(canvas + blotches[..., None])


def _motorcycle(canvas: Image, view: View, chance: np.random.Generator) -> None:
    """Tyre, mudguard, seat, lamps: everything measured in widths of the plate."""
    unit, (x, y) = view.width, view.centre
    _ellipse(canvas, (x, y + 1.6 * unit), (0.42 * unit, 1.5 * unit), (24, 24, 26))
    _polygon(canvas, x, y, unit, [(-0.8, -0.75), (0.8, -0.75), (0.62, 1.0), (-0.62, 1.0)], _colour(chance, 15, 70))
    _polygon(canvas, x, y, unit, [(-1.1, -1.9), (1.1, -1.9), (0.9, -0.8), (-0.9, -0.8)], _colour(chance, 20, 160, 60))
    _ellipse(canvas, (x, y - 0.85 * unit), (0.42 * unit, 0.16 * unit), (30, 24, int(chance.integers(120, 235))))
    for side in (-1, 1):
        _ellipse(canvas, (x + side * 1.05 * unit, y - 0.8 * unit), (0.15 * unit, 0.12 * unit), (30, 130, 230))
    _polygon(canvas, x, y, unit, [(-0.7, -4.2), (0.7, -4.2), (1.0, -1.8), (-1.0, -1.8)], _colour(chance, 20, 200, 70))


def _car(canvas: Image, view: View, chance: np.random.Generator) -> None:
    unit, (x, y) = view.width, view.centre
    paint = _colour(chance, 20, 225, 40)
    _polygon(canvas, x, y, unit, [(-2.0, -1.1), (2.0, -1.1), (2.1, 0.9), (-2.1, 0.9)], paint)
    _polygon(canvas, x, y, unit, [(-1.5, -2.4), (1.5, -2.4), (1.9, -1.1), (-1.9, -1.1)], paint)
    _polygon(canvas, x, y, unit, [(-1.35, -2.25), (1.35, -2.25), (1.6, -1.3), (-1.6, -1.3)], (70, 62, 56))
    _polygon(canvas, x, y, unit, [(-2.1, 0.45), (2.1, 0.45), (2.1, 0.9), (-2.1, 0.9)], _colour(chance, 20, 70))
    _polygon(canvas, x, y, unit, [(-0.75, -0.3), (0.75, -0.3), (0.7, 0.3), (-0.7, 0.3)], _colour(chance, 20, 120))
    for side in (-1, 1):
        _ellipse(canvas, (x + side * 1.7 * unit, y - 0.6 * unit), (0.28 * unit, 0.32 * unit), (34, 30, 170))
        _ellipse(canvas, (x + side * 1.5 * unit, y + 1.1 * unit), (0.4 * unit, 0.45 * unit), (22, 22, 24))


def _ellipse(canvas: Image, centre: tuple[float, float], axes: tuple[float, float], colour: tuple[int, ...]) -> None:
    middle, size = (round(centre[0]), round(centre[1])), (round(axes[0]), round(axes[1]))
    cv2.ellipse(canvas, middle, size, 0, 0, 360, colour, -1, cv2.LINE_AA)


def _polygon(
    canvas: Image, x: float, y: float, unit: float, points: list[tuple[float, float]], colour: tuple[int, ...]
) -> None:
    seen = np.array(points) * unit + (x, y)
    cv2.fillConvexPoly(canvas, np.round(seen).astype(np.int32), colour, cv2.LINE_AA)


def _photographed(canvas: Image, plate: Image, view: View, chance: np.random.Generator) -> tuple[Image, Box]:
    height, width = plate.shape[:2]
    seen = corners((width, height), view)
    lit = _lit(_pasted(canvas, plate, seen), seen, chance)
    return _stored(_sensed(_blurred(lit, view.width, chance), chance), chance), _box(seen)


def _box(seen: Floats) -> Box:
    x, y, w, h = cv2.boundingRect(seen)
    return Box(int(x), int(y), int(w), int(h))


def _pasted(canvas: Image, plate: Image, seen: Floats) -> Image:
    """Warped at twice the size and halved, so that the plate's edges are as smooth as everything else."""
    height, width = plate.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    grain = width / float(np.linalg.norm(seen[1] - seen[0]))
    soft = np.asarray(cv2.GaussianBlur(plate, (0, 0), max(0.1, 0.3 * grain)), np.uint8)
    around = _box(seen).grown(0.05, 0.05, WIDTH, HEIGHT)
    moved = np.asarray((seen - (around.x, around.y)) * 2, np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(flat, moved), np.float64)
    drawn = _halved(soft, matrix, around)
    share = _halved(np.full((height, width), 255, np.uint8), matrix, around, cv2.BORDER_CONSTANT)[..., None] / 255
    part = canvas[around.y : around.y + around.h, around.x : around.x + around.w]
    part[:] = _clipped(part * (1 - share) + drawn * share)
    return canvas


def _halved(flat: Image, matrix: NDArray[np.float64], around: Box, border: int = cv2.BORDER_REPLICATE) -> Image:
    size = 2 * around.w, 2 * around.h
    drawn = cv2.warpPerspective(flat, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(cv2.resize(drawn, (around.w, around.h), interpolation=cv2.INTER_AREA), np.uint8)


def _lit(image: Image, seen: Floats, chance: np.random.Generator) -> Floats:
    """Day, dusk or infrared; perhaps the edge of a shadow across the plate, perhaps a lamp's glare beside it."""
    lit = image.astype(np.float32) * np.float32(chance.uniform(0.45, 1.1))
    if chance.random() < 0.2:
        lit[:] = lit.mean(axis=2, keepdims=True)
    centre = seen.mean(axis=0)
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    if chance.random() < 0.35:
        angle = chance.uniform(0, 2 * np.pi)
        beyond = (x - centre[0]) * np.cos(angle) + (y - centre[1]) * np.sin(angle) > chance.uniform(-30, 30)
        lit[beyond] *= np.float32(chance.uniform(0.45, 0.75))
    if chance.random() < 0.2:
        aside = centre + chance.uniform(-160, 160, 2)
        distance = np.hypot(x - aside[0], y - aside[1])
        lit += (chance.uniform(60, 160) * np.exp(-((distance / 90) ** 2)))[..., None].astype(np.float32)
    return lit


def _blurred(lit: Floats, width: float, chance: np.random.Generator) -> Floats:
    """The lens, and motion in any direction; both grow with the plate, so that none is beyond reading."""
    soft = cv2.GaussianBlur(lit, (0, 0), float(chance.uniform(0.3, 0.9)) * width / 130)
    length = int(chance.uniform(1, 1 + width / 36))
    if length < 2:
        return np.asarray(soft, np.float32)
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), float(chance.uniform(0, 180)), 1)
    moved = cv2.warpAffine(kernel, turn, (length, length))
    return np.asarray(cv2.filter2D(soft, -1, np.asarray(moved / moved.sum(), np.float32)), np.float32)


def _sensed(lit: Floats, chance: np.random.Generator) -> Image:
    noise = chance.standard_normal((HEIGHT, WIDTH, 1), np.float32)
    return _clipped(lit + noise * np.float32(chance.uniform(1.5, 8)))


def _stored(image: Image, chance: np.random.Generator) -> Image:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(45, 92))])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _clipped(values: NDArray[np.float32] | NDArray[np.float64]) -> Image:
    return np.clip(values, 0, 255).astype(np.uint8)
