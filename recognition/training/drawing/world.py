"""Plates of Europe and of other countries, drawn loosely: many faces, grounds and ways of grouping."""

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.emblems import any_emblem
from recognition.training.drawing.faces import any_face, random_face
from recognition.training.drawing.lettering import Area, Setting, blit, set_line, set_word
from recognition.training.drawing.paint import DARK, WHITE, YELLOW, frame, paint, plain, vary
from recognition.training.drawing.plate import Draft, Picture

# Country letter, pattern with `|` and spaces where groups part.
EUROPEAN: tuple[tuple[str, str], ...] = (
    ("SK", "LL NNNLL"), ("SK", "LL-NNNLL"), ("CZ", "NLN NNNN"), ("CZ", "NLL NNNN"), ("RO", "L NN LLL"),
    ("RO", "LL NN LLL"), ("RO", "LL-NN-LLL"), ("PL", "LL NNNNN"), ("PL", "LLL NNNN"), ("PL", "LL NNNNL"),
    ("D", "L·LL NNNN"), ("D", "LL·LL NNN"), ("D", "LLL·L NNN"), ("E", "NNNN LLL"), ("F", "LL-NNN-LL"),
    ("SK", "LL*NNNLL"), ("SK", "LL*NNNLL"), ("SK", "*LL-NNNLL"), ("SK", "*LLNNNLL"), ("CZ", "NLN*NNNN"),
    ("D", "LL*LLNNN"), ("D", "L*LL NNN"), ("D", "LLL*LNN"), ("PL", "LL*NNNNN"), ("F", "*LL-NNN-LL"), ("B", "*NNN LLL"),
    ("H", "LLL-NNN"), ("I", "LL NNNLL"), ("NL", "LL-NNN-L"), ("P", "NN-LL-NN"), ("UA", "LL NNNN LL"),
)  # fmt: skip


def european(rng: np.random.Generator, text: str | None = None) -> Draft:
    """520 by 110 mm with the blue band of the Union at the left."""
    width, height = 256, 55
    country, pattern = EUROPEAN[int(rng.integers(len(EUROPEAN)))]
    if rng.random() < 0.3:  # what is read must not depend on what is usual
        pattern = pattern.replace("L", "A").replace("N", "A")
    line = texts.mixed(pattern, rng) if text is None else text
    ground = plain(height, width, vary(WHITE if rng.random() < 0.93 else YELLOW, rng, 8))
    band = width * (rng.uniform(0.07, 0.095) if rng.random() < 0.7 else 0.02)
    if band > 10:
        _band(ground, country, round(band), rng)
    ink = np.zeros((height, width), np.uint8)
    setting = Setting(
        any_face(rng, ("fe", "fe", "mandatory", "mandatory")), False, rng.uniform(0.1, 0.2), rng.uniform(0.72, 1)
    )
    letters = height * rng.uniform(0.64, 0.74)
    set_line(ink, line, Area(band + 4, (height - letters) / 2, width - band - 9, letters), setting, rng)
    if rng.random() < 0.6:
        frame(ground, DARK, 1, 1, 4)
    return Draft(ground, ink, vary(DARK, rng, 8), texts.bare(line))


def _blue_band(ground: Picture, country: str, band: int, rng: np.random.Generator) -> None:
    height, width = ground.shape[:2]
    ground[:, :band] = vary((150, 60, 10), rng, 14)
    for angle in np.arange(0, 2 * np.pi, np.pi / 6):
        x, y = band * (0.5 + 0.3 * np.cos(angle)), height * 0.3 + band * 0.3 * np.sin(angle)
        cv2.circle(ground, (round(x), round(y)), 0, (60, 210, 230), -1)
    mask = np.zeros((height, width), np.uint8)
    set_word(mask, country, Area(1, height * 0.66, band - 2, height * 0.2))
    ground[:] = paint(ground, mask, WHITE)


def _band(ground: Picture, country: str, band: int, rng: np.random.Generator) -> None:
    """The blue band, or what was there before it: the letters of the country, small, mostly below a coat of arms."""
    if rng.random() < 0.6:
        _blue_band(ground, country, band, rng)
        return
    height = ground.shape[0]
    mask = np.zeros(ground.shape[:2], np.uint8)
    arms = rng.random() < 0.7
    top = rng.uniform(0.55, 0.72) if arms else rng.uniform(0.3, 0.7)
    set_word(mask, country, Area(1, height * top, band - 2, height * rng.uniform(0.16, 0.26)))
    if arms:
        size = height * rng.uniform(0.26, 0.42)
        blit(mask, any_emblem(rng), Area((band - size) / 2 + 1, height * rng.uniform(0.1, 0.24), size, size))
    ground[:] = paint(ground, mask, DARK)


def british(rng: np.random.Generator, text: str | None = None) -> Draft:
    """520 by 111 mm, white in front and yellow behind."""
    width, height = 256, 56
    pattern = ("LLNN LLL", "LLNN LLL", "LLNN LLL", "LNNN LLL", "LNN LLL", "LLL NNNL")[int(rng.integers(6))]
    line = texts.fill(pattern, rng) if text is None else text
    ground = plain(height, width, vary(WHITE if rng.random() < 0.5 else YELLOW, rng))
    band = width * (0.09 if rng.random() < 0.4 else 0.02)
    if band > 10:
        _blue_band(ground, "GB", round(band), rng)
    ink = np.zeros((height, width), np.uint8)
    face = random_face(rng, ("mandatory",)) if rng.random() < 0.7 else any_face(rng)
    letters = height * rng.uniform(0.66, 0.74)
    setting = Setting(face, False, rng.uniform(0.1, 0.17), rng.uniform(0.88, 1.05))
    set_line(ink, line, Area(band + 5, (height - letters) / 2, width - band - 10, letters), setting, rng)
    return Draft(ground, ink, vary(DARK, rng, 8), texts.bare(line), embossed=0.2)


def other(rng: np.random.Generator, text: str | None = None) -> Draft:
    """Argentina, Paraguay and whatever has five to eight letters and digits."""
    width, height = 256, int(rng.integers(60, 90))
    pattern = ("LL NNN LL", "LLLL NNN", "AAAAA", "AAAAAA", "AAAA AAA", "AAAAAAAA")[int(rng.integers(6))]
    line = texts.mixed(pattern, rng) if text is None else text
    dark = rng.random() < 0.3
    ground = plain(height, width, vary(DARK if dark else WHITE, rng, 15))
    if not dark and rng.random() < 0.6:
        ground[: height // 5] = vary((165, 62, 10), rng, 14)
    ink = np.zeros((height, width), np.uint8)
    letters = height * rng.uniform(0.5, 0.62)
    setting = Setting(any_face(rng), False, rng.uniform(0.1, 0.2), rng.uniform(0.7, 1.1))
    set_line(ink, line, Area(10, height * 0.58 - letters / 2, width - 20, letters), setting, rng)
    return Draft(ground, ink, vary(WHITE if dark else DARK, rng, 10), texts.bare(line))
