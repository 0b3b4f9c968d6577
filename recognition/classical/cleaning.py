"""Making ink of a region: scale, contrast, thresholds, and the straightening that a found line allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.classical.segmentation import Line
from recognition.reads import Image

REGION_WIDTH = 360
LINE_HEIGHT = 36
MARGIN = 12
_LEAST_CONTRAST = 20  # grey levels; less is noise, not writing
_GLYPH_SHAPE = 0.6  # width to height of a character seen from the front
_SLANTS = np.arange(-0.7, 0.71, 0.05)

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Straight:
    """A line of characters made upright: pictures black on white, all of one size, by name.

    `centres` are the characters' centres across, `corners` the line's corners in the region (clockwise from the top
    left), `gap` the third gap between characters against the usual one: the old Brazilian plate has a dot there.
    `light` says that the writing is lighter than its ground.
    """

    pictures: dict[str, Image]
    centres: tuple[float, ...]
    corners: Points
    gap: float | None
    light: bool


def scale_region(grey: Image, width: int = REGION_WIDTH) -> Image:
    """The region at the working width; cubic up, area down."""
    factor = width / grey.shape[1]
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    size = (width, max(8, round(grey.shape[0] * factor)))
    return cv2.resize(grey, size, interpolation=way).astype(np.uint8, copy=False)


def inks(grey: Image) -> Iterator[tuple[str, Image]]:
    """Binary pictures of a region, ink 255, by several thresholds: dark on light and, named "light…", light on dark.

    The order is that of what each adds to the ones before, counted by lines of seven characters on labelled plates.
    """
    smooth = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.uint8, copy=False)
    clear = _stretched(smooth)
    yield "dark-wide", _adaptive(clear, cv2.ADAPTIVE_THRESH_MEAN_C, 51, 15)
    yield "dark-hat", _hat(clear, cv2.MORPH_BLACKHAT)
    yield "light-wide", _adaptive(255 - clear, cv2.ADAPTIVE_THRESH_MEAN_C, 51, 15)
    yield "dark-soft", _adaptive(clear, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, 31, 9)
    yield "light-hat", _hat(clear, cv2.MORPH_TOPHAT)
    yield "dark-hard", _adaptive(clear, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, 31, 20)
    yield "dark-fine", _adaptive(smooth, cv2.ADAPTIVE_THRESH_MEAN_C, 15, 5)


def _stretched(grey: Image) -> Image:
    low, high = np.percentile(grey, (2, 98))
    levels = (grey.astype(np.float32) - low) / max(high - low, _LEAST_CONTRAST) * 255
    return np.asarray(np.clip(levels, 0, 255), np.uint8)


def _adaptive(grey: Image, way: int, block: int, offset: int) -> Image:
    ink = cv2.adaptiveThreshold(grey, 255, way, cv2.THRESH_BINARY_INV, block, offset)
    return ink.astype(np.uint8, copy=False)


def _hat(grey: Image, way: int) -> Image:
    """What stands out from its surroundings within a stroke's reach: characters come off frames and shadows."""
    standing = cv2.morphologyEx(grey, way, np.ones((17, 17), np.uint8))
    return cv2.threshold(standing, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1].astype(np.uint8, copy=False)


def straighten(grey: Image, line: Line, *, light: bool = False, upright: bool = True) -> Straight:
    """The line upright, as its ink alone, a little thicker, and in grey; raises `ValueError` for a hopeless shape.

    Tilt and perspective come from straight lines through the characters' tops and bottoms; the slant that is left
    is the one at which the columns of ink are sharpest. Lines seen from the side are widened again. With `upright`
    false the line is cut out as it lies.
    """
    corners = _corners(line)
    ink = np.where(np.isin(line.labels, [blob.label for blob in line.blobs]), 0, 255).astype(np.uint8)
    matrix, size = _upright(corners, line) if upright else _as_it_lies(corners)
    if upright:
        matrix = _unslanted(_warp(ink, matrix, size), size) @ matrix
    picture = _warp(ink, matrix, size)
    soft = _warp(_soft(255 - grey if light else grey, ink, corners), matrix, size)
    thick = cv2.GaussianBlur(cv2.erode(picture, np.ones((3, 3), np.uint8)), (3, 3), 0)
    pictures = {"thick": thick.astype(np.uint8, copy=False), "soft": soft}
    return Straight(pictures, _centres(line, matrix), corners, third_gap(line), light)


