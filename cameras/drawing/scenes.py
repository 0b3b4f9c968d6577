"""One picture of the gate's camera: road, perhaps a vehicle, the camera's own clock, sensor noise, JPEG."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cameras.drawing import backdrop, vehicles
from cameras.drawing.backdrop import Light
from cameras.drawing.plates import Picture
from cameras.drawing.vehicles import Body, Vehicle, View

# Pixels for a millimetre on the road at the picture's lower edge; the plate is then 224 pixels wide.
NEAREST = 0.56
# Where a vehicle appears and where it stops: its foot, in shares of the picture's height.
FAR, NEAR = 0.56, 0.985
JPEG_QUALITY = 88


@dataclass(frozen=True)
class Place:
    """What a camera looks at, always the same: its caption, its light, its size in pixels."""

    caption: str = "PORTARIA"
    light: Light = Light.DAY
    seed: int = 1
    width: int = 1280
    height: int = 960


def render(place: Place, vehicle: Vehicle | None, progress: float, clock: datetime) -> Picture:
    """One frame, BGR, shape (height, width, 3).

    `progress` is how near the vehicle is: 0 where it appears, 1 at the gate. Two frames of different
    `clock` differ, even of an empty road.
    """
    canvas = backdrop.draw(place.width, place.height, place.light, place.seed).copy()
    if vehicle is not None:
        _place(canvas, vehicle, min(1.0, max(0.0, progress)), place.light)
    _noise(canvas, clock.microsecond + clock.second)
    _caption(canvas, clock.strftime("%Y-%m-%d %H:%M:%S.") + f"{clock.microsecond // 1000:03d}", place.caption)
    return canvas


def encode(picture: Picture, quality: int = JPEG_QUALITY) -> bytes:
    """A picture as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"OpenCV could not encode a picture of the shape {picture.shape}")
    return data.tobytes()


