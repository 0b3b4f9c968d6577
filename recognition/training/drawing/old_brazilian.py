"""Brazilian plates until Mercosul: of cars (400 by 130 mm) and of motorcycles (200 by 170)."""

from functools import partial

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.chance import banked, pick, weighted
from recognition.training.drawing.faces import mostly
from recognition.training.drawing.lettering import Area, Setting, set_line, set_word
from recognition.training.drawing.paint import bolt, frame, paint, plain, vary
from recognition.training.drawing.plate import CAR, MOTORCYCLE, Colour, Draft, Picture
from recognition.training.drawing.towns import TOWNS

# Ground and letters, BGR: private, rental, learner, official, collection, special, diplomatic.
COLOURS: tuple[tuple[tuple[Colour, Colour], float], ...] = (
    (((172, 172, 168), (32, 30, 30)), 0.62), (((42, 34, 165), (232, 232, 232)), 0.18),
    (((225, 225, 225), (36, 30, 180)), 0.03), (((228, 228, 226), (30, 28, 28)), 0.07),
    (((34, 32, 32), (180, 180, 178)), 0.04), (((225, 228, 225), (60, 100, 20)), 0.02),
    (((150, 80, 20), (235, 235, 235)), 0.04),
)  # fmt: skip
SEPARATORS = (("·", 0.72), ("-", 0.2), (" ", 0.08))


def car(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = CAR
    ground, letter = ground_of_car(rng)
    ink = np.zeros((height, width), np.uint8)
    chosen = text or texts.br_old(rng)
    setting = Setting(mostly("mandatory", 0.88, rng), True, rng.uniform(0.08, 0.18), rng.uniform(0.92, 1.08))
    left = width * rng.uniform(0.03, 0.06)
    letters = height * rng.uniform(0.47, 0.53)
    top = height * rng.uniform(0.3, 0.37)
    separator = weighted(SEPARATORS, rng)
    line = chosen[:3] + separator + chosen[3:]
    set_line(ink, line, Area(left, top, width - 2 * left - rng.uniform(0, 0.03) * width, letters), setting, rng)
    return Draft(ground, ink, vary(letter, rng, 10), chosen)


def motorcycle(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = MOTORCYCLE
    ground, letter = _motorcycle_ground(rng)
    ink = np.zeros((height, width), np.uint8)
    chosen = text or texts.br_old(rng)
    setting = Setting(mostly("mandatory", 0.88, rng), True, rng.uniform(0.1, 0.22), rng.uniform(0.95, 1.3))
    letters = height * rng.uniform(0.29, 0.325)
    top = height * rng.uniform(0.2, 0.245)
    upper = width * rng.uniform(0.58, 0.7)
    set_line(ink, chosen[:3], Area((width - upper) / 2, top, upper, letters), setting, rng)
    wide = width * rng.uniform(0.8, 0.92)
    below = top + letters + height * rng.uniform(0.05, 0.09)
    set_line(ink, chosen[3:], Area((width - wide) / 2, below, wide, letters), setting, rng)
    return Draft(ground, ink, vary(letter, rng, 10), chosen, 2)


def _ground(width: int, height: int, rng: np.random.Generator) -> tuple[Picture, Colour]:
    """All but the letters, and their colour."""
    base, letter = weighted(COLOURS, rng)
    base = vary(base, rng, 22)
    ground = plain(height, width, base)
    mask = np.zeros((height, width), np.uint8)
    small = height * (rng.uniform(0.085, 0.115) if width > 220 else rng.uniform(0.065, 0.09))
    town = pick(TOWNS, rng)
    top = height * rng.uniform(0.09, 0.15)
    length = min(0.56, 0.026 * len(town) * rng.uniform(0.9, 1.5) + 0.1)
    if rng.random() < 0.93:
        set_word(mask, town, Area(width * (0.5 - length / 2), top, width * length, small))
    ground = paint(ground, mask, letter)
    if rng.random() < 0.6:
        _strip(ground, width, top, small, rng)
    for x in (0.32, 0.68):
        if rng.random() < 0.75:
            bolt(ground, width * x, height * rng.uniform(0.08, 0.14), rng.uniform(1.5, 4), rng)
    if rng.random() < 0.6:
        _seal(ground, width, height, rng)
    if rng.random() < 0.6:
        _slots(ground, rng)
    if rng.random() < 0.6:
        frame(ground, vary(base, rng, 45), rng.uniform(1.5, 4), 1, 6)
    return ground, letter


def _strip(ground: Picture, width: int, top: float, small: float, rng: np.random.Generator) -> None:
    """The tin strip of the town is a piece of its own: its edge is seen."""
    tone = int(rng.integers(60, 150))
    left = round(width * rng.uniform(0.18, 0.25))
    cv2.rectangle(
        ground, (left, round(top - small * 0.25)), (width - left, round(top + small * 1.25)), (tone, tone, tone), 1
    )


def _seal(ground: Picture, width: int, height: int, rng: np.random.Generator) -> None:
    """The lead seal and its wire, below between letters and digits, or at a bolt."""
    x, y = width * rng.choice((0.22, 0.32, 0.44, 0.66)), height * rng.uniform(0.88, 0.95)
    tone = int(rng.integers(20, 100))
    axes = round(rng.uniform(2, 5)), round(rng.uniform(1, 3))
    cv2.ellipse(ground, (round(x), round(y)), axes, float(rng.uniform(0, 180)), 0, 360, (tone, tone, tone), -1)


def _slots(ground: Picture, rng: np.random.Generator) -> None:
    """Two slots below the letters, dark where the car shows through."""
    height, width = ground.shape[:2]
    y, tone = round(height * rng.uniform(0.88, 0.94)), int(rng.integers(15, 90))
    for x in (0.28, 0.71):
        half = rng.uniform(0.008, 0.022) * width
        begin, end = (round(x * width - half), y), (round(x * width + half), y)
        cv2.line(ground, begin, end, (tone, tone, tone), int(rng.integers(1, 4)))


ground_of_car = banked(partial(_ground, *CAR), 256)
_motorcycle_ground = banked(partial(_ground, *MOTORCYCLE), 128)
