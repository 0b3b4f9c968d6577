"""Mercosul plates of Brazil (since 2018): of cars (400 by 130 mm) and of motorcycles (200 by 170)."""

from functools import partial

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.chance import banked, weighted
from recognition.training.drawing.faces import mostly
from recognition.training.drawing.lettering import Area, Setting, set_line, set_word
from recognition.training.drawing.paint import bolt, frame, paint, plain, vary
from recognition.training.drawing.plate import CAR, MOTORCYCLE, Colour, Draft, Mask, Picture

# Colours BGR of the letters by category: private, commercial, official, special, diplomatic, collection.
INKS: tuple[tuple[Colour, float], ...] = (
    ((28, 26, 26), 0.72), ((40, 30, 190), 0.09), ((150, 70, 20), 0.05), ((60, 110, 20), 0.05),
    ((20, 130, 190), 0.04), ((135, 135, 135), 0.05),
)  # fmt: skip


def car(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = CAR
    ground = ground_of_car(rng)
    ink = np.zeros((height, width), np.uint8)
    setting = Setting(mostly("fe", 0.93, rng), pitch=True, gap=rng.uniform(0.06, 0.16), stretch=rng.uniform(0.86, 1.06))
    left = width * rng.uniform(0.085, 0.125)
    letters = height * rng.uniform(0.48, 0.535)
    top = height * rng.uniform(0.335, 0.385)
    chosen = text or texts.br_mercosul(rng)
    set_line(ink, chosen, Area(left, top, width * rng.uniform(0.78, 0.85), letters), setting, rng)
    return Draft(ground, ink, vary(weighted(INKS, rng), rng, 8), chosen)


def motorcycle(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = MOTORCYCLE
    ground = _motorcycle_ground(rng)
    ink = np.zeros((height, width), np.uint8)
    setting = Setting(mostly("fe", 0.93, rng), pitch=True, gap=rng.uniform(0.06, 0.18), stretch=rng.uniform(0.9, 1.15))
    chosen = text or texts.br_mercosul(rng)
    letters = height * rng.uniform(0.31, 0.335)
    top = height * rng.uniform(0.225, 0.25)
    upper = width * rng.uniform(0.56, 0.66)
    set_line(ink, chosen[:3], Area((width - upper) / 2, top, upper, letters), setting, rng)
    wide = width * rng.uniform(0.78, 0.88)
    below = top + letters + height * rng.uniform(0.035, 0.065)
    set_line(ink, chosen[3:], Area((width - wide) / 2 + rng.uniform(0, 6), below, wide, letters), setting, rng)
    return Draft(ground, ink, vary(weighted(INKS, rng), rng, 8), chosen, 2)


def _ground(width: int, height: int, band: float, rng: np.random.Generator) -> Picture:
    """All but the letters; `band` is the share of the blue one."""
    ground = plain(height, width, vary((236, 236, 234), rng, 8))
    _waves(ground, rng)
    edge = round(height * band * rng.uniform(0.94, 1.06))
    ground[:edge] = vary((165, 62, 10), rng, 14)
    mask = np.zeros((height, width), np.uint8)
    small = height * 0.105 if width > 220 else height * 0.085
    set_word(mask, "BRASIL", Area(width * 0.3, edge * 0.5 - small / 2, width * 0.4, small))
    _emblem(mask, width, edge)
    white = paint(ground, mask, (235, 230, 226))
    _flag(white, width, edge)
    if width > 220:
        _code_and_country(white, width, height, rng)
    for x in (0.32, 0.68):
        if rng.random() < 0.7:
            bolt(white, width * x, edge * rng.uniform(0.3, 0.6), rng.uniform(1.5, 3.4), rng)
    _edge(white, rng)
    return white


def _waves(ground: Picture, rng: np.random.Generator) -> None:
    """The wavy print of the ground, hardly seen from afar."""
    if rng.random() < 0.5:
        return
    height, width = ground.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(y / 3 + 2 * np.sin(x / rng.uniform(10, 18)) + rng.uniform(0, 6))
    ground -= cv2.merge([(np.clip(wave, 0, 1) * rng.uniform(4, 16)).astype(np.uint8)] * 3)


def _emblem(mask: Mask, width: int, edge: int) -> None:
    """The Mercosul stars and their line of lettering, a blur from afar."""
    for dx, dy in ((0.045, 0.35), (0.055, 0.45), (0.052, 0.55), (0.062, 0.33)):
        cv2.circle(mask, (round(width * dx), round(edge * dy)), 0, 200, -1)
    cv2.line(mask, (round(width * 0.03), round(edge * 0.82)), (round(width * 0.09), round(edge * 0.82)), 110, 1)


def _flag(ground: Picture, width: int, edge: int) -> None:
    x0, x1 = round(width * 0.905), round(width * 0.97)
    y0, y1 = round(edge * 0.22), round(edge * 0.8)
    cv2.rectangle(ground, (x0, y0), (x1, y1), (70, 140, 30), -1)
    middle = (x0 + x1) // 2, (y0 + y1) // 2
    rhombus = np.array([(x0 + 2, middle[1]), (middle[0], y0 + 1), (x1 - 2, middle[1]), (middle[0], y1 - 1)], np.int32)
    cv2.fillConvexPoly(ground, rhombus, (40, 210, 235))
    cv2.circle(ground, middle, max(1, (y1 - y0) // 5), (130, 50, 20), -1)


def _code_and_country(ground: Picture, width: int, height: int, rng: np.random.Generator) -> None:
    """The square code at the left and BR below it; some plates carry neither, some a state's letters."""
    if rng.random() < 0.75:
        side = round(height * 0.11)
        x, y = round(width * 0.025), round(height * 0.3)
        code = rng.integers(0, 2, (side, side)).astype(np.uint8) * 150 + 50
        ground[y : y + side, x : x + side] = code[..., None]
    if rng.random() < 0.9:
        mask = np.zeros((height, width), np.uint8)
        set_word(mask, "BR", Area(width * 0.02, height * 0.77, width * 0.05, height * 0.115))
        ground[:] = paint(ground, mask, (40, 38, 38))


def _edge(ground: Picture, rng: np.random.Generator) -> None:
    if rng.random() < 0.8:
        frame(ground, vary((60, 60, 60), rng, 30), rng.uniform(1, 2.5), 1, 5)


ground_of_car = banked(partial(_ground, *CAR, 0.25), 128)
_motorcycle_ground = banked(partial(_ground, *MOTORCYCLE, 0.19), 96)
