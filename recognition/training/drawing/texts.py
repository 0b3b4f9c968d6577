"""Random texts of plates. Letters and digits are drawn evenly, so that no shape is rare in training."""

import string

import numpy as np

from recognition.formats import INDIAN_STATES
from recognition.regions import BRAZILIAN_STATES, letters_of, number_of
from recognition.training.drawing.chance import pick

LETTERS = string.ascii_uppercase
DIGITS = string.digits


def fill(pattern: str, rng: np.random.Generator) -> str:
    """`L` becomes a letter, `N` a digit, `A` either, as often the one as the other; everything else stays."""
    pools = {"L": LETTERS, "N": DIGITS}
    kinds = ("LN"[int(rng.integers(2))] if kind == "A" else kind for kind in pattern)
    return "".join(pick(pools[kind], rng) if kind in pools else kind for kind in kinds)


def mixed(pattern: str, rng: np.random.Generator) -> str:
    """As `fill`, with a letter and a digit at least: a word is no plate."""
    while True:
        text = fill(pattern, rng)
        if any(character.isdigit() for character in text) and any(character.isalpha() for character in text):
            return text


_RANGES = tuple(span for _, spans in BRAZILIAN_STATES.values() for span in spans.split())


def brazilian_prefix(rng: np.random.Generator) -> str:
    """Three letters: half from a range that a state was given, half any."""
    if rng.random() < 0.5:
        return fill("LLL", rng)
    first, _, last = pick(_RANGES, rng).partition("-")
    return letters_of(int(rng.integers(number_of(first), number_of(last or first) + 1)))


def br_old(rng: np.random.Generator) -> str:
    return brazilian_prefix(rng) + fill("NNNN", rng)


def br_mercosul(rng: np.random.Generator) -> str:
    return brazilian_prefix(rng) + fill("NLNN", rng)


def indian(rng: np.random.Generator) -> str:
    pattern = pick(("NNLLNNNN", "NNLLNNNN", "NNLLNNNN", "NNLNNNN", "NLLNNNN", "NLLLNNNN", "NLNNNN"), rng)
    if rng.random() < 0.04:
        return f"{int(rng.integers(21, 40))}BH" + fill(pick(("NNNNL", "NNNNLL"), rng), rng)
    return pick(INDIAN_STATES, rng) + fill(pattern, rng)


def bare(line: str) -> str:
    """The text of a line without its separators."""
    return "".join(character for character in line if character.isalnum())
