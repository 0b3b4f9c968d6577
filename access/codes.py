"""Plates as arrays: a character is its column in `recognition.ALPHABET`, so 0 to 9 are digits and 10 to 35 letters."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recognition import ALPHABET

Codes = NDArray[np.intp]

LETTER = 10  # the first column that is one
CONVERTED = slice(LETTER, LETTER + 10)  # what a digit of an old Brazilian plate may have become
_COLUMN = np.full(128, -1, np.intp)
_COLUMN[[ord(character) for character in ALPHABET]] = range(len(ALPHABET))


def encoded(plates: Sequence[str]) -> Codes:
    """Plates of one length as (m, n). Nothing but A-Z and 0-9 may be in them."""
    if not plates:
        return np.zeros((0, 0), np.intp)
    return _COLUMN[np.frombuffer("".join(plates).encode("ascii"), np.uint8)].reshape(len(plates), -1)


def decoded(codes: Codes) -> list[str]:
    """The plates of (m, n)."""
    return ["".join(ALPHABET[column] for column in row) for row in codes]


def by_length(plates: Iterable[str]) -> Mapping[int, tuple[Codes, Codes]]:
    """For each length the places of its plates among all (m,), and these plates (m, n)."""
    plates = list(plates)
    lengths = np.array([len(plate) for plate in plates], np.intp)
    places = {length: np.flatnonzero(lengths == length) for length in sorted(set(lengths.tolist()))}
    return {length: (own, encoded([plates[place] for place in own])) for length, own in places.items()}


def are_brazilian(codes: Codes) -> NDArray[np.bool_]:
    """Which of (m, n) are written LLLNNNN or LLLNLNN (m,)."""
    if codes.shape[1] != 7:
        return np.zeros(len(codes), np.bool_)
    return np.asarray((codes[:, :3] >= LETTER).all(axis=1) & (codes[:, [3, 5, 6]] < LETTER).all(axis=1))


def unconverted(codes: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """The old spelling, LLLNNNN, of those that have one (k, 7), and which of (m, n) these are (m,)."""
    which = are_brazilian(codes)
    which[which] = (codes[which, 4] >= CONVERTED.start) & (codes[which, 4] < CONVERTED.stop)
    old = codes[which]
    old[:, 4:5] -= LETTER
    return old, which


def prefixes_of(codes: Codes) -> Codes:
    """The first three letters of (m, n) as a number below 26³; only where they are letters does it mean anything."""
    numbers = (codes[:, :3] - LETTER) @ np.array([26 * 26, 26, 1])
    return np.asarray(np.clip(numbers, 0, 26**3 - 1), np.intp)
