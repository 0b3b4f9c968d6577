"""Brazilian plates: Mercosul (since 2018) and the old ones, of cars (400 by 130 mm) and motorcycles (200 by 170)."""

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.faces import Face, random_face, true_type_names
from recognition.training.drawing.lettering import Area, Setting, set_line, set_word
from recognition.training.drawing.paint import bolt, frame, paint, plain, round_corners, vary
from recognition.training.drawing.plate import Colour, Draft, Picture
from recognition.training.drawing.towns import TOWNS

CAR = (256, 83)
MOTORCYCLE = (200, 170)

# Colours BGR. Mercosul letters by category: private, commercial, official, special, diplomatic, collection.
MERCOSUL_INKS: tuple[tuple[Colour, float], ...] = (
    ((28, 26, 26), 0.72), ((40, 30, 190), 0.09), ((150, 70, 20), 0.05), ((60, 110, 20), 0.05),
    ((20, 130, 190), 0.04), ((135, 135, 135), 0.05),
)  # fmt: skip
# Old plates, ground and letters: private, commercial, learner, official, collection, special, diplomatic, white letters.
OLD_COLOURS: tuple[tuple[Colour, Colour, float], ...] = (
    ((172, 172, 168), (32, 30, 30), 0.62), ((42, 34, 165), (232, 232, 232), 0.2), ((225, 225, 225), (36, 30, 180), 0.03),
    ((228, 228, 226), (30, 28, 28), 0.05), ((34, 32, 32), (180, 180, 178), 0.04), ((225, 228, 225), (60, 100, 20), 0.02),
    ((150, 80, 20), (235, 235, 235), 0.04),
)  # fmt: skip


def _weighted(weights: list[float], rng: np.random.Generator) -> int:
    total = np.cumsum(weights)
    return int(np.searchsorted(total, rng.random() * total[-1]))


def _face(name: str, rng: np.random.Generator, own: float = 0.93) -> Face:
    names = true_type_names()
    if names and rng.random() > own:
        return random_face(rng, names)
    return random_face(rng, (name,))


# --- Mercosul


