"""What stands between or before the letters and is none: coats of arms, stickers of inspections, small pictures."""

import cv2
import numpy as np

from recognition.training.drawing.chance import banked
from recognition.training.drawing.strokes import Mask

SIDE = 64


def _shield(rng: np.random.Generator) -> Mask:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    left, right = int(rng.integers(8, 16)), int(rng.integers(48, 56))
    outline = np.array([[left, 4], [right, 4], [right, 34], [32, 60], [left, 34]])
    cv2.fillPoly(mask, [outline], int(rng.integers(70, 200)), cv2.LINE_AA)
    cv2.polylines(mask, [outline], True, 255, int(rng.integers(2, 6)), cv2.LINE_AA)
    cv2.line(mask, (32, 12), (32, 48), 255, int(rng.integers(2, 7)))
    cv2.line(mask, (20, int(rng.integers(18, 30))), (44, int(rng.integers(18, 30))), 255, int(rng.integers(2, 7)))
    return mask


def _stickers(rng: np.random.Generator) -> Mask:
    """Two discs, one above the other."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for y in (16, 48):
        radius = int(rng.integers(9, 15))
        cv2.circle(mask, (32, y), radius, int(rng.integers(60, 255)), -1, cv2.LINE_AA)
        cv2.circle(mask, (32, y), int(rng.integers(3, radius)), int(rng.integers(0, 255)), int(rng.integers(1, 4)))
    return mask


def _picture(rng: np.random.Generator) -> Mask:
    """A patch of many small shapes, as a state's outline, a flag or a flower is from afar."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for _ in range(int(rng.integers(3, 10))):
        centre = int(rng.integers(14, 50)), int(rng.integers(10, 54))
        size = int(rng.integers(2, 16)), int(rng.integers(2, 20))
        cv2.ellipse(mask, centre, size, float(rng.uniform(0, 180)), 0, 360, int(rng.integers(30, 255)), -1, cv2.LINE_AA)
    return mask


def _star(rng: np.random.Generator) -> Mask:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    points = int(rng.integers(4, 7))
    angles = np.arange(2 * points) * np.pi / points - np.pi / 2
    radii = np.where(np.arange(2 * points) % 2, rng.uniform(8, 14), rng.uniform(20, 30))
    outline = np.stack([32 + radii * np.cos(angles), 32 + radii * np.sin(angles)], axis=1)
    cv2.fillPoly(mask, [outline.astype(np.int32)], int(rng.integers(120, 255)), cv2.LINE_AA)
    return mask


def _letters(rng: np.random.Generator) -> Mask:
    """Two small letters, one above the other: a kind of plate, not a part of its text."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    size, stroke = float(rng.uniform(0.7, 1.1)), int(rng.integers(2, 5))
    for y in (28, 60):
        letter = chr(ord("A") + int(rng.integers(26)))
        cv2.putText(mask, letter, (20, y), cv2.FONT_HERSHEY_SIMPLEX, size, 255, stroke, cv2.LINE_AA)
    return mask


def _any(rng: np.random.Generator) -> Mask:
    kinds = (_shield, _shield, _stickers, _picture, _picture, _star, _letters)
    return kinds[int(rng.integers(len(kinds)))](rng)


any_emblem = banked(_any, 300)
"""An emblem as coverage 0..255, shape (64, 64)."""