def _corners(line: Line) -> Points:
    first, last = line.blobs[0], line.blobs[-1]
    across = np.array([blob.centre[0] for blob in line.blobs])
    top = _straight_line(across, np.array([float(blob.y) for blob in line.blobs]))
    bottom = _straight_line(across, np.array([float(blob.y + blob.h) for blob in line.blobs]))
    left, right = float(first.x), float(last.x + last.w)
    corners = [(left, top(left)), (right, top(right)), (right, bottom(right)), (left, bottom(left))]
    return np.array(corners, np.float32)


def _straight_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> np.poly1d:
    """A least-squares line, fitted again without what lies far off it (a Q's tail, a touching bolt)."""
    line = np.poly1d(np.polyfit(x, y, 1))
    off = np.abs(y - line(x))
    near = off <= 2.5 * np.median(off) + 0.5
    return np.poly1d(np.polyfit(x[near], y[near], 1)) if near.sum() >= 3 else line


def _upright(corners: Points, line: Line) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The homography that lays the line's corners on a rectangle, and that picture's size."""
    a, b, c, d = corners
    height = (np.linalg.norm(a - d) + np.linalg.norm(b - c)) / 2
    length = float(np.linalg.norm((b + c) / 2 - (a + d) / 2))
    if height < 4 or length < 2 * height or d[1] - a[1] < 4 or c[1] - b[1] < 4:
        raise ValueError("The line has no height.")
    shapes = [blob.w / blob.h for blob in line.blobs if blob.w > 0.35 * blob.h]
    wider = float(np.clip(_GLYPH_SHAPE / np.median(shapes), 0.8, 2.2)) if shapes else 1.0
    width = round(length / height * LINE_HEIGHT * wider)
    left, top, right, bottom = MARGIN, MARGIN, MARGIN + width, MARGIN + LINE_HEIGHT
    target = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, target), np.float64)
    return matrix, (width + 2 * MARGIN, LINE_HEIGHT + 2 * MARGIN)


def _as_it_lies(corners: Points) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The scale and shift that bring the rectangle around the corners to the working height, and its size then."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    factor = LINE_HEIGHT / max(1.0, float(bottom - top))
    matrix = np.array([[factor, 0, MARGIN - factor * left], [0, factor, MARGIN - factor * top], [0, 0, 1]], np.float64)
    return matrix, (round(factor * float(right - left)) + 2 * MARGIN, LINE_HEIGHT + 2 * MARGIN)


def _unslanted(picture: Image, size: tuple[int, int]) -> NDArray[np.float64]:
    """The shear after which the ink stands in the sharpest columns."""
    rows, columns = np.nonzero(picture < 128)
    middle = size[1] / 2
    best = max(_SLANTS, key=lambda slant: _sharpness(columns + slant * (rows - middle) + size[1])) if len(rows) else 0
    return np.array([[1, best, -best * middle], [0, 1, 0], [0, 0, 1]], np.float64)


def _sharpness(columns: NDArray[np.float64]) -> float:
    counts = np.bincount(columns.astype(np.int64)).astype(np.float64)
    return float((counts**2).sum())


def _warp(picture: Image, matrix: NDArray[np.float64], size: tuple[int, int]) -> Image:
    return cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255.0,)).astype(
        np.uint8, copy=False
    )


def _soft(grey: Image, ink: Image, corners: Points) -> Image:
    """The grey picture with its contrast stretched, and white wherever no character is near."""
    top, bottom = max(0, int(corners[:, 1].min())), int(corners[:, 1].max()) + 1
    low, high = np.percentile(grey[top:bottom], (3, 85))
    stretched = np.clip((grey.astype(np.float32) - low) / max(high - low, 1.0) * 255, 0, 255)
    near = cv2.dilate(255 - ink, np.ones((7, 7), np.uint8)) > 0
    return np.where(near, stretched, 255).astype(np.uint8)


def _centres(line: Line, matrix: NDArray[np.float64]) -> tuple[float, ...]:
    points = np.array([[blob.centre for blob in line.blobs]], np.float32)
    return tuple(float(x) for x in cv2.perspectiveTransform(points, matrix)[0, :, 0])


def third_gap(line: Line) -> float | None:
    """The distance from the third character to the fourth over the usual one; None where there are not seven."""
    if len(line.blobs) != 7:
        return None
    blobs = line.blobs
    gaps = [second.x - (first.x + first.w) for first, second in pairwise(blobs)]
    usual = max(float(np.median(gaps[:2] + gaps[3:])), 0.04 * line.height)
    return gaps[2] / usual
