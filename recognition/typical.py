"""Typical reads of the default engine, with what the plate truly was: for who wants to know what misreads cost.

They are reads of plates that `recognition.training.typical` drew, so that nobody's plate is among them.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.reads import Probabilities

FILE = Path(__file__).parent / "cancela/weights/reads.npz"
_POWER, _STEPS = 4, 255  # how probabilities are kept: the fourth root, in so many steps


@dataclass(frozen=True)
class KnownReads:
    """Reads whose truth is known, all of one length.

    `truths` (k, n) and `probabilities` (k, n, 36), columns of `ALPHABET`; `missed` is how many plates more were shown
    and not read, or read in another length.
    """

    truths: NDArray[np.intp] = field(repr=False)
    probabilities: Probabilities = field(repr=False)
    missed: int


@lru_cache(maxsize=1)
def typical_reads(path: Path = FILE) -> KnownReads:
    """Of Brazilian plates, with the weights that are shipped. Raises `FileNotFoundError`."""
    with np.load(path) as kept:
        likely = (kept["probabilities"].astype(np.float32) / _STEPS) ** _POWER
        likely /= likely.sum(axis=2, keepdims=True)
        return KnownReads(kept["truths"].astype(np.intp), likely, int(kept["missed"]))


def write(reads: KnownReads, path: Path) -> None:
    """In 8 bits of the fourth root: what is unlikely keeps its order of magnitude."""
    roots = np.round(reads.probabilities ** (1 / _POWER) * _STEPS).astype(np.uint8)
    np.savez_compressed(path, truths=reads.truths.astype(np.uint8), probabilities=roots, missed=reads.missed)
