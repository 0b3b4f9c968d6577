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

from recognition.classical.ocr import Symbol
from recognition.formats import FORMATS, Format
from recognition.reads import ALPHABET, POSITION, Probabilities, text_score

# Seen → what it may be instead, with weights; the remainder stays with what was seen.
LOOK_ALIKES: dict[str, dict[str, float]] = {
    "0": {"O": 0.22, "D": 0.10, "Q": 0.08, "G": 0.05, "C": 0.03, "U": 0.02, "6": 0.03, "8": 0.03},
    "1": {"I": 0.25, "L": 0.05, "J": 0.05, "T": 0.04, "7": 0.03, "4": 0.02},
    "2": {"Z": 0.20, "7": 0.03},
    "3": {"B": 0.06, "J": 0.04, "8": 0.05, "5": 0.03, "9": 0.03},
    "4": {"A": 0.15, "L": 0.03, "1": 0.02},
    "5": {"S": 0.20, "6": 0.03, "9": 0.03, "3": 0.03, "8": 0.03},
    "6": {"G": 0.15, "8": 0.05, "0": 0.03, "5": 0.03},
    "7": {"T": 0.10, "Z": 0.06, "Y": 0.04, "1": 0.03, "2": 0.02},
    "8": {"B": 0.20, "6": 0.04, "3": 0.03, "0": 0.03, "9": 0.03},
    "9": {"G": 0.05, "Q": 0.04, "P": 0.03, "3": 0.03, "0": 0.03, "8": 0.03},
    "A": {"4": 0.15, "R": 0.03},
    "B": {"8": 0.30, "R": 0.03, "E": 0.02, "3": 0.04, "6": 0.02},
    "C": {"G": 0.06, "0": 0.04, "O": 0.05, "6": 0.03},
    "D": {"0": 0.15, "O": 0.20, "Q": 0.06, "B": 0.02},
    "E": {"F": 0.08, "6": 0.05, "8": 0.02, "B": 0.02},
    "F": {"P": 0.06, "E": 0.05, "7": 0.02},
    "G": {"6": 0.22, "0": 0.10, "C": 0.06, "O": 0.08, "Q": 0.04, "D": 0.04, "9": 0.02, "8": 0.03},
    "H": {"W": 0.06, "M": 0.06, "N": 0.05, "4": 0.02},
    "I": {"1": 0.40, "L": 0.04, "J": 0.05, "T": 0.04, "7": 0.02},
    "J": {"1": 0.10, "3": 0.05, "I": 0.05, "U": 0.03, "9": 0.02},
    "K": {"X": 0.08, "H": 0.02, "R": 0.02},
    "L": {"1": 0.15, "I": 0.08, "4": 0.04, "J": 0.03, "U": 0.02},
    "M": {"H": 0.08, "W": 0.06, "N": 0.05},
    "N": {"M": 0.05, "H": 0.05, "W": 0.05},
    "O": {"0": 0.40, "D": 0.10, "Q": 0.10, "G": 0.04, "C": 0.02, "8": 0.02, "6": 0.02},
    "P": {"F": 0.06, "R": 0.05, "9": 0.02},
    "Q": {"0": 0.12, "O": 0.20, "D": 0.04, "G": 0.04},
    "R": {"P": 0.03, "A": 0.04, "K": 0.03, "8": 0.02, "2": 0.01},
    "S": {"5": 0.35, "8": 0.06, "9": 0.05, "3": 0.03, "2": 0.02},
    "T": {"1": 0.07, "7": 0.15, "I": 0.08, "Y": 0.05},
    "U": {"0": 0.05, "O": 0.05, "J": 0.04, "V": 0.05, "W": 0.02},
    "V": {"Y": 0.15, "U": 0.05, "W": 0.04},
    "W": {"M": 0.10, "N": 0.06, "H": 0.05, "V": 0.04},
    "X": {"K": 0.12, "Y": 0.06},
    "Y": {"V": 0.15, "T": 0.05, "X": 0.05, "7": 0.05},
    "Z": {"2": 0.45, "7": 0.06},
}


def _spreading() -> NDArray[np.float32]:
    table = np.full((36, 36), 0.002, np.float32)
    for seen, others in LOOK_ALIKES.items():
        row = POSITION[seen]
        for other, weight in others.items():
            table[row, POSITION[other]] = weight
        table[row, row] = 1.0 - sum(others.values())
    return np.asarray(table / table.sum(axis=1, keepdims=True), np.float32)


SPREADING = _spreading()
_DOUBT = 0.003  # what even a confident symbol leaves to every other character
_DIGITS = np.array([character.isdigit() for character in ALPHABET])
_KINDS = {"N": _DIGITS, "L": ~_DIGITS, "A": np.ones(36, bool)}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text that fits a format.

    `evidence` compares formats: how well the text explains what was seen, times the trust in the format.
    `score` is the geometric mean of the probabilities of its characters, given the format.
    """

    text: str
    format: Format
    probabilities: Probabilities
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


def correct(likely: Probabilities, formats: Sequence[Format] = FORMATS) -> list[Spelling]:
    """For each format with a pattern of this length its likeliest text, the best first."""
    spellings = [
        spelling
        for row in formats
        for pattern in row.patterns
        if len(pattern) == len(likely) and (spelling := _fit(likely, row, pattern))
    ]
    return sorted(spellings, key=lambda each: each.evidence, reverse=True)


def _fit(likely: Probabilities, row: Format, pattern: str) -> Spelling | None:
    allowed = np.where(_masks(pattern), likely, 0.0).astype(np.float32)
    text = "".join(ALPHABET[column] for column in allowed.argmax(axis=1))
    if row.starts and not text.startswith(row.starts):
        text = max((start + text[len(start) :] for start in row.starts), key=lambda each: text_score(each, likely))
    if not row.fits(text):
        return None
    evidence = text_score(text, likely) * row.weight ** (1 / len(text))
    sharpened = _sharpened(allowed, likely)
    return Spelling(text, row, sharpened, evidence, text_score(text, sharpened))


def _sharpened(allowed: Probabilities, likely: Probabilities) -> Probabilities:
    """The format counts for much, not for all: what it forbids keeps a twentieth of its weight."""
    mixed = allowed + 0.05 * likely
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)
