"""One training example: a picture moved, turned and scaled on to a canvas, with its boxes."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.cancela.finder import PADDING
from recognition.reads import Image
from recognition.training.finder.pictures import Picture

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LEAST_WIDTH = 8.0  # pixels on the canvas: narrower plates are not asked for
LEAST_HEIGHT = 3.0
_SEEN = 0.8  # part of a plate that must lie on the canvas for it to count as one


@dataclass(frozen=True, slots=True)
class Scene:
    """A canvas with the edges (left, top, right, bottom; pixels) of its plates and of places not to be judged."""

    canvas: Image
    plates: Floats
    ignored: Floats

    def with_plate(self, box: Floats) -> "Scene":
        return replace(self, plates=np.concatenate([self.plates, box.reshape(1, 4)]).astype(np.float32))


def scene_of(picture: Picture, height: int, width: int, rng: np.random.Generator, ground: Picture | None) -> Scene:
    """The whole picture as the camera would give it, or a plate of it anywhere at any size; `ground` fills gaps."""
    if len(picture.plates) == 0 and picture.source == "background":
        move = _cut(picture, height, width, rng)
    elif len(picture.plates) == 0 or rng.random() < 0.3:
        move = _whole(picture, height, width, rng)
    else:
        move = _around_plate(picture, height, width, rng)
    canvas = _warped(picture, move, _blank(height, width, rng, ground))
    plates, partly = _moved(picture.plates, move, height, width)
    hidden, _ = _moved(picture.ignored, move, height, width, seen=0.05)
    return Scene(canvas, plates, np.concatenate([partly, hidden]))


def _whole(picture: Picture, height: int, width: int, rng: np.random.Generator) -> Doubles:
    """As at run time, give or take a fifth."""
    rows, columns = picture.levels[0].shape[:2]
    scale = min(height / rows, width / columns) * np.exp(rng.uniform(-0.2, 0.2))
    spare_x, spare_y = width - columns * scale, height - rows * scale
    centre = (columns * scale / 2 + spare_x * rng.random(), rows * scale / 2 + spare_y * rng.random())
    return _motion((columns / 2, rows / 2), centre, scale, rng, gentle=True)


def _cut(picture: Picture, height: int, width: int, rng: np.random.Generator) -> Doubles:
    """A part of a picture that fills the canvas."""
    rows, columns = picture.levels[0].shape[:2]
    scale = max(height / rows, width / columns) * np.exp(rng.uniform(0, 1))
    x = rng.uniform(width / 2 / scale, columns - width / 2 / scale + 1e-6)
    y = rng.uniform(height / 2 / scale, rows - height / 2 / scale + 1e-6)
    return _motion((x, y), (width / 2, height / 2), scale, rng, gentle=False)


def _around_plate(picture: Picture, height: int, width: int, rng: np.random.Generator) -> Doubles:
    """One plate of the picture at a chosen width and place."""
    box = picture.plates[rng.integers(len(picture.plates))]
    across, down = max(4.0, float(box[2] - box[0])), max(2.0, float(box[3] - box[1]))
    wanted = np.exp(rng.uniform(np.log(10), np.log(0.92 * width)) if rng.random() < 0.45 else rng.normal(4.2, 0.7))
    scale = float(np.clip(wanted / across, 0.1, min(4.0, 0.92 * width / across, 0.92 * height / down)))
    margin_x, margin_y = across * scale * 0.53, down * scale * 0.53
    place = (rng.uniform(margin_x, width - margin_x), rng.uniform(margin_y, height - margin_y))
    return _motion(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), place, scale, rng, gentle=False)


def _motion(
    middle: tuple[float, float], place: tuple[float, float], scale: float, rng: np.random.Generator, *, gentle: bool
) -> Doubles:
    """Turns, stretches, tilts and mirrors about `middle` (picture), which comes to `place` (canvas)."""
    angle = np.deg2rad(_degrees(rng, gentle=gentle))
    stretch = np.exp(rng.uniform(-0.12, 0.12))
    mirror = -1.0 if rng.random() < 0.35 else 1.0
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    shear = 0.0 if gentle else rng.normal(0, 0.06)
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.array([[stretch * mirror, shear], [0, 1 / stretch]])
    tilt = np.eye(3)
    tilt[2, :2] = 0.0 if gentle else rng.normal(0, 0.25, 2) / 416
    move = np.eye(3)
    move[:2, :2] = linear
    to_middle = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 1]])
    to_place = np.array([[1, 0, place[0]], [0, 1, place[1]], [0, 0, 1]])
    result: Doubles = to_place @ tilt @ move @ to_middle
    return result


def _degrees(rng: np.random.Generator, *, gentle: bool) -> float:
    """Mostly a camera nearly level; now and then a telephone held askew beside the car."""
    if not gentle and rng.random() < 0.1:
        return float(rng.uniform(-80, 80))
    return float(np.clip(rng.normal(0, 2 if gentle else 6), -16, 16))


def _warped(picture: Picture, move: Doubles, canvas: Image) -> Image:
    """Warps the smallest level that is still larger than what is wanted, so that nothing aliases."""
    scale = float(np.sqrt(abs(np.linalg.det(move[:2, :2]))))
    level = int(np.clip(np.floor(np.log2(1 / scale)), 0, len(picture.levels) - 1))
    source = picture.levels[level]
    ratio = picture.levels[0].shape[1] / source.shape[1], picture.levels[0].shape[0] / source.shape[0]
    enlarge = np.array([[ratio[0], 0, ratio[0] / 2 - 0.5], [0, ratio[1], ratio[1] / 2 - 0.5], [0, 0, 1]])
    height, width = canvas.shape[:2]
    cv2.warpPerspective(
        source, move @ enlarge, (width, height), dst=canvas, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
    )
    return canvas


def _blank(height: int, width: int, rng: np.random.Generator, ground: Picture | None) -> Image:
    """What lies outside the picture: the runtime's padding, a colour, or another picture."""
    drawn = rng.random()
    if ground is not None and drawn < 0.35:
        empty = np.zeros((height, width, 3), np.uint8)
        return _warped(ground, _cut(ground, height, width, rng), empty)
    colour = (PADDING,) * 3 if drawn < 0.75 else tuple(int(v) for v in rng.integers(0, 256, 3))
    return np.full((height, width, 3), colour, np.uint8)


def _moved(boxes: Floats, move: Doubles, height: int, width: int, seen: float = _SEEN) -> tuple[Floats, Floats]:
    """Boxes after the motion: those that lie on the canvas and are large enough, and the rest that touches it."""
    if len(boxes) == 0:
        return boxes, boxes
    x, y = boxes[:, [0, 2, 2, 0]], boxes[:, [1, 1, 3, 3]]
    corners = np.stack([x, y], -1).reshape(-1, 1, 2).astype(np.float64)
    turned = cv2.perspectiveTransform(corners, move).reshape(-1, 4, 2)
    whole = np.concatenate([turned.min(1), turned.max(1)], 1).astype(np.float32)
    cut = np.clip(whole, 0, [width, height, width, height]).astype(np.float32)
    sides, full = cut[:, 2:] - cut[:, :2], whole[:, 2:] - whole[:, :2]
    part = sides.prod(1) / np.maximum(full.prod(1), 1e-6)
    good = (part >= seen) & (sides[:, 0] >= LEAST_WIDTH) & (sides[:, 1] >= LEAST_HEIGHT)
    rest = ~good & (sides.min(1) > 0) & (part > 0.02)
    return cut[good], cut[rest]
