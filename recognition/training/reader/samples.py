"""What the two networks learn from: canvases with corners or a box, and a text."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.cancela.cropping import CANVAS
from recognition.cancela.decoding import BLANK, SLOTS
from recognition.reads import ALPHABET
from recognition.training.reader import degrading, geometry
from recognition.training.reader.geometry import Corners, Edges, Generator

Grey = NDArray[np.uint8]
Box = tuple[float, float, float, float]
UNKNOWN = -100  # a slot that teaches nothing


@dataclass(slots=True)
class Sample:
    """One canvas (128, 192). `corners` and `box` are in parts of the canvas; what is not known is NaN.

    `slots` (10,) are columns of the alphabet, `BLANK` after the text, `UNKNOWN` where there is no text to learn.
    `presence` is 1 for a whole plate, 0 for none.
    """

    canvas: Grey
    corners: Corners
    box: NDArray[np.float32]
    slots: NDArray[np.int64]
    presence: float


def slots_of(text: str) -> NDArray[np.int64]:
    """The slots of a text of at most ten characters."""
    slots = np.full(SLOTS, BLANK, np.int64)
    slots[: len(text)] = [ALPHABET.index(character) for character in text]
    return slots


NO_TEXT = np.full(SLOTS, UNKNOWN, np.int64)
NO_CORNERS = np.full((4, 2), np.nan, np.float32)
NO_BOX = np.full(4, np.nan, np.float32)


def on_canvas(picture: Grey) -> Grey:
    """A crop of any size as a canvas."""
    shrinks = picture.shape[1] > CANVAS[1] or picture.shape[0] > CANVAS[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (CANVAS[1], CANVAS[0]), interpolation=method), np.uint8)


def within(points: Corners, edges: Edges) -> Corners:
    """Points of a picture in parts of the canvas that lies between the edges."""
    left, top, right, bottom = edges
    return np.asarray((points - [left, top]) / [right - left, bottom - top], np.float32)


def drawn(rng: Generator, plate: NDArray[np.uint8], text: str, ground: Grey) -> Sample:
    """A drawn plate (h, w, 3) seen by some camera before some ground (any size, grey)."""
    picture, shares = seen(rng, plate, ground)
    return Sample(on_canvas(picture), shares, NO_BOX, slots_of(text), 1.0)


def seen(rng: Generator, plate: NDArray[np.uint8], ground: Grey) -> tuple[Grey, Corners]:
    """The picture of a drawn plate as large as it appears there, and its corners in parts of that picture."""
    grey = degrading.grey_of(rng, plate)
    corners = geometry.seen_from_aside(rng, grey.shape[1] / grey.shape[0])
    width = float(np.exp(rng.uniform(np.log(38), np.log(280))))
    low = geometry.bounds(corners)
    corners = np.asarray((corners - low[:2]) * (width / low[2]), np.float32)
    edges = geometry.jittered_edges(rng, geometry.bounds(corners))
    size = max(12, round(edges[2] - edges[0])), max(8, round(edges[3] - edges[1]))
    picture = np.asarray(cv2.resize(ground, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    _lay(picture, grey, corners - np.array(edges[:2], np.float32))
    if rng.random() < 0.2:
        picture = degrading.shaded(rng, picture)
    return degrading.degraded(rng, picture), within(corners, edges)


def _lay(picture: Grey, plate: Grey, corners: Corners) -> None:
    """Warp the plate into the picture, shrunk by averaging first so that it does not alias."""
    wide = max(float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[2] - corners[3]))) * 1.15
    if wide < plate.shape[1]:
        size = (max(8, round(wide)), max(6, round(wide / plate.shape[1] * plate.shape[0])))
        plate = np.asarray(cv2.resize(plate, size, interpolation=cv2.INTER_AREA), np.uint8)
    rows, columns = plate.shape
    flat = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32) - 0.5
    turn = cv2.getPerspectiveTransform(flat, corners.astype(np.float32) - 0.5)
    size = (picture.shape[1], picture.shape[0])
    cv2.warpPerspective(plate, turn, size, dst=picture, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)


def photographed(rng: Generator, patch: NDArray[np.uint8], box: Box, text: str | None) -> Sample:
    """A real plate: `patch` (h, w, 3) with much around the plate's `box`; turned a little, and made worse."""
    picture, shares, aslant = retaken(rng, patch, box)
    known = NO_TEXT if text is None else slots_of(text)
    return Sample(on_canvas(picture), NO_CORNERS, NO_BOX if aslant else shares.reshape(4), known, 1.0)


