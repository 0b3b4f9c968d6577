"""Drawn plates, flat and tightly cut, for training. Perspective, blur and noise of cameras are added elsewhere."""

from collections.abc import Callable

import numpy as np

from recognition.training.drawing import america, india, mercosul, old_brazilian, world
from recognition.training.drawing.negatives import draw_negative
from recognition.training.drawing.paint import finish
from recognition.training.drawing.plate import Draft, DrawnPlate
from recognition.training.drawing.wear import compose

__all__ = ["STYLES", "DrawnPlate", "draw_negative", "draw_plate", "draw_style"]

STYLES: dict[str, float] = {
    "br_mercosul": 0.26, "br_old": 0.26, "br_mercosul_moto": 0.07, "br_old_moto": 0.07, "in_one": 0.09, "in_two": 0.06,
    "eu": 0.08, "gb": 0.03, "us": 0.07, "other": 0.01,
}  # fmt: skip

_DRAFTS: dict[str, Callable[[np.random.Generator, str | None], Draft]] = {
    "br_mercosul": mercosul.car,
    "br_old": old_brazilian.car,
    "br_mercosul_moto": mercosul.motorcycle,
    "br_old_moto": old_brazilian.motorcycle,
    "in_one": india.one_line,
    "in_two": india.two_lines,
    "eu": world.european,
    "gb": world.british,
    "us": america.american,
    "other": world.other,
}
_NAMES = tuple(STYLES)
_CUMULATED = np.cumsum([STYLES[name] for name in _NAMES])


def draw_plate(rng: np.random.Generator) -> DrawnPlate:
    """A plate of any style, as often as STYLES says."""
    index = int(np.searchsorted(_CUMULATED, rng.random() * _CUMULATED[-1], side="right"))
    return draw_style(_NAMES[min(index, len(_NAMES) - 1)], rng)


def draw_style(style: str, rng: np.random.Generator, text: str | None = None) -> DrawnPlate:
    """A plate of one style; `text` (A-Z and 0-9) instead of a random one. KeyError for a style not in STYLES."""
    draft = _DRAFTS[style](rng, text)
    image = compose(draft, rng)
    finish(image, rng)
    return DrawnPlate(image, draft.text, draft.lines, style)