def _place(canvas: Picture, vehicle: Vehicle, progress: float, light: Light) -> None:
    """Put the vehicle on the road: the farther, the smaller, and a little aside."""
    height, width = canvas.shape[:2]
    body = vehicles.draw(vehicle)
    foot = FAR + (NEAR - FAR) * progress
    scale = NEAREST * (width / 1280) * (foot - backdrop.HORIZON) / (1 - backdrop.HORIZON)
    picture = _turned(_scaled(body, scale / body.scale, light), vehicle)
    aside = (sum(vehicle.plate.encode()) % 7 - 3) * 0.012 * (foot - backdrop.HORIZON)
    x = round(width * (backdrop.VANISHING + aside) - picture.shape[1] / 2)
    y = round(foot * height - body.ground * scale / body.scale)
    _shadow(canvas, (x + picture.shape[1] // 2, round(foot * height)), picture.shape[1])
    _blend(canvas, picture, x, y)
    if light is Light.DUSK and vehicle.view is View.FRONT:
        _head_lamps(canvas, (x + picture.shape[1] // 2, round(foot * height)), scale, vehicle)


def _scaled(body: Body, factor: float, light: Light) -> NDArray[np.uint8]:
    size = (round(body.picture.shape[1] * factor), round(body.picture.shape[0] * factor))
    picture = np.asarray(cv2.resize(body.picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    gain = backdrop.SKIES[light][2]
    if light is Light.DAY:
        return picture
    x, y, wide, tall = (round(value * factor) for value in body.plate_box)
    plate = picture[y : y + tall, x : x + wide].copy()
    picture = _dimmed(picture, gain)
    # Plates throw light back: they stay brighter than the paint around them.
    blue, green, red = (value**0.4 for value in gain)
    picture[y : y + tall, x : x + wide] = _dimmed(plate, (blue, green, red))
    return picture


def _dimmed(picture: NDArray[np.uint8], gain: tuple[float, float, float]) -> NDArray[np.uint8]:
    """Colours of a BGRA picture times a gain; the coverage stays."""
    return np.asarray(cv2.transform(picture, np.diag([*gain, 1.0])), np.uint8)


def _turned(picture: NDArray[np.uint8], vehicle: Vehicle) -> NDArray[np.uint8]:
    """A mild perspective: nobody drives up exactly head-on."""
    height, width = picture.shape[:2]
    yaw = (sum(vehicle.plate.encode()) * 7 % 11 - 5) / 5 * 0.012 * height
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    target = np.array(
        [(0, max(0, yaw)), (width, max(0, -yaw)), (width, height - max(0, -yaw)), (0, height - max(0, yaw))],
        np.float32,
    )
    turn = cv2.getPerspectiveTransform(corners, target)
    return np.asarray(cv2.warpPerspective(picture, turn, (width, height), flags=cv2.INTER_LINEAR), np.uint8)


def _visible(canvas: Picture, shape: tuple[int, ...], x: int, y: int) -> tuple[slice, slice, slice, slice]:
    """Rows and columns of the canvas that a part at (x, y) covers, and the same of the part."""
    top, left = max(0, y), max(0, x)
    bottom, right = min(canvas.shape[0], y + shape[0]), min(canvas.shape[1], x + shape[1])
    return slice(top, bottom), slice(left, right), slice(top - y, bottom - y), slice(left - x, right - x)


def _blend(canvas: Picture, part: NDArray[np.uint8], x: int, y: int) -> None:
    """Lay a part over the canvas; its colours are multiplied by their coverage already."""
    rows, columns, from_rows, from_columns = _visible(canvas, part.shape, x, y)
    part = part[from_rows, from_columns]
    cover = cv2.cvtColor(cv2.bitwise_not(part[:, :, 3]), cv2.COLOR_GRAY2BGR)
    under = cv2.multiply(canvas[rows, columns], cover, scale=1 / 255)
    canvas[rows, columns] = cv2.add(under, np.ascontiguousarray(part[:, :, :3]))


@lru_cache(maxsize=2)
def _soft_disc(side: int) -> NDArray[np.float32]:
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    disc: NDArray[np.float32] = np.clip(1.15 - np.hypot(x, y), 0, 1).astype(np.float32)
    return disc


def _shadow(canvas: Picture, foot: tuple[int, int], width: int) -> None:
    """The dark patch under a vehicle."""
    size = (width, max(8, width // 7))
    disc = cv2.resize(_soft_disc(128), size)
    rows, columns, from_rows, from_columns = _visible(
        canvas, (size[1], size[0]), foot[0] - size[0] // 2, foot[1] - size[1] // 2
    )
    dark = 1 - 0.75 * np.asarray(disc)[from_rows, from_columns, None]
    canvas[rows, columns] = (canvas[rows, columns] * dark).astype(np.uint8)


def _head_lamps(canvas: Picture, foot: tuple[int, int], scale: float, vehicle: Vehicle) -> None:
    """The glare of dipped lamps."""
    shape = vehicles.SHAPES[vehicle.kind]
    side = round(420 * scale)
    glare = cv2.resize(_soft_disc(128), (side, side))[:, :, None] ** 2 * np.array([170, 200, 210], np.float32)
    for sign in (-1, 1):
        x = round(foot[0] + sign * (shape.width / 2 - 160) * scale) - side // 2
        y = round(foot[1] - (shape.belt - 235) * scale) - side // 2
        rows, columns, from_rows, from_columns = _visible(canvas, glare.shape, x, y)
        lit = canvas[rows, columns] + glare[from_rows, from_columns]
        canvas[rows, columns] = np.minimum(lit, 255).astype(np.uint8)


@lru_cache(maxsize=2)
def _grain(height: int, width: int) -> tuple[Picture, Picture]:
    """Sensor noise, once: what is added and what is taken away; frames look at it through a moving window."""
    noise = np.random.default_rng(5).normal(0, 2.6, (height + 64, width + 64, 3))
    return np.maximum(noise, 0).astype(np.uint8), np.maximum(-noise, 0).astype(np.uint8)


def _noise(canvas: Picture, number: int) -> None:
    more, less = _grain(*canvas.shape[:2])
    y, x = number % 61, number * 7 % 59
    window = (slice(y, y + canvas.shape[0]), slice(x, x + canvas.shape[1]))
    cv2.add(canvas, more[window], canvas)
    cv2.subtract(canvas, less[window], canvas)


def _caption(canvas: Picture, clock: str, caption: str) -> None:
    """What a recorder writes into its pictures: time above, name of the channel below."""
    height, width = canvas.shape[:2]
    size = width / 1280
    for text, x, y in ((clock, 24, 44), (caption, width - 30 - round(20 * size * len(caption)), height - 28)):
        for colour, thick in (((20, 20, 20), 5), ((250, 250, 250), 2)):
            cv2.putText(
                canvas, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, max(1, round(thick * size)), cv2.LINE_AA
            )
