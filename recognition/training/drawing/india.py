"""Indian plates of the states, as diverse as their painters: one line (500 by 120 mm) or two."""

import re

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.chance import pick, weighted
from recognition.training.drawing.faces import any_face
from recognition.training.drawing.lettering import Area, Setting, loose, set_line, set_word
from recognition.training.drawing.paint import DARK, WHITE, YELLOW, frame, paint, plain, vary
from recognition.training.drawing.plate import Colour, Draft, Picture

COLOURS: tuple[tuple[tuple[Colour, Colour], float], ...] = (
    ((WHITE, DARK), 0.62), ((WHITE, (90, 50, 30)), 0.06), ((YELLOW, DARK), 0.18), ((DARK, YELLOW), 0.05),
    (((60, 120, 30), WHITE), 0.05), ((DARK, WHITE), 0.04),
)  # fmt: skip

DEALERS = (
    "SRI AUTOMOBILES",
    "LAKSHMI MOTORS",
    "CITY CAR CARE",
    "ALL INDIA PERMIT",
    "ROYAL AUTO WORLD",
    "SAI MOTORS 2214322",
)
WRITTEN = re.compile(r"([A-Z]{2})([0-9]{1,2})([A-Z]{0,3})([0-9]{4})|([0-9]{2})(BH)([0-9]{4})([A-Z]{1,2})")


def one_line(rng: np.random.Generator, text: str | None = None) -> Draft:
    """A state's plate in one line, 500 by 120 mm or what its owner had painted."""
    width, height = 256, int(rng.integers(52, 74))
    ground, colour = _ground(width, height, rng)
    chosen = text or texts.indian(rng)
    setting = loose(any_face(rng), rng)
    ink = np.zeros((height, width), np.uint8)
    left = width * (rng.uniform(0.09, 0.13) if rng.random() < 0.5 else rng.uniform(0.02, 0.06))
    if left > width * 0.08:
        _band(ground, width, height, rng)
    letters = height * rng.uniform(0.52, 0.8)
    area = Area(left, (height - letters) / 2 + rng.uniform(-2, 2), width * 0.98 - left, letters)
    kind = rng.random()
    if kind < 0.12 and len(_parts(chosen)) > 2:
        _stacked(ink, chosen, area, setting, rng)
    elif kind < 0.2:
        _growing(ink, chosen, area, setting, rng)
    else:
        set_line(ink, _groups(chosen, rng), area, setting, rng)
    if rng.random() < 0.15:
        _dealer(ground, colour, rng)
    return Draft(ground, ink, colour, chosen, embossed=float(rng.random() < 0.5))


def two_lines(rng: np.random.Generator, text: str | None = None) -> Draft:
    """Two lines: the state, district and series above, the number below; or the number from its series on."""
    width, height = 200, int(rng.integers(110, 165))
    ground, colour = _ground(width, height, rng)
    chosen = text or texts.indian(rng)
    cut = len(chosen) - 4 if rng.random() < 0.75 else min(4, len(chosen) - 4)
    ink = np.zeros((height, width), np.uint8)
    setting = loose(any_face(rng), rng)
    for row, part in enumerate((chosen[:cut], chosen[cut:])):
        letters = height * rng.uniform(0.32, 0.41)
        top = height * (0.05 + 0.48 * row) + rng.uniform(0, 5)
        set_line(ink, _groups(part, rng) if row == 0 else part, Area(10, top, width - 20, letters), setting, rng)
    return Draft(ground, ink, colour, chosen, 2, float(rng.random() < 0.5))


def _stacked(ink: Picture, text: str, area: Area, setting: Setting, rng: np.random.Generator) -> None:
    """State and district small above one another (or the series below both), what follows large beside them."""
    parts = _parts(text)
    wide = len(parts) == 4 and rng.random() < 0.5
    upper, lower, beside = (parts[0] + parts[1], parts[2], parts[3]) if wide else (*parts[:2], "".join(parts[2:]))
    small = area.height * rng.uniform(0.4, 0.5)
    width = area.width * (0.3 if wide else 0.16) * rng.uniform(0.85, 1.15)
    for row, part in enumerate((upper, lower)):
        top = area.top + (area.height - small) * row
        set_line(ink, _spaced(part, rng), Area(area.left, top, width, small), setting, rng)
    left = area.left + width + area.width * rng.uniform(0.03, 0.07)
    set_line(ink, beside, Area(left, area.top, area.left + area.width - left, area.height), setting, rng)


def _spaced(part: str, rng: np.random.Generator) -> str:
    return f"{part[:2]} {part[2:]}" if len(part) > 2 and rng.random() < 0.6 else part


def _growing(ink: Picture, text: str, area: Area, setting: Setting, rng: np.random.Generator) -> None:
    """The number taller than what stands before it, or what stands before it taller."""
    cut = len(text) - 4
    share = cut / len(text) * rng.uniform(0.9, 1.1)
    lower = area.height * rng.uniform(0.6, 0.85)
    heights = (lower, area.height) if rng.random() < 0.75 else (area.height, lower)
    widths = (area.width * (share - 0.03), area.width * (1 - share))
    left = area.left
    for part, height, width in zip((text[:cut], text[cut:]), heights, widths, strict=True):
        top = area.top + (area.height - height) * rng.uniform(0.2, 1.0)
        set_line(ink, _groups(part, rng) if part is text[:cut] else part, Area(left, top, width, height), setting, rng)
        left += width + area.width * 0.03


def _dealer(ground: Picture, colour: Colour, rng: np.random.Generator) -> None:
    """Who sold the car, small at the lower edge."""
    height, width = ground.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    letters = height * rng.uniform(0.08, 0.13)
    set_word(mask, pick(DEALERS, rng), Area(width * 0.15, height - letters - 2, width * 0.7, letters))
    ground[:] = paint(ground, mask, colour)


def _groups(text: str, rng: np.random.Generator) -> str:
    kind = rng.random()
    if kind < 0.4:
        return text
    gap = " " if kind < 0.85 else ("-" if kind < 0.95 else "·")
    return gap.join(_parts(text))


def _parts(text: str) -> list[str]:
    """State, district, series, number; a text that has no state in front in twos and the rest."""
    found = re.fullmatch(
        r"([A-Z]{2})([0-9]{1,2})([A-Z]{0,3})([0-9]{4})|([0-9]{2})(BH)([0-9]{4})([A-Z]{1,2})|(.*)", text
    )
    return [part for part in found.groups() if part] if found else [text]


def _ground(width: int, height: int, rng: np.random.Generator) -> tuple[Picture, Colour]:
    base, letter = weighted(COLOURS, rng)
    ground = plain(height, width, vary(base, rng))
    if rng.random() < 0.6:
        frame(ground, letter, rng.uniform(1, 4), int(rng.integers(1, 3)), 5)
    return ground, vary(letter, rng, 8)


def _band(ground: Picture, width: int, height: int, rng: np.random.Generator) -> None:
    """IND in blue at the left, the wheel above it."""
    mask = np.zeros((height, width), np.uint8)
    set_word(mask, "IND", Area(width * 0.012, height * rng.uniform(0.45, 0.75), width * 0.06, height * 0.16))
    ground[:] = paint(ground, mask, (170, 80, 20))
    if rng.random() < 0.6:
        cv2.circle(ground, (round(width * 0.042), round(height * 0.25)), round(height * 0.09), (190, 150, 120), 1)
