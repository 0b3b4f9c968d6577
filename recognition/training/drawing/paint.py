"""Painting on grounds: plain and gradient grounds, masks in a colour, frames, small symbols."""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.drawing.plate import Colour, Picture

DARK: Colour = (30, 28, 28)
WHITE: Colour = (232, 232, 230)
YELLOW: Colour = (20, 190, 235)


def plain(height: int, width: int, colour: Colour) -> Picture:
    # Row by row: numpy lays a triple on every pixel thirty times slower.
    row = np.tile(np.array(colour, np.uint8), width).reshape(1, width, 3)
    return np.repeat(row, height, axis=0)


def vary(colour: Colour, rng: np.random.Generator, amount: float = 12) -> Colour:
    """A neighbour of the colour: all channels together, and each a little by its own."""
    whole = rng.normal(0, amount)
    own = rng.normal(0, amount / 3, 3)
    blue, green, red = (min(255, max(0, int(base + whole + part))) for base, part in zip(colour, own, strict=True))
    return blue, green, red


def paint(ground: Picture, mask: NDArray[np.uint8], colour: Colour) -> Picture:
    """`ground` with `colour` laid on where the mask covers it; a new array."""
    cover = cv2.merge((mask, mask, mask))
    ink = plain(mask.shape[0], mask.shape[1], colour)
    kept, laid = cv2.multiply(ground, 255 - cover, scale=1 / 255), cv2.multiply(ink, cover, scale=1 / 255)
    return np.asarray(cv2.add(kept, laid), np.uint8)


def frame(ground: Picture, colour: Colour, inset: float, thickness: int, radius: float) -> None:
    """A line around the plate, its corners rounded; in place."""
    height, width = ground.shape[:2]
    left, top, right, bottom = round(inset), round(inset), round(width - 1 - inset), round(height - 1 - inset)
    r = max(1, round(radius))
    for begin, end in (
        ((left + r, top), (right - r, top)),
        ((left + r, bottom), (right - r, bottom)),
        ((left, top + r), (left, bottom - r)),
        ((right, top + r), (right, bottom - r)),
    ):
        cv2.line(ground, begin, end, colour, thickness, cv2.LINE_AA)
    corners = ((left + r, top + r), (right - r, top + r), (right - r, bottom - r), (left + r, bottom - r))
    for centre, angle in zip(corners, (180, 270, 0, 90), strict=True):
        cv2.ellipse(ground, centre, (r, r), angle, 0, 90, colour, thickness, cv2.LINE_AA)


def round_corners(image: Picture, colour: Colour, radius: float) -> None:
    """Paint what lies outside of the rounded corners, as the car shows there; in place."""
    height, width = image.shape[:2]
    r = max(1, round(radius))
    patch = np.zeros((r, r), np.uint8)
    cv2.circle(patch, (r, r), r, 255, -1, cv2.LINE_AA)
    outside = patch < 128
    for part, cut in (
        (image[:r, :r], outside),
        (image[:r, width - r :], outside[:, ::-1]),
        (image[height - r :, :r], outside[::-1]),
        (image[height - r :, width - r :], outside[::-1, ::-1]),
    ):
        part[cut] = colour


def bolt(ground: Picture, x: float, y: float, radius: float, rng: np.random.Generator) -> None:
    """A screw's head or an empty hole; in place."""
    tone = int(rng.choice((30, 60, 110, 150, 190)))
    centre = round(x), round(y)
    cv2.circle(ground, centre, max(1, round(radius)), (tone, tone, min(255, tone + 8)), -1, cv2.LINE_AA)
    if radius > 1.6 and rng.random() < 0.5:
        cv2.circle(ground, (centre[0] - 1, centre[1] - 1), 1, (230, 230, 230), -1)


def finish(image: Picture, rng: np.random.Generator) -> None:
    """Cut the corners round, the car's colour behind them; in place."""
    tone = int(rng.integers(10, 200))
    round_corners(image, (tone, tone, tone), image.shape[0] * rng.uniform(0.03, 0.1))