def mercosul(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = CAR
    ground = _mercosul_ground(width, height, 0.25, rng)
    ink = np.zeros((height, width), np.uint8)
    setting = Setting(_face("fe", rng), pitch=True, gap=rng.uniform(0.06, 0.16), stretch=rng.uniform(0.86, 1.06))
    left = width * rng.uniform(0.085, 0.125)
    letters = height * rng.uniform(0.48, 0.535)
    top = height * rng.uniform(0.345, 0.39)
    chosen = text or texts.br_mercosul(rng)
    set_line(ink, chosen, Area(left, top, width * rng.uniform(0.78, 0.85), letters), setting, rng)
    colour = MERCOSUL_INKS[_weighted([weight for _, weight in MERCOSUL_INKS], rng)][0]
    _mercosul_edge(ground, rng)
    return Draft(ground, ink, vary(colour, rng, 8), chosen)


def mercosul_motorcycle(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = MOTORCYCLE
    ground = _mercosul_ground(width, height, 0.19, rng)
    ink = np.zeros((height, width), np.uint8)
    setting = Setting(_face("fe", rng), pitch=True, gap=rng.uniform(0.06, 0.18), stretch=rng.uniform(0.9, 1.15))
    chosen = text or texts.br_mercosul(rng)
    letters = height * rng.uniform(0.31, 0.335)
    top = height * rng.uniform(0.225, 0.25)
    upper = width * rng.uniform(0.56, 0.66)
    set_line(ink, chosen[:3], Area((width - upper) / 2, top, upper, letters), setting, rng)
    wide = width * rng.uniform(0.78, 0.88)
    below = top + letters + height * rng.uniform(0.035, 0.065)
    set_line(ink, chosen[3:], Area((width - wide) / 2 + rng.uniform(0, 6), below, wide, letters), setting, rng)
    colour = MERCOSUL_INKS[_weighted([weight for _, weight in MERCOSUL_INKS], rng)][0]
    _mercosul_edge(ground, rng)
    return Draft(ground, ink, vary(colour, rng, 8), chosen, 2)


def _mercosul_ground(width: int, height: int, band: float, rng: np.random.Generator) -> Picture:
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
    return white


def _waves(ground: Picture, rng: np.random.Generator) -> None:
    """The wavy print of the ground, hardly seen from afar."""
    if rng.random() < 0.5:
        return
    height, width = ground.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(y / 3 + 2 * np.sin(x / rng.uniform(10, 18)) + rng.uniform(0, 6))
    ground -= cv2.merge([(np.clip(wave, 0, 1) * rng.uniform(4, 16)).astype(np.uint8)] * 3)


def _emblem(mask: np.ndarray, width: int, edge: int) -> None:
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


def _mercosul_edge(ground: Picture, rng: np.random.Generator) -> None:
    if rng.random() < 0.8:
        frame(ground, vary((60, 60, 60), rng, 30), rng.uniform(1, 2.5), 1, 5)


# --- old plates


def old(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = CAR
    base, letter, _ = OLD_COLOURS[_weighted([row[2] for row in OLD_COLOURS], rng)]
    ground = _old_ground(width, height, vary(base, rng, 16), letter, rng)
    ink = np.zeros((height, width), np.uint8)
    chosen = text or texts.br_old(rng)
    setting = Setting(_face("mandatory", rng, 0.88), True, rng.uniform(0.08, 0.18), rng.uniform(0.92, 1.08))
    left = width * rng.uniform(0.03, 0.06)
    letters = height * rng.uniform(0.47, 0.53)
    top = height * rng.uniform(0.3, 0.37)
    separator = ("·", "-", " ")[_weighted([0.72, 0.2, 0.08], rng)]
    line = chosen[:3] + separator + chosen[3:]
    set_line(ink, line, Area(left, top, width - 2 * left - rng.uniform(0, 0.03) * width, letters), setting, rng)
    return Draft(ground, ink, vary(letter, rng, 10), chosen)


def old_motorcycle(rng: np.random.Generator, text: str | None = None) -> Draft:
    width, height = MOTORCYCLE
    base, letter, _ = OLD_COLOURS[_weighted([row[2] for row in OLD_COLOURS], rng)]
    ground = _old_ground(width, height, vary(base, rng, 16), letter, rng)
    ink = np.zeros((height, width), np.uint8)
    chosen = text or texts.br_old(rng)
    setting = Setting(_face("mandatory", rng, 0.88), True, rng.uniform(0.1, 0.22), rng.uniform(0.95, 1.3))
    letters = height * rng.uniform(0.29, 0.325)
    top = height * rng.uniform(0.2, 0.245)
    upper = width * rng.uniform(0.58, 0.7)
    set_line(ink, chosen[:3], Area((width - upper) / 2, top, upper, letters), setting, rng)
    wide = width * rng.uniform(0.8, 0.92)
    below = top + letters + height * rng.uniform(0.05, 0.09)
    set_line(ink, chosen[3:], Area((width - wide) / 2, below, wide, letters), setting, rng)
    return Draft(ground, ink, vary(letter, rng, 10), chosen, 2)


def _old_ground(width: int, height: int, base: Colour, letter: Colour, rng: np.random.Generator) -> Picture:
    ground = plain(height, width, base)
    mask = np.zeros((height, width), np.uint8)
    small = height * (rng.uniform(0.085, 0.115) if width > 220 else rng.uniform(0.065, 0.09))
    town = texts.pick(TOWNS, rng)
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
    return ground


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


def finish(image: Picture, rng: np.random.Generator) -> None:
    """Cut the corners round, the car's colour behind them; in place."""
    tone = int(rng.integers(10, 200))
    round_corners(image, (tone, tone, tone), image.shape[0] * rng.uniform(0.03, 0.1))
