"""Drawn plates, and things that only look like plates, put into a scene in perspective."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.reads import Image
from recognition.training.drawing import draw_negative, draw_plate
from recognition.training.finder.scenes import Scene

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stock:
    """Drawings for one batch: to draw costs more than to paste, so that each is used about twice."""

    plates: list[Image]
    others: list[Image]

    @classmethod
    def drawn(cls, rng: np.random.Generator, count: int = 6) -> "Stock":
        return cls([draw_plate(rng).image for _ in range(count)], [draw_negative(rng) for _ in range(count)])


def paste(scene: Scene, stock: Stock, rng: np.random.Generator) -> Scene:
    """Replaces a real plate by a drawn one now and then, and adds plates and other things at free places."""
    if len(scene.plates) and rng.random() < 0.3:
        scene = _replace(scene, _one(stock.plates, rng), rng)
    elif rng.random() < (0.75 if len(scene.plates) == 0 else 0.3):
        scene = _add(scene, _one(stock.plates, rng), rng, is_plate=True)
    for _ in range(rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1])):
        scene = _add(scene, _one(stock.others, rng), rng, is_plate=False)
    if rng.random() < 0.12:
        _caption(scene, rng)
    return scene


def _one(drawings: list[Image], rng: np.random.Generator) -> Image:
    return drawings[rng.integers(len(drawings))]


def _replace(scene: Scene, drawn: Image, rng: np.random.Generator) -> Scene:
    """A drawn plate, about as wide, over one of the scene's plates, which is wiped out first."""
    index = int(rng.integers(len(scene.plates)))
    box = scene.plates[index]
    across, down = float(box[2] - box[0]), float(box[3] - box[1])
    ratio = drawn.shape[0] / drawn.shape[1]
    width = max(across * rng.uniform(0.8, 1.05), min(down / ratio, across) * rng.uniform(0.9, 1.2))
    quadrilateral = _quadrilateral(width, width * ratio, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), rng)
    _wipe(scene.canvas, box)
    others = np.delete(scene.plates, index, axis=0)
    edges = _edges_of(quadrilateral, scene.canvas)
    if _touches(edges, others):
        return Scene(scene.canvas, others, np.concatenate([scene.ignored, box[None]]))
    _blend(scene.canvas, drawn, quadrilateral, rng)
    return Scene(scene.canvas, others, scene.ignored).with_plate(edges)


def _add(scene: Scene, drawn: Image, rng: np.random.Generator, *, is_plate: bool) -> Scene:
    """A drawn thing at a free place, or the scene as it is when three places were taken."""
    height, width = scene.canvas.shape[:2]
    ratio = drawn.shape[0] / drawn.shape[1]
    limit = min(0.9 * width, 0.85 * height / ratio)
    for _ in range(3):
        across = float(np.clip(np.exp(rng.normal(4.0, 0.75)), 11, limit))
        down = across * ratio
        place = rng.uniform(across * 0.53, width - across * 0.53), rng.uniform(down * 0.55, height - down * 0.55)
        quadrilateral = _quadrilateral(across, down, place, rng)
        edges = _edges_of(quadrilateral, scene.canvas)
        if not _touches(edges, np.concatenate([scene.plates, scene.ignored])):
            _blend(scene.canvas, drawn, quadrilateral, rng)
            return scene.with_plate(edges) if is_plate else scene
    return scene


def _quadrilateral(width: float, height: float, middle: tuple[float, float], rng: np.random.Generator) -> Floats:
    """Corners of a plate seen from a little aside: clockwise from the top left."""
    flat = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [width, height]
    yaw, pitch, roll = rng.normal(0, 0.35), rng.normal(0, 0.2), rng.normal(0, 0.6 if rng.random() < 0.08 else 0.07)
    x, y = flat[:, 0] * np.cos(yaw), flat[:, 1] * np.cos(pitch) + flat[:, 0] * np.sin(yaw) * np.sin(pitch)
    far = 1 + (flat[:, 0] * np.sin(yaw) + flat[:, 1] * np.sin(pitch)) / (width * rng.uniform(3, 9))
    points = np.stack([x / far, y / far], 1)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    return (points @ turn.T + middle).astype(np.float32)


