"""From what Tesseract saw to a plate: position by position, with the formats' help.

Tesseract does not know that the first three characters of a Brazilian plate are letters; and it cannot tell O from 0
in a typeface that hardly does. So each character seen is spread over those it is taken for, and each format then
picks its best string. A string that needed many conversions has a low score and is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recognition.classical.confusions import SPREADING
from recognition.classical.ocr import Symbol
from recognition.formats import FORMATS, Format
from recognition.reads import ALPHABET, POSITION, Probabilities, text_score

_DOUBT = 0.003  # what even a confident symbol leaves to every other character
_DIGITS = np.array([character.isdigit() for character in ALPHABET])
_KINDS = {"N": _DIGITS, "L": ~_DIGITS, "A": np.ones(36, bool)}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text that fits a format.

    `seen`, 0..1, is how well the text agrees with what was seen; `evidence` adds what is known of the format and
    compares formats.
    `score` is the geometric mean of the probabilities of its characters, given the format.
    """

    text: str
    format: Format
    probabilities: Probabilities
    seen: float
    evidence: float
    score: float


def align(symbols: Sequence[Symbol], centres: Sequence[float]) -> Probabilities:
    """What was seen at each of the character places that segmentation found: rows (n, 36) that sum to 1.

    A place at which nothing was seen tells nothing; of several symbols at one place each counts by its confidence.
    """
    rows = np.full((len(centres), 36), _DOUBT, np.float32)
    if len(symbols) == len(centres):
        places = list(range(len(centres)))
    else:
        places = [_nearest((symbol.left + symbol.right) / 2, centres) for symbol in symbols]
    for place, symbol in zip(places, symbols, strict=True):
        rows[place, POSITION[symbol.character]] += symbol.confidence
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), np.float32)


def _nearest(x: float, centres: Sequence[float]) -> int:
    return int(np.argmin([abs(x - centre) for centre in centres]))


def spread(seen: Probabilities) -> Probabilities:
    """What the characters may be, given what was seen."""
    return np.asarray(seen @ SPREADING, np.float32)


@lru_cache(maxsize=256)
def _masks(pattern: str) -> NDArray[np.bool_]:
    return np.stack([_KINDS[kind] for kind in pattern])


def correct(likely: Probabilities, formats: Sequence[Format] = FORMATS, gap: float | None = None) -> list[Spelling]:
    """For each format with a pattern of this length its likeliest text, the best first.

    `gap` is the third gap between characters over the usual one, where it is known: see `_spacing`.
    """
    spellings = [
        spelling
        for row in formats
        for pattern in row.patterns
        if len(pattern) == len(likely) and (spelling := _fit(likely, row, pattern, _spacing(row, gap)))
    ]
    return sorted(spellings, key=lambda each: each.evidence, reverse=True)


def _spacing(row: Format, gap: float | None) -> float:
    """The likelihood of the third gap under a format.

    The old Brazilian plate has a dot after the letters, the Mercosul plate even spacing. Measured on `br_street`:
    nineteen of twenty old plates have a gap over 1.6, nineteen of twenty new ones under 2.3.
    """
    if gap is None or row.dotted is None:
        return 0.5
    dotted = float(np.clip(1 / (1 + np.exp(-3.0 * (gap - 1.9))), 0.03, 0.97))
    return dotted if row.dotted else 1.0 - dotted


def _fit(likely: Probabilities, row: Format, pattern: str, spacing: float) -> Spelling | None:
    allowed = np.where(_masks(pattern), likely, 0.0).astype(np.float32)
    text = "".join(ALPHABET[column] for column in allowed.argmax(axis=1))
    if row.starts and not text.startswith(row.starts):
        text = max((start + text[len(start) :] for start in row.starts), key=lambda each: text_score(each, likely))
    if not row.fits(text):
        return None
    seen = text_score(text, likely)
    evidence = seen * (row.weight * spacing) ** (1 / len(text))
    sharpened = _sharpened(allowed, likely)
    return Spelling(text, row, sharpened, seen, evidence, text_score(text, sharpened))


def _sharpened(allowed: Probabilities, likely: Probabilities) -> Probabilities:
    """The format counts for much, not for all: what it forbids keeps a twentieth of its weight."""
    mixed = allowed + 0.05 * likely
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)
