"""What light, lens, sensor and compression do to a scene."""

import cv2
import numpy as np

from recognition.reads import Image
from recognition.training.finder.scenes import Scene


def seen(scene: Scene, rng: np.random.Generator) -> Image:
    """The canvas as some camera would have delivered it."""
    canvas = scene.canvas
    night = rng.random()
    if night < 0.12:
        canvas = _infrared(canvas, scene, rng)
    elif night < 0.24:
        canvas = _dark(canvas, scene, rng)
    canvas = _toned(canvas, rng)
    if rng.random() < 0.45:
        canvas = _grey(canvas)
    canvas = _blurred(canvas, rng)
    if rng.random() < 0.35:
        canvas = _noisy(canvas, rng)
    return _compressed(canvas, rng) if rng.random() < 0.35 else canvas


def _grey(canvas: Image) -> Image:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


def _toned(canvas: Image, rng: np.random.Generator) -> Image:
    """Gamma, contrast, brightness and a tint, as one table for each channel."""
    steps = np.linspace(0, 1, 256)
    tables = np.zeros((1, 256, 3))
    power, gain, lift = np.exp(rng.normal(0, 0.3)), np.exp(rng.normal(0, 0.22)), rng.normal(0, 0.06)
    for channel, tint in enumerate(np.exp(rng.normal(0, 0.06, 3))):
        tables[0, :, channel] = (steps**power - 0.5) * gain * tint + 0.5 + lift
    return np.asarray(cv2.LUT(canvas, np.clip(tables * 255, 0, 255).astype(np.uint8)), np.uint8)


def _infrared(canvas: Image, scene: Scene, rng: np.random.Generator) -> Image:
    """Grey, dark around, plates thrown back bright: a camera with its own lamp."""
    grey = cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY).astype(np.float32)
    grey *= rng.uniform(0.25, 0.9)
    for left, top, right, bottom in np.rint(scene.plates).astype(int):
        grey[top:bottom, left:right] *= rng.uniform(1.0, 3.2)
    soft = cv2.GaussianBlur(np.minimum(grey, 255), (3, 3), 0.6)
    return np.asarray(cv2.cvtColor(np.clip(soft, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def _dark(canvas: Image, scene: Scene, rng: np.random.Generator) -> Image:
    """Dusk or night, with headlights that bleed into what is near them."""
    dark = (canvas.astype(np.float32) / 255) ** rng.uniform(1.0, 1.8) * rng.uniform(90, 230)
    lights = np.zeros(canvas.shape[:2], np.float32)
    for x, y in _lamps(scene, rng):
        cv2.circle(lights, (int(x), int(y)), int(rng.integers(2, 16)), float(rng.uniform(120, 400)), -1)
    glow = cv2.GaussianBlur(lights, (0, 0), float(rng.uniform(2, 14)))
    tint = rng.uniform(0.6, 1.0, 3).astype(np.float32)
    return np.clip(dark + (lights * 0.5 + glow * 2)[..., None] * tint, 0, 255).astype(np.uint8)


def _lamps(scene: Scene, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Some beside a plate, as on a car, the others anywhere; none upon a plate."""
    height, width = scene.canvas.shape[:2]
    places = [(rng.uniform(0, width), rng.uniform(0, height)) for _ in range(rng.integers(0, 3))]
    for left, top, right, bottom in scene.plates[:1]:
        aside = (right - left) * rng.uniform(0.9, 1.6)
        middle, level = (left + right) / 2, (top + bottom) / 2 - (bottom - top) * rng.uniform(0, 2)
        places += [(middle - aside, level), (middle + aside, level)]
    return [place for place in places if not _upon(place, scene)]


def _upon(place: tuple[float, float], scene: Scene) -> bool:
    margin = np.array([-12, -12, 12, 12])
    boxes = scene.plates + margin
    x, y = place
    return bool(np.any((boxes[:, 0] < x) & (boxes[:, 2] > x) & (boxes[:, 1] < y) & (boxes[:, 3] > y)))


def _blurred(canvas: Image, rng: np.random.Generator) -> Image:
    drawn = rng.random()
    if drawn < 0.22:
        return np.asarray(cv2.GaussianBlur(canvas, (0, 0), float(rng.uniform(0.3, 1.6))), np.uint8)
    if drawn < 0.34:
        return _moved(canvas, rng)
    if drawn < 0.46:
        return _coarse(canvas, rng)
    return canvas


def _moved(canvas: Image, rng: np.random.Generator) -> Image:
    """Motion in a straight line."""
    length, angle = int(rng.integers(3, 9)), rng.normal(0, 0.5)
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * middle
    ends = [tuple(int(v) for v in np.rint([middle, middle] + sign * reach)) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(canvas, -1, kernel / kernel.sum()), np.uint8)


def _coarse(canvas: Image, rng: np.random.Generator) -> Image:
    """Enlarged from fewer pixels, as sub-streams of cameras are."""
    scale = rng.uniform(0.45, 0.9)
    small = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, canvas.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _noisy(canvas: Image, rng: np.random.Generator) -> Image:
    """Grain of the sensor; a small tile of it, repeated at a random shift, costs a tenth of fresh noise."""
    height, width = canvas.shape[:2]
    tile = rng.normal(0, np.exp(rng.uniform(0.7, 2.9)), (96, 96, 3 if rng.random() < 0.5 else 1)).astype(np.float32)
    grain = np.tile(tile, (height // 96 + 2, width // 96 + 2, 1))
    top, left = rng.integers(0, 96, 2)
    return np.clip(canvas + grain[top : top + height, left : left + width], 0, 255).astype(np.uint8)


def _compressed(canvas: Image, rng: np.random.Generator) -> Image:
    _, data = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 85))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
