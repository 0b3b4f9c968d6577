"""What was seen, held against every registered vehicle at once and against "some other plate".

For each vehicle: how likely are the reader's distributions if this one stands there, in either of its spellings? For
strangers: how likely are they on average over all plates that strangers have? With what is known before anything is
seen, how many of those who come are registered, that makes a probability for every vehicle (Bayes' rule). It opens
where one vehicle has nearly all of it, also if a character was misread, and it does not where a stranger's plate
would explain the picture as well.

Strangers are not only drawn by lot. Cars bought together have plates in a row, and who wants to get in by a likeness
looks for one. So one stranger in a hundred is taken to have a plate that differs from a registered one in a single
character, however few are registered: what is clearly read is then never taken for its neighbour.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from access.codes import LETTER, Codes, by_length, encoded, unconverted
from access.strangers import Strangers
from recognition import ALPHABET
from recognition.reads import Probabilities

REGISTERED = 0.5  # of those who come, before anything is seen; at most gates it is more
ALIKE = 0.01  # of the strangers differ from a registered plate in one character
_FAR = 1e-12  # of the likeliest plate's likelihood: what has less is too unlikely to matter, and its neighbours too
NAMED = 5  # vehicles that are named, the likeliest
_LEAST = 1e-6  # no reader excludes a character

_SIDE = len(ALPHABET)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A vehicle's key, and the probability that it is the one that was seen."""

    key: str
    share: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The likeliest registered vehicles, the best first, and the probability of a stranger."""

    shares: tuple[Share, ...]
    stranger: float


@dataclass(frozen=True)
class Written:
    """The plates of one length, one a row: m of them.

    `pairs` has the characters two by two as one number, a column (m,) each: half as many look-ups as characters, in
    tables that still fit the nearest cache. `codes` (m, n) has them one by one. `owners` (m,) is the vehicle of each
    row, `common` (m,) how often strangers would have that plate.
    """

    pairs: tuple[Codes, ...]
    codes: Codes
    owners: Codes
    common: Floats

    @classmethod
    def of(cls, codes: Codes, vehicles: Codes, strangers: Strangers) -> "Written":
        """Of the plates (m, n) of vehicles (m,); Brazilian ones also in the spelling before the conversion."""
        old, which = unconverted(codes)
        both = np.concatenate([codes, old])
        pairs = [both[:, at] * _SIDE + both[:, at + 1] for at in range(0, both.shape[1] - 1, 2)]
        alone = [both[:, -1].copy()] if both.shape[1] % 2 else []
        return cls((*pairs, *alone), both, np.concatenate([vehicles, vehicles[which]]), strangers.shares_of(both))

    def likelihoods(self, rows: Floats) -> Floats:
        """Of every plate the product of its characters' probabilities (m,)."""
        tables = [np.outer(rows[at], rows[at + 1]).ravel() for at in range(0, len(rows) - 1, 2)]
        tables += [rows[-1]] if len(rows) % 2 else []
        likely = tables[0].take(self.pairs[0])
        for table, column in zip(tables[1:], self.pairs[1:], strict=True):
            likely *= table.take(column)
        return likely

    def neighbours(self, rows: Floats, likely: Floats) -> float:
        """The mean likelihood over all plates with one character changed, a digit to a digit, a letter to a letter."""
        nearest = np.flatnonzero(likely > _FAR * likely.max())
        codes, places = self.codes[nearest], np.arange(len(rows))
        own, digits = rows[places, codes], codes < LETTER
        alike = np.where(digits, rows[:, :LETTER].sum(axis=1), rows[:, LETTER:].sum(axis=1)) - own
        changed = likely[nearest, None] / own * alike / np.where(digits, 9, 25)
        return float(changed.mean(axis=1).sum()) / len(likely)

    def agreements(self, code: Codes) -> Codes:
        """In how many places each plate (m,) is the one given (n,)."""
        return np.asarray((self.codes == code).sum(axis=1), np.intp)


@dataclass(frozen=True)
class Roll:
    """All plates on record in a condominium, made ready to be weighed. `keys` are the vehicles, in order."""

    keys: tuple[str, ...]
    strangers: Strangers
    written: dict[int, Written] = field(repr=False)

    @classmethod
    def of(cls, keys: Iterable[str], strangers: Strangers | None = None) -> "Roll":
        """`keys` are canonical plates, in any order; strangers are taken to come from where these are at home."""
        keys = tuple(sorted(set(keys)))
        known = strangers or Strangers.near(keys)
        rows = by_length(keys).items()
        return cls(keys, known, {length: Written.of(codes, vehicles, known) for length, (vehicles, codes) in rows})

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False
        place = bisect_left(self.keys, key)
        return place < len(self.keys) and self.keys[place] == key

    def weigh(self, seen: Probabilities) -> Weights:
        """Who it may be, by distributions (n, 36) over the characters of one plate."""
        rows = np.maximum(np.asarray(seen, np.float64), _LEAST)
        written = self.written.get(len(rows))
        if written is None:
            return Weights((), 1.0)
        likely = written.likelihoods(rows)
        # What is registered is no stranger's. Either spelling may be on the car: each has half of its vehicle's share.
        others = max(0.0, self.strangers.likelihood(rows) - float(written.common @ likely))
        others = (1 - ALIKE) * others + ALIKE * written.neighbours(rows, likely)
        own = np.bincount(written.owners, likely, minlength=len(self.keys)) / (2 * len(self.keys))
        total = REGISTERED * float(own.sum()) + (1 - REGISTERED) * others
        if total <= 0:
            return Weights((), 1.0)
        return Weights(tuple(self._best(own * (REGISTERED / total))), (1 - REGISTERED) * others / total)

    def agreeing(self, text: str, least: int) -> tuple[str, ...]:
        """The vehicles that agree with `text` in the most places, in one of their spellings, if in `least` or more."""
        written = self.written.get(len(text))
        if written is None:
            return ()
        equal = np.zeros(len(self.keys), np.intp)
        np.maximum.at(equal, written.owners, written.agreements(encoded([text])[0]))
        most = int(equal.max(initial=0))
        return tuple(self.keys[int(index)] for index in np.flatnonzero(equal == most)) if most >= least else ()

    def _best(self, shares: Floats) -> Iterable[Share]:
        best = np.flatnonzero(shares > _FAR * shares.max())
        for index in best[np.argsort(-shares[best])[:NAMED]]:
            yield Share(self.keys[int(index)], float(shares[index]))