def _blend(canvas: Image, drawn: Image, quadrilateral: Floats, rng: np.random.Generator) -> None:
    """Warps `drawn` on to the corners with the brightness of the place, soft edges and sometimes a dark frame."""
    across = float(np.linalg.norm(quadrilateral[1] - quadrilateral[0]))
    drawn = _shrunk(drawn, across)
    if rng.random() < 0.3:
        quadrilateral_frame = _grown(quadrilateral, rng.uniform(1.04, 1.2))
        colour = tuple(int(v) for v in rng.integers(0, 90, 3))
        cv2.fillConvexPoly(canvas, np.rint(quadrilateral_frame).astype(np.int32), colour, cv2.LINE_AA)
    rows, columns = drawn.shape[:2]
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32) - 0.5
    move = cv2.getPerspectiveTransform(corners, quadrilateral)
    size = canvas.shape[1], canvas.shape[0]
    left, top, right, bottom = _edges_of(quadrilateral, canvas).astype(int)
    part = slice(max(0, top - 2), bottom + 3), slice(max(0, left - 2), right + 3)
    alpha = cv2.warpPerspective(np.full((rows, columns), 255, np.uint8), move, size, flags=cv2.INTER_LINEAR)[part]
    light = _lit(drawn, canvas[part], rng)
    warped = cv2.warpPerspective(light, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[part]
    share = alpha[..., None].astype(np.float32) / 255
    canvas[part] = (canvas[part] * (1 - share) + warped * share).astype(np.uint8)


def _lit(drawn: Image, place: Image, rng: np.random.Generator) -> Image:
    """Drawn things are lit like the place where they go, more or less: a dark street has no bright plates."""
    around = float(place.mean()) if place.size else 128.0
    gain = np.exp(0.6 * np.log((around + 60) / 190) + rng.normal(0, 0.25))
    return np.clip(drawn * gain + rng.normal(0, 8), 0, 255).astype(np.uint8)


def _shrunk(drawn: Image, across: float) -> Image:
    scale = min(1.0, 1.3 * across / drawn.shape[1])
    size = max(8, round(drawn.shape[1] * scale)), max(4, round(drawn.shape[0] * scale))
    return np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8)


def _wipe(canvas: Image, box: Floats) -> None:
    """Fills a box with what lies above and below it, one fading into the other."""
    left, top, right, bottom = (int(v) for v in np.rint(box))
    down = bottom - top
    over, under = max(0, top - 2), min(canvas.shape[0] - 1, bottom + 1)
    share = np.linspace(0, 1, max(1, down), dtype=np.float32)[:, None, None]
    columns = slice(max(0, left - 1), right + 1)
    upper, lower = (cv2.blur(canvas[row : row + 1, columns], (9, 1)).astype(np.float32) for row in (over, under))
    filled = upper * (1 - share) + lower * share
    canvas[top : top + len(filled), columns] = filled[: canvas.shape[0] - top].astype(np.uint8)


def _caption(scene: Scene, rng: np.random.Generator) -> None:
    """Date and name as cameras write them at an edge of the frame, where no plate is."""
    height, width = scene.canvas.shape[:2]
    text = rng.choice(
        ["%02d/%02d/2024 %02d:%02d:%02d", "CAM %02d  %02d-%02d %02d:%02d", "2024-%02d-%02d %02d:%02d:%02d"]
    )
    text = str(text) % tuple(int(v) for v in rng.integers(1, 60, 5))
    size = rng.uniform(0.25, 0.6)
    x, y = int(rng.uniform(0, width * 0.5)), int(rng.choice([14, height - 6]))
    if _touches(np.array([0, y - 16, width, y + 6], np.float32), scene.plates):
        return
    for colour, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(scene.canvas, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, thick, cv2.LINE_AA)


def _grown(quadrilateral: Floats, by: float) -> Floats:
    middle = quadrilateral.mean(0)
    return ((quadrilateral - middle) * by + middle).astype(np.float32)


def _edges_of(quadrilateral: Floats, canvas: Image) -> Floats:
    height, width = canvas.shape[:2]
    edges = np.concatenate([quadrilateral.min(0), quadrilateral.max(0)])
    return np.clip(edges, 0, [width, height, width, height]).astype(np.float32)


def _touches(edges: Floats, others: Floats) -> bool:
    low, high = np.maximum(edges[:2], others[:, :2]), np.minimum(edges[2:], others[:, 2:])
    return bool(np.any(np.all(high - low > -3, axis=1)))
