"""Vehicles, drawn head-on from the front or the rear, to scale, with their plates."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cameras.drawing import plates
from cameras.drawing.plates import Category, Colour, Picture

# Pixels for a millimetre of the drawn vehicle; a scene scales it down.
SCALE = 0.8
MARGIN_MM = 160


class Kind(StrEnum):
    HATCH = "hatch"
    SEDAN = "sedan"
    SUV = "suv"
    PICKUP = "pickup"
    VAN = "van"


class View(StrEnum):
    FRONT = "front"
    REAR = "rear"


# Paints that drive about in Brazil (BGR), by the names used in the registry.
PAINTS: dict[str, Colour] = {
    "white": (226, 226, 222),
    "silver": (176, 172, 168),
    "grey": (106, 102, 98),
    "black": (44, 42, 42),
    "red": (40, 34, 158),
    "blue": (128, 78, 34),
    "green": (74, 92, 44),
    "beige": (150, 178, 192),
}


@dataclass(frozen=True)
class Shape:
    """Outline in millimetres: `belt` is where the windows begin, `roof` half the width of the roof."""

    width: int
    height: int
    belt: int
    roof: int
    front_plate: int
    rear_plate: int


SHAPES: dict[Kind, Shape] = {
    Kind.HATCH: Shape(1720, 1480, 960, 540, 420, 760),
    Kind.SEDAN: Shape(1780, 1450, 940, 560, 400, 800),
    Kind.SUV: Shape(1840, 1690, 1090, 640, 520, 880),
    Kind.PICKUP: Shape(1880, 1780, 1140, 650, 560, 640),
    Kind.VAN: Shape(1900, 2020, 1080, 740, 500, 700),
}


@dataclass(frozen=True)
class Vehicle:
    """What drives up. `paint` is a name of PAINTS."""

    plate: str
    kind: Kind = Kind.HATCH
    paint: str = "silver"
    view: View = View.FRONT
    category: Category = Category.PRIVATE


@dataclass(frozen=True)
class Body:
    """A drawn vehicle: BGRA with colours already multiplied by their coverage, and where its plate is.

    `middle` and `ground` are the pixel on the road under the middle of the vehicle; `scale` is in
    pixels for a millimetre; `plate_box` is x, y, width, height.
    """

    picture: NDArray[np.uint8]
    middle: int
    ground: int
    scale: float
    plate_box: tuple[int, int, int, int]


class _Sheet:
    """A canvas in millimetres: x from the middle, y up from the road. Everything is drawn on both sides."""

    def __init__(self, shape: Shape) -> None:
        self.middle = round((shape.width / 2 + MARGIN_MM) * SCALE)
        self.ground = round((shape.height + MARGIN_MM) * SCALE)
        self.canvas = np.zeros((self.ground + round(40 * SCALE), 2 * self.middle, 4), np.uint8)

    def pixels(self, points: list[tuple[float, float]], side: int = 1) -> NDArray[np.int32]:
        """Points in 1/16 of a pixel, as OpenCV's `shift=4` wants them."""
        x = [(self.middle + side * px * SCALE) * 16 for px, _ in points]
        y = [(self.ground - py * SCALE) * 16 for _, py in points]
        pixels: NDArray[np.int32] = np.rint(np.stack([x, y], axis=1)).astype(np.int32)
        return pixels

    def fill(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a shape that lies to the right of the middle, and its mirror image."""
        for side in (1, -1):
            cv2.fillPoly(self.canvas, [self.pixels(points, side)], (*colour, 255), cv2.LINE_AA, 4)

    def across(self, half: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a shape that spans the middle, given by its right half from bottom to top."""
        points = half + [(-x, y) for x, y in reversed(half)]
        cv2.fillPoly(self.canvas, [self.pixels(points)], (*colour, 255), cv2.LINE_AA, 4)

    def disc(self, x: float, y: float, radius: tuple[float, float], colour: Colour) -> None:
        axes = (round(radius[0] * SCALE), round(radius[1] * SCALE))
        for side in (1, -1):
            centre = (round(self.middle + side * x * SCALE), round(self.ground - y * SCALE))
            cv2.ellipse(self.canvas, centre, axes, 0, 0, 360, (*colour, 255), -1, cv2.LINE_AA)

    def line(self, begin: tuple[float, float], end: tuple[float, float], colour: Colour, mm: float) -> None:
        for side in (1, -1):
            first, last = (tuple(int(v) for v in point) for point in self.pixels([begin, end], side))
            width = max(1, round(mm * SCALE))
            cv2.line(self.canvas, first, last, (*colour, 255), width, cv2.LINE_AA, 4)


def shade(colour: Colour, factor: float) -> Colour:
    blue, green, red = (max(0, min(255, round(value * factor))) for value in colour)
    return blue, green, red


@lru_cache(maxsize=12)
def draw(vehicle: Vehicle) -> Body:
    """Draw a vehicle once; scenes place it near and far. Do not write into the picture."""
    shape, paint = SHAPES[vehicle.kind], PAINTS[vehicle.paint]
    sheet = _Sheet(shape)
    _wheels(sheet, shape)
    _hull(sheet, shape, paint)
    front = vehicle.view is View.FRONT
    (_front if front else _rear)(sheet, shape, paint, vehicle.kind)
    _gloss(sheet.canvas)
    box = _hang(sheet, vehicle, shape.front_plate if front else shape.rear_plate)
    sheet.canvas.flags.writeable = False
    return Body(sheet.canvas, sheet.middle, sheet.ground, SCALE, box)


def _wheels(sheet: _Sheet, shape: Shape) -> None:
    edge = shape.width / 2
    tyre: list[tuple[float, float]] = [
        (edge - 40, 0), (edge - 20, 60), (edge - 20, 520), (edge - 260, 520), (edge - 260, 60), (edge - 240, 0)
    ]  # fmt: skip
    sheet.fill(tyre, (28, 28, 28))
    sheet.across([(edge - 230, 190), (edge - 200, 420)], (22, 22, 22))


def _hull(sheet: _Sheet, shape: Shape, paint: Colour) -> None:
    """Lower body, cabin, roof edge: what front and rear have in common."""
    edge, belt, roof, top = shape.width / 2, shape.belt, shape.roof, shape.height
    cabin: list[tuple[float, float]] = [
        (edge - 110, belt - 40), (edge - 130, belt + 20), (roof + 70, top - 130),
        (roof - 20, top - 40), (roof * 0.6, top),
    ]  # fmt: skip
    sheet.across(cabin, shade(paint, 0.9))
    lower: list[tuple[float, float]] = [
        (edge - 150, 160), (edge - 40, 196), (edge - 12, 330), (edge, 640), (edge - 24, belt - 150),
        (edge - 90, belt - 30), (edge - 150, belt + 12), (edge * 0.5, belt + 34),
    ]  # fmt: skip
    sheet.across(lower, paint)
    glass: list[tuple[float, float]] = [
        (edge - 200, belt + 34), (edge - 214, belt + 60), (roof - 6, top - 130),
        (roof - 60, top - 86), (roof * 0.5, top - 70),
    ]  # fmt: skip
    sheet.across(glass, (58, 50, 44))
    sheen: list[tuple[float, float]] = [
        (-roof * 0.1, belt + 50), (roof * 0.5, belt + 50), (roof * 0.1, top - 90), (-roof * 0.3, top - 90)
    ]  # fmt: skip
    cv2.fillPoly(sheet.canvas, [sheet.pixels(sheen)], (84, 76, 68, 255), cv2.LINE_AA, 4)


def _front(sheet: _Sheet, shape: Shape, paint: Colour, kind: Kind) -> None:
    """Bonnet, lamps, grille, bumper, mirrors, wipers, two heads behind the screen."""
    edge, belt, dark = shape.width / 2, shape.belt, (34, 32, 32)
    sheet.disc(330, belt + 130, (88, 105), (40, 36, 34))
    sheet.across([(edge - 170, belt - 210), (edge - 180, belt + 10), (edge * 0.5, belt + 30)], shade(paint, 1.08))
    sheet.line((edge - 420, belt - 190), (edge - 480, belt + 20), shade(paint, 0.86), 7)
    lamp: list[tuple[float, float]] = [
        (edge - 30, belt - 250), (edge - 55, belt - 150), (edge - 330, belt - 205), (edge - 350, belt - 300)
    ]  # fmt: skip
    sheet.fill(lamp, (70, 66, 62))
    sheet.disc(edge - 160, belt - 235, (62, 48), (232, 236, 236))
    grille = edge - 380
    sheet.across([(grille - 60, belt - 320), (grille, belt - 290), (grille, belt - 225)], dark)
    for rise in (300, 268, 240):
        sheet.line((0, belt - rise), (grille - 30, belt - rise), (120, 118, 116), 9)
    sheet.disc(0, belt - 265, (52, 52), (198, 196, 194))
    sheet.across([(edge - 60, 330), (edge - 20, 350), (edge - 20, 372)], shade(paint, 0.72))
    sheet.across([(edge - 420, 205), (edge - 380, 226), (edge - 360, 330)], dark)
    sheet.disc(edge - 220, 330, (46, 40), (200, 204, 206))
    sheet.line((80, belt + 44), (430, belt + 120), (24, 24, 24), 12)
    _mirrors(sheet, shape, paint, 90 if kind is Kind.VAN else 62)


def _mirrors(sheet: _Sheet, shape: Shape, paint: Colour, tall: int) -> None:
    x, y = shape.width / 2 - 20, shape.belt + 80
    sheet.line((x - 120, y - 30), (x, y - 10), (40, 40, 40), 26)
    sheet.disc(x + 30, y, (100, tall), shade(paint, 0.8))


def _rear(sheet: _Sheet, shape: Shape, paint: Colour, kind: Kind) -> None:
    """Tail lamps, tailgate, bumper, third brake lamp, and the recess for the plate."""
    edge, belt, red = shape.width / 2, shape.belt, (30, 26, 150)
    tall = kind is not Kind.SEDAN
    lamp_low, lamp_high, inner = (belt - 330, belt + 60, 130) if tall else (belt - 260, belt - 70, 330)
    lamp: list[tuple[float, float]] = [
        (edge - 16, lamp_low), (edge - 46, lamp_high), (edge - inner, lamp_high - 12), (edge - inner, lamp_low + 20)
    ]  # fmt: skip
    sheet.fill(lamp, red)
    sheet.disc(edge - 80, (lamp_low + lamp_high) / 2, (34, 40), (120, 140, 235))
    sheet.line((edge - 170, 470), (edge - 160, belt - 20), shade(paint, 0.7), 8)
    sheet.line((0, 470), (edge - 170, 470), shade(paint, 0.7), 8)
    sheet.across([(edge - 70, 232), (edge - 30, 270), (edge - 34, 440)], shade(paint, 0.86))
    sheet.across([(edge - 260, 186), (edge - 200, 212), (edge - 200, 300)], (40, 38, 38))
    sheet.disc(edge - 140, 330, (60, 22), (34, 30, 170))
    sheet.disc(0, shape.height - 52, (110, 14), red)
    recess = shape.rear_plate
    sheet.across([(270, recess - 110), (290, recess - 80), (290, recess + 90), (262, recess + 112)], shade(paint, 0.62))
    sheet.across([(150, recess + 122), (150, recess + 150)], (190, 188, 186))


def _gloss(canvas: NDArray[np.uint8]) -> None:
    """Lighter above, darker below, as daylight falls on a body."""
    fall = np.linspace(1.12, 0.78, canvas.shape[0], dtype=np.float32)[:, None, None]
    colours = canvas[:, :, :3]
    # Colours carry their coverage, so they may not rise above it.
    np.copyto(colours, np.minimum(colours * fall, canvas[:, :, 3:]).astype(np.uint8))


def _hang(sheet: _Sheet, vehicle: Vehicle, height_mm: int) -> tuple[int, int, int, int]:
    """Screw the plate on, with the dark frame behind it."""
    sheet.across([(212, height_mm - 76), (212, height_mm + 76)], (30, 30, 30))
    size = (round(plates.WIDTH_MM * SCALE), round(plates.HEIGHT_MM * SCALE))
    plate: Picture = np.asarray(
        cv2.resize(plates.draw(vehicle.plate, vehicle.category), size, interpolation=cv2.INTER_AREA), np.uint8
    )
    x, y = sheet.middle - size[0] // 2, round(sheet.ground - height_mm * SCALE) - size[1] // 2
    sheet.canvas[y : y + size[1], x : x + size[0], :3] = plate
    return x, y, size[0], size[1]
