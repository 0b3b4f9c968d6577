"""Plates in space: where the corners of one lie in a picture, and jitter of boxes and corners."""

import numpy as np
from numpy.typing import NDArray

from recognition.cancela.cropping import surroundings

Corners = NDArray[np.float32]
Edges = tuple[float, float, float, float]
Generator = np.random.Generator


# Degrees by which yaw, pitch and roll scatter.
VIEWS = {"gate": (8.0, 6.0, 2.5), "phone": (30.0, 16.0, 10.0), "aslant": (38.0, 20.0, 28.0)}


def seen_from_aside(rng: Generator, aspect: float) -> Corners:
    """Corners (4, 2) of a plate `aspect` wide and 1 high after yaw, pitch and roll, centred on nothing in particular.

    Half of the views are nearly frontal, as at a gate; most others are as oblique as a phone's or a high camera's, and
    some of a camera held aslant.
    """
    views = (VIEWS["gate"], VIEWS["phone"], VIEWS["aslant"])
    widths = views[int(rng.choice(3, p=(0.48, 0.38, 0.14)))]
    yaw, pitch, roll = np.radians(rng.normal((0.0, 7.0, 0.0), widths))
    yaw, pitch, roll = np.clip(yaw, -1.2, 1.2), np.clip(pitch, -0.9, 1.0), np.clip(roll, -1.1, 1.1)
    half = np.array([[-aspect, -1, 0], [aspect, -1, 0], [aspect, 1, 0], [-aspect, 1, 0]]) / 2
    points = half @ _about_x(pitch).T @ _about_y(yaw).T
    distance = aspect * rng.uniform(2.2, 10)
    flat = points[:, :2] * (distance / (distance + points[:, 2:]))
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    return np.asarray(flat @ turn.T, np.float32)


def _about_x(angle: float) -> NDArray[np.float64]:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def _about_y(angle: float) -> NDArray[np.float64]:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])


def bounds(corners: Corners) -> tuple[float, float, float, float]:
    """The box (x, y, width, height) around corners."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def jittered_edges(rng: Generator, box: tuple[float, float, float, float], amount: float = 1.0) -> Edges:
    """The edges of a canvas round a box as a finder might have given it: shifted, too large, seldom too tight.

    A third of the boxes are much too high or much too low: a frame, a dealer's strip, the bumper's edge.
    """
    x, y, width, height = box
    loose = rng.random() < 0.35
    left, right = rng.normal(0.03 if loose else 0.02, (0.1 if loose else 0.06) * amount, 2) * width
    top, bottom = rng.normal(0.11 if loose else 0.03, (0.17 if loose else 0.08) * amount, 2) * height
    x, width = x - left, max(4.0, width + left + right)
    y, height = y - top, max(3.0, height + top + bottom)
    return surroundings(x, y, width, height)
