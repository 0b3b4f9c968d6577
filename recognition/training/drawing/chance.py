"""Choosing by chance, and grounds that are drawn once and chosen often."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
Drawn = TypeVar("Drawn")


def pick(options: Sequence[Item], rng: np.random.Generator) -> Item:
    return options[int(rng.integers(len(options)))]


def weighted(options: Sequence[tuple[Item, float]], rng: np.random.Generator) -> Item:
    """One of (item, weight), as often as its weight says; the weights need not sum to one."""
    cumulated = np.cumsum([weight for _, weight in options])
    index = int(np.searchsorted(cumulated, rng.random() * cumulated[-1], side="right"))
    return options[min(index, len(options) - 1)][0]


def banked(draw: Callable[[np.random.Generator], Drawn], size: int) -> Callable[[np.random.Generator], Drawn]:
    """`draw` with only `size` different results, each drawn when it is first chosen. Nobody may change them."""

    @lru_cache(maxsize=size)
    def drawn(index: int) -> Drawn:
        return draw(np.random.default_rng(index))

    return lambda rng: drawn(int(rng.integers(size)))
