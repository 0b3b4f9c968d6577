"""From seven distributions to the likeliest text that is written like a plate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recognition.formats import Format
from recognition.reads import ALPHABET, Probabilities, text_score
from recognition.window.geometry import LENGTH

_DIGITS = np.array([character.isdigit() for character in ALPHABET])
_KINDS = {"N": _DIGITS, "L": ~_DIGITS, "A": np.ones(len(ALPHABET), bool)}
_FORBIDDEN = 0.05  # what a format leaves to characters that it does not have at a place


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text of a format, the distributions given the format, and how well it agrees with what was seen, 0..1."""

    text: str
    format: Format
    probabilities: Probabilities
    seen: float
    evidence: float

    @property
    def score(self) -> float:
        return text_score(self.text, self.probabilities)


def decode(seen: Probabilities, formats: Sequence[Format]) -> Decoded | None:
    """The likeliest text of seven characters; None where no format has a pattern of that length."""
    shapes = [(row, shape) for row in formats for shape in row.patterns if len(shape) == LENGTH]
    fitting = [fitted for row, shape in shapes if (fitted := _fit(seen, row, shape))]
    return max(fitting, key=lambda each: each.evidence, default=None)


def _fit(seen: Probabilities, row: Format, shape: str) -> Decoded | None:
    allowed = np.where(np.stack([_KINDS[kind] for kind in shape]), seen, 0.0)
    text = "".join(ALPHABET[column] for column in allowed.argmax(axis=1))
    if row.starts and not text.startswith(row.starts):
        text = max((start + text[len(start) :] for start in row.starts), key=lambda each: text_score(each, seen))
    if not row.fits(text):
        return None
    mixed = allowed + _FORBIDDEN * seen
    agreement = text_score(text, seen)
    probabilities = np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)
    return Decoded(text, row, probabilities, agreement, agreement * row.weight ** (1 / LENGTH))
