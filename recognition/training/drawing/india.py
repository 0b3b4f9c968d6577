"""Indian plates of the states, as diverse as their painters: one line (500 by 120 mm) or two."""

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.chance import weighted
from recognition.training.drawing.faces import any_face
from recognition.training.drawing.lettering import Area, loose, set_line, set_word
from recognition.training.drawing.paint import DARK, WHITE, YELLOW, frame, paint, plain, vary
from recognition.training.drawing.plate import Colour, Draft, Picture

COLOURS: tuple[tuple[tuple[Colour, Colour], float], ...] = (
    ((WHITE, DARK), 0.62), ((WHITE, (90, 50, 30)), 0.06), ((YELLOW, DARK), 0.18), ((DARK, YELLOW), 0.05),
    (((60, 120, 30), WHITE), 0.05), ((DARK, WHITE), 0.04),
)  # fmt: skip


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
    set_line(ink, _groups(chosen, rng), area, setting, rng)
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


def _groups(text: str, rng: np.random.Generator) -> str:
    kind = rng.random()
    if kind < 0.4:
        return text
    gap = " " if kind < 0.85 else ("-" if kind < 0.95 else "·")
    parts = [text[:2], text[2:4], text[4:-4], text[-4:]] if len(text) > 8 else [text[:4], text[4:]]
    return gap.join(part for part in parts if part)


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
