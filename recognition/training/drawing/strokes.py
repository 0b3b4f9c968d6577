"""Letters as strokes of our own: a path language, and its rendering with straight ends and mitred corners.

A shape is the middle lines of its strokes on a grid of 10 by 10, y downwards. `x,y` is a point, `x,y,r` a corner
rounded with the radius r (in tenths of the letter's height); a space joins points, `;` lifts the pen, `z` closes.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Points = NDArray[np.float64]

ZOOM = 3
MITRE_LIMIT = 2.2
ARC_STEPS = 7


def render(path: str, width: int, height: int, stroke: float) -> Mask:
    """Coverage 0..255 of a letter, shape (height, width); `stroke` is its thickness in pixels."""
    canvas = np.zeros((height * ZOOM, width * ZOOM), np.uint8)
    half = stroke * ZOOM / 2
    # A bar may be as wide as its stroke: the grid then has no width, but must not be nothing.
    scale = np.maximum(np.array([width, height]) * ZOOM - 2 * half, 0.1) / 10
    for points, radii, closed in parse(path):
        line = _rounded(_reaching(points, closed, half / scale) * scale + half, radii * scale[1], closed)
        _draw(canvas, line, half, closed)
    return np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache(maxsize=1024)
def parse(path: str) -> tuple[tuple[Points, Points, bool], ...]:
    """The strokes of a path: points (n, 2), corner radii (n,), whether closed."""
    strokes = []
    for part in filter(str.strip, path.split(";")):
        words = part.split()
        closed = words[-1] == "z"
        rows = [[float(value) for value in word.split(",")] for word in words if word != "z"]
        points = np.array([row[:2] for row in rows])
        radii = np.array([row[2] if len(row) > 2 else 0.0 for row in rows])
        strokes.append((points, radii, closed))
    return tuple(strokes)


def _reaching(points: Points, closed: bool, half: Points) -> Points:
    """Lengthen ends at the border of the grid: straight up to it sideways, beyond it (there it is cut) up and down.

    `half` is half a thickness in units of the grid. So a slanting leg stands flat on its line.
    """
    if closed:
        return points
    reached = points.copy()
    for end, before in ((0, 1), (-1, -2)):
        x, y = points[end] - points[before]
        if abs(y) > 0.5 * abs(x) and (points[end][1] < 0.6 or points[end][1] > 9.4):
            reached[end] += np.array([x, y]) / abs(y) * half[1] * 2
        elif abs(y) < 0.1 and (points[end][0] < 0.8 or points[end][0] > 9.2):
            reached[end][0] += np.sign(x) * half[0]
    return reached


def _rounded(points: Points, radii: Points, closed: bool) -> Points:
    """The polyline with its corners cut by arcs (quadratic curves, near enough for letters)."""
    count = len(points)
    line: list[Points] = []
    for index, point in enumerate(points):
        if radii[index] <= 0 or (not closed and index in (0, count - 1)):
            line.append(point)
            continue
        line += _arc(points[index - 1], point, points[(index + 1) % count], float(radii[index]))
    return np.array(line)


def _arc(before: Points, corner: Points, after: Points, radius: float) -> list[Points]:
    towards, onwards = before - corner, after - corner
    lengths = np.hypot(*towards), np.hypot(*onwards)
    begin = corner + towards / lengths[0] * min(radius, lengths[0] * 0.5)
    end = corner + onwards / lengths[1] * min(radius, lengths[1] * 0.5)
    # The weight makes the rational curve a circle for right angles.
    weight = 0.7071
    steps = np.linspace(0, 1, ARC_STEPS)[:, None]
    parts = (1 - steps) ** 2, 2 * weight * steps * (1 - steps), steps**2
    curve = (parts[0] * begin + parts[1] * corner + parts[2] * end) / (parts[0] + parts[1] + parts[2])
    return list(curve)


def _draw(canvas: Mask, line: Points, half: float, closed: bool) -> None:
    count = len(line)
    pieces = count if closed else count - 1
    steps = np.diff(np.vstack([line, line[:1]]), axis=0)[:pieces]
    keep = np.hypot(steps[:, 0], steps[:, 1]) > 1e-6
    starts, steps = line[:pieces][keep], steps[keep]
    normals = np.stack([-steps[:, 1], steps[:, 0]], 1) / np.hypot(steps[:, 0], steps[:, 1])[:, None] * half
    for start, step, normal in zip(starts, steps, normals, strict=True):
        _fill(canvas, [start + normal, start + step + normal, start + step - normal, start - normal])
    for index in range(0 if closed else 1, len(starts)):
        _joint(canvas, starts[index], normals[index - 1], normals[index], half)


def _joint(canvas: Mask, point: Points, before: Points, after: Points, half: float) -> None:
    """Fill the outer wedge between two pieces up to their mitre, or a cut one where the angle is too sharp."""
    total = before + after
    length = float(np.dot(total, total)) / (2 * half * half)
    mitre = total / max(length, 0.05)
    reach = float(np.hypot(*mitre)) / half
    if reach > MITRE_LIMIT:
        mitre = mitre * (MITRE_LIMIT / reach) * 0.55
    for sign in (1, -1):
        _fill(canvas, [point, point + sign * before, point + sign * mitre, point + sign * after])


def _fill(canvas: Mask, corners: list[Points]) -> None:
    # fillPoly and not fillConvexPoly: the wedge of a cut mitre may be concave.
    fixed = np.rint(np.array(corners) * 16).astype(np.int32)
    cv2.fillPoly(canvas, [fixed], 255, cv2.LINE_8, 4)
