"""Setting lines of letters into an ink mask."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from recognition.training.drawing.emblems import any_emblem
from recognition.training.drawing.faces import Face, files
from recognition.training.drawing.strokes import Mask

SEPARATORS = {"·": 0.28, "-": 0.34, " ": 0.34, "|": 0.6, "*": 0.55, "#": 1.0}


@dataclass(frozen=True)
class Area:
    """Where a line goes, in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Setting:
    """How letters are set: `pitch` for cells of one width, `gap` between letters as a share of the height.

    `stretch` multiplies the widths of the letters, `jitter` their sizes and places, each by its own.
    """

    face: Face
    pitch: bool = False
    gap: float = 0.13
    stretch: float = 1.0
    jitter: float = 0.02
    spread: float = 1.25


def loose(face: Face, rng: np.random.Generator) -> Setting:
    """A setting as a painter of signs might choose it."""
    return Setting(face, False, rng.uniform(0.04, 0.24), rng.uniform(0.65, 1.15), 0.02, rng.uniform(1.0, 1.6))


def set_line(ink: Mask, text: str, area: Area, setting: Setting, rng: np.random.Generator) -> None:
    """Write `text` into `ink` (the larger coverage wins).

    Apart: `·`, `-`, a space, `|` (wide), `*` (an emblem), `#` (a wide one).
    """
    widths = np.array([_natural_width(character, setting) for character in text]) * area.height
    cells, start = _cells(text, widths, area, setting)
    for character, width, cell, left in zip(text, widths, cells, start, strict=True):
        if character in " |":
            continue
        scale = 1 + rng.normal(0, setting.jitter, 4)
        fitted = min(width * scale[0], cell * 1.02)
        x = left + (cell - fitted) / 2 + (scale[2] - 1) * area.height * 0.4
        y = area.top + (scale[3] - 1) * area.height * 0.4
        if character in "*#":
            _put_emblem(ink, Area(left, area.top, cell, area.height), rng)
            continue
        _put(ink, character, setting.face, Area(x, y, fitted, area.height * min(scale[1], 1.05)))


def _natural_width(character: str, setting: Setting) -> float:
    if character in SEPARATORS:
        return SEPARATORS[character]
    mask = setting.face.glyph(character)
    return mask.shape[1] / mask.shape[0] * setting.stretch


def _cells(text: str, widths: np.ndarray, area: Area, setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Width and left edge of every character's cell: one pitch, or natural widths with gaps, fitted to the area."""
    gap = setting.gap * area.height
    if setting.pitch:
        units = np.array(
            [SEPARATORS.get(character, 1.0) * (0.9 if character in SEPARATORS else 1) for character in text]
        )
        cells = units * area.width / units.sum()
        return cells - np.where(units == 1, gap, 0), area.left + np.concatenate([[0], np.cumsum(cells)[:-1]]) + gap / 2
    total = widths.sum() + gap * (len(text) - 1)
    scale = min(area.width / total, setting.spread)
    step_gap = gap * scale
    cells = widths * min(scale, 1.12)
    used = cells.sum() + step_gap * (len(text) - 1)
    left = area.left + max(0.0, (area.width - used) / 2)
    return cells, left + np.concatenate([[0], np.cumsum(cells[:-1] + step_gap)])


def _put(ink: Mask, character: str, face: Face, area: Area) -> None:
    if character in "·-":
        _put_separator(ink, character, area)
        return
    blit(ink, face.glyph(character), area)


def _put_separator(ink: Mask, character: str, area: Area) -> None:
    middle = round(area.left + area.width / 2), round(area.top + area.height * 0.5)
    half = max(1, round(area.height * 0.075))
    wide = half if character == "·" else round(area.width * 0.4)
    cv2.rectangle(ink, (middle[0] - wide, middle[1] - half), (middle[0] + wide, middle[1] + half), 255, -1)


def _put_emblem(ink: Mask, area: Area, rng: np.random.Generator) -> None:
    height = area.height * rng.uniform(0.4, 0.95)
    width = min(area.width * rng.uniform(0.8, 1.3), height * 1.1)
    top = area.top + (area.height - height) * rng.uniform(0.0, 0.8)
    blit(ink, any_emblem(rng), Area(area.left + (area.width - width) / 2, top, width, height))


def blit(ink: Mask, mask: Mask, area: Area) -> None:
    """Scale `mask` to the area and keep the larger coverage; what lies outside of `ink` is cut off."""
    width, height = max(1, round(area.width)), max(1, round(area.height))
    shrunk = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)
    x, y = round(area.left), round(area.top)
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + width, ink.shape[1]), min(y + height, ink.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = ink[y0:y1, x0:x1]
    np.maximum(part, shrunk[y0 - y : y1 - y, x0 - x : x1 - x], out=part)


@lru_cache(maxsize=4096)
def word(text: str, face: str = "mandatory") -> Mask:
    """A line of small lettering (towns, states, dealers), 24 high."""
    own = face if face in ("mandatory", "fe") or face in files() else "mandatory"
    setting = Setting(Face(own, 2, 0), gap=0.2, jitter=0.0, spread=1.0)
    widths = [_natural_width(character, setting) for character in text]
    length = (sum(widths) + 0.2 * (len(text) - 1)) * 24
    canvas = np.zeros((24, int(length) + 2), np.uint8)
    set_line(canvas, text, Area(0, 0, length + 1, 24), setting, np.random.default_rng(0))
    return canvas


def set_word(ink: Mask, text: str, area: Area, face: str = "mandatory") -> None:
    """Small lettering centred in the area, condensed where it is too long."""
    mask = word(text, face)
    width = min(area.width, mask.shape[1] * area.height / mask.shape[0])
    blit(ink, mask, Area(area.left + (area.width - width) / 2, area.top, width, area.height))
