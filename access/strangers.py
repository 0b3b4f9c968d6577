"""What plates of vehicles look like that nobody registered: the other explanation of everything that is seen.

Brazilian letters are not uniform. Every state gives out its own ranges, so that in São Paulo a plate that begins with
FYK is a hundred times as likely as one that begins with QLB; a registered plate of another state is strong evidence,
a local one that differs by one character from a neighbour's is weak.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from access.codes import CONVERTED, LETTER, Codes, are_brazilian, by_length, decoded, encoded, prefixes_of
from recognition import Format
from recognition.formats import FORMATS
from recognition.reads import Probabilities
from recognition.regions import brazilian_prefixes

# How strangers' plates are written. Both Brazilian spellings are common; whatever else comes is from abroad.
OLD, MERCOSUL = 0.45, 0.52
ABROAD = 1 - OLD - MERCOSUL
TURNED = 0.8  # of the Mercosul plates have a fifth character that may be a converted digit
# As if so many vehicles of the whole country were counted beside those that are known at a place.
NATION = 20.0
ANYWHERE = 0.05  # of plates have letters that are in no list: special series, lists that grow

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Strangers:
    """`prefixes` (17576,) is how likely each beginning of three letters is; it sums to 1."""

    prefixes: Floats = field(repr=False)

    @classmethod
    def near(cls, plates: Iterable[str]) -> "Strangers":
        """Strangers where these plates are at home: of the same states, as often."""
        _, codes = by_length(plates).get(7, (None, np.zeros((0, 7), np.intp)))
        given = _given()
        known = given[:, prefixes_of(codes[are_brazilian(codes)])].sum(axis=1)
        counts = known + NATION * given.sum(axis=1) / given.sum()
        mixed = (counts / counts.sum() / given.sum(axis=1)) @ given
        return cls((1 - ANYWHERE) * mixed + ANYWHERE / mixed.size)

    def likelihood(self, seen: Probabilities | Floats) -> float:
        """How likely the distributions (n, 36) are if a stranger is seen: the mean over all plates of strangers."""
        rows = np.asarray(seen, np.float64)
        abroad = sum(share * _mean(rows, written) for written, share in _abroad(len(rows)))
        return (self._at_home(rows) if len(rows) == 7 else 0.0) + ABROAD * abroad

    def _at_home(self, rows: Floats) -> float:
        letters, digits = rows[:, LETTER:], rows[:, :LETTER].mean(axis=1)
        begins = letters[0] @ self.prefixes.reshape(26, 676) @ np.outer(letters[1], letters[2]).ravel()
        fifth = TURNED * rows[4, CONVERTED].mean() + (1 - TURNED) * letters[4].mean()
        return float(begins * digits[3] * digits[5] * digits[6] * (OLD * digits[4] + MERCOSUL * fifth))

    def shares_of(self, codes: Codes) -> Floats:
        """How often strangers have these very plates (m, n); 0 for plates from abroad: no single one matters."""
        if codes.shape[1] != 7:
            return np.zeros(len(codes))
        fifth = codes[:, 4]
        mercosul = MERCOSUL * (TURNED * (fifth < CONVERTED.stop) / 10 + (1 - TURNED) / 26) / 10**3
        spelt = np.where(fifth < LETTER, OLD / 10**4, mercosul)
        return np.asarray(np.where(are_brazilian(codes), self.prefixes[prefixes_of(codes)] * spelt, 0.0))

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        """Brazilian plates of strangers, in both spellings."""
        first = np.unravel_index(rng.choice(26**3, count, p=self.prefixes / self.prefixes.sum()), (26, 26, 26))
        fifth = np.where(rng.random(count) < TURNED, rng.integers(0, 10, count), rng.integers(0, 26, count)) + LETTER
        old = rng.random(count) < OLD / (OLD + MERCOSUL)
        digits = rng.integers(0, 10, (4, count))
        columns = [*(letter + LETTER for letter in first), digits[0], np.where(old, digits[3], fifth), *digits[1:3]]
        return decoded(np.stack(columns, axis=1))


@lru_cache(maxsize=1)
def _given() -> Floats:
    """Which beginnings each state gives out (states, 17576), as 0 and 1."""
    states, prefixes = zip(*brazilian_prefixes(), strict=True)
    order = sorted(set(states))
    given = np.zeros((len(order), 26**3))
    given[[order.index(state) for state in states], prefixes_of(encoded(prefixes))] = 1.0
    return given


@lru_cache(maxsize=16)
def _abroad(length: int) -> tuple[tuple[Format, float], ...]:
    """The formats of other countries with plates of that length, and how often strangers from abroad have them."""
    rows = [row for row in FORMATS if row.country != "BR"]
    total = sum(row.weight * len(row.patterns) for row in rows)
    shapes = {row.name: sum(len(shape) == length for shape in row.patterns) for row in rows}
    return tuple((row, row.weight * shapes[row.name] / total) for row in rows if shapes[row.name])


def _mean(rows: Floats, written: Format) -> float:
    """The mean likelihood over the plates of a format that have that length; listed beginnings count as any letters."""
    kinds = {"N": rows[:, :LETTER].mean(axis=1), "L": rows[:, LETTER:].mean(axis=1), "A": rows.mean(axis=1)}
    shapes = [shape for shape in written.patterns if len(shape) == len(rows)]
    return float(np.mean([np.prod([kinds[kind][place] for place, kind in enumerate(shape)]) for shape in shapes]))