def retaken(rng: Generator, patch: NDArray[np.uint8], box: Box) -> tuple[Grey, Corners, bool]:
    """The picture as large as it appears there, the box's two corners in parts of it, whether the box is a guess."""
    grey = degrading.grey_of(rng, patch)
    aslant = rng.random() < 0.12
    turn, box = _aslant(rng, box) if aslant else _turned(rng, box)
    edges = geometry.jittered_edges(rng, box)
    share = min(1.0, 300 / (edges[2] - edges[0])) * (rng.uniform(0.5, 1.0) if rng.random() < 0.35 else 1.0)
    share = max(share, min(1.0, 44 / box[2]))
    move = np.array([[share, 0, -edges[0] * share], [0, share, -edges[1] * share], [0, 0, 1]])
    size = max(12, round((edges[2] - edges[0]) * share)), max(8, round((edges[3] - edges[1]) * share))
    picture = np.asarray(_shrunk(grey, move @ turn, size), np.uint8)
    if rng.random() < 0.12:
        picture = degrading.shaded(rng, picture)
    corners = np.array([[box[0], box[1]], [box[0] + box[2], box[1] + box[3]]], np.float32)
    return degrading.degraded(rng, picture, 0.75), within(corners, edges), aslant


def _shrunk(grey: Grey, matrix: NDArray[np.float64], size: tuple[int, int]) -> Grey:
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if scale < 0.7:
        sigma = 0.4 / scale
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.uint8)
    warped = cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _turned(rng: Generator, box: Box) -> tuple[NDArray[np.float64], Box]:
    """A mild shear, turn and perspective of a patch, and the box of what the box becomes.

    The box of a turned box is larger than that of the plate: turns stay small, so that it is so by little.
    """
    x, y, width, height = box
    frame = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    moved = frame + rng.normal(0, 1, (4, 2)) * [width * 0.025, height * 0.05]
    if rng.random() < 0.6:
        lift = rng.normal(0, 0.22) * height
        moved += np.array([[0, -lift], [0, lift], [0, lift], [0, -lift]]) / 2
    turn = cv2.getPerspectiveTransform(frame, moved.astype(np.float32))
    return np.asarray(turn, np.float64), geometry.bounds(moved.astype(np.float32))


def _aslant(rng: Generator, box: Box) -> tuple[NDArray[np.float64], Box]:
    """A turn by up to a right angle's half; the box of the turned box is too large to teach where the plate lies."""
    x, y, width, height = box
    angle = float(np.clip(rng.normal(0, 20), -45, 45))
    turn = np.vstack([cv2.getRotationMatrix2D((x + width / 2, y + height / 2), angle, 1.0), [0, 0, 1]])
    frame = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    # Plates do not reach into the corners of their oblique boxes: the turned box is taken in by a little.
    inner = (frame - frame.mean(axis=0)) * 0.9 + frame.mean(axis=0)
    return turn, geometry.bounds(np.asarray(inner @ turn[:2, :2].T + turn[:2, 2], np.float32))


def without_plate(rng: Generator, ground: NDArray[np.uint8]) -> Sample:
    """A canvas that shows no plate."""
    picture = degrading.degraded(rng, degrading.grey_of(rng, ground))
    return Sample(on_canvas(picture), NO_CORNERS, NO_BOX, NO_TEXT, 0.0)
