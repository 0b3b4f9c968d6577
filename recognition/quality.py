"""How well a plate can be seen: its sharpness, its light, and its size in the picture."""

from collections.abc import Iterable

import cv2
import numpy as np

from recognition.reads import Box, Corners, Image, Look, Read, Rejected, Unread

CROP = 128, 48  # columns, rows of a rectified plate
_BLUR = 9  # pixels of the blur that is added, as published

# Below these the strokes of seven characters cannot be told apart, whoever looks.
SMALLEST = 36.0  # pixels of width: five for a character and its gap
BLURRED = 0.30
DARK_LEVEL, DARK_CONTRAST = 40.0, 7.0


def plate_of(grey: Image, box: Box) -> Image:
    """The box cut out and brought to the size of a rectified plate, for engines that do not rectify."""
    part = grey[max(0, box.y) : box.y + box.h, max(0, box.x) : box.x + box.w]
    if not part.size:
        return np.zeros(CROP[::-1], np.uint8)
    shrinks = part.shape[1] > CROP[0]
    resized = cv2.resize(part, CROP, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


def sharpness(crop: Image) -> float:
    """0..1: how much of a rectified plate's detail is lost when it is blurred once more.

    What is sharp loses much, what is blurred has little to lose (F. Crete, T. Dolmiere, P. Ladret, M. Nicolas: "The
    blur effect", SPIE 6492, 2007). Differences are compared with differences of the same picture, so that contrast
    cancels; and the crop has one size whatever the plate's in the picture, so that what is measured is sharpness
    relative to the plate's own strokes.
    """
    if not crop.size or int(crop.max()) == int(crop.min()):
        return 0.0
    picture = crop.astype(np.float32)
    return min(_lost(picture, axis) for axis in (0, 1))


def _lost(picture: np.ndarray, axis: int) -> float:
    """The part of the differences along one axis that a blur along it takes away."""
    window = (1, _BLUR) if axis == 0 else (_BLUR, 1)
    blurred = cv2.blur(picture, window)
    before, after = (np.abs(np.diff(each, axis=axis)) for each in (picture, blurred))
    total = float(before.sum())
    return float(np.maximum(0, before - after).sum()) / total if total > 0 else 0.0


def width_of(corners: Corners) -> float:
    """The mean length of a plate's upper and lower edge, in pixels of the picture."""
    upper, lower = corners[1] - corners[0], corners[2] - corners[3]
    return float(np.linalg.norm(upper) + np.linalg.norm(lower)) / 2


def is_dark(crop: Image) -> bool:
    """Whether so little light fell on the plate that its characters do not stand out."""
    return float(np.percentile(crop, 95)) < DARK_LEVEL or float(crop.std()) < DARK_CONTRAST


def complaint(crop: Image, size: float) -> Unread | None:
    """The first reason why a plate cannot be read as it stands there; None where there is none."""
    if size < SMALLEST:
        return Unread.TOO_SMALL
    if is_dark(crop):
        return Unread.TOO_DARK
    return Unread.TOO_BLURRED if sharpness(crop) < BLURRED else None


def look_at(grey: Image, reads: list[Read], boxes: Iterable[Box], otherwise: Unread) -> Look:
    """The look of an engine that reads boxes: those in which nothing was read, and what speaks against them.

    `otherwise` is the reason where a box is neither small, dark nor blurred.
    """
    left = [box for box in boxes if not any(_meet(box, read.box) for read in reads)]
    return Look(reads, [Rejected(box, complaint(plate_of(grey, box), box.w) or otherwise) for box in left])


def _meet(one: Box, other: Box) -> bool:
    return one.overlap(other) > 0 and (one.holds_centre_of(other) or other.holds_centre_of(one))
