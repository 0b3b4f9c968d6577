"""How many strangers a policy would let in, and how many who are registered it would keep waiting. Pure.

Both follow from the registry, from what strangers' plates look like, and from how the recogniser reads: a sample of
reads whose truth is known, of the lane itself where there are enough, else the typical ones. A read of any other
plate is put together from their rows: for each character the row of a read of that character, from a read of the
same quality.

Strangers who are let in are too few to be met by drawing strangers. They are drawn near registered plates instead,
one to three characters away, and each counts as often as strangers have that plate. They are read badly more often
than vehicles are, for who is read well is not let in, and each counts accordingly less (importance sampling).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import comb

import numpy as np
from numpy.typing import NDArray

from access.codes import LETTER, Codes, are_brazilian, decoded
from access.weighing import Roll
from recognition import ALPHABET, canonical
from recognition.reads import Probabilities
from recognition.typical import KnownReads

FARTHEST = 3  # characters: who is farther away is let in so rarely that it does not show
EVEN = 0.05  # added to how doubtful a read is: so often are the good ones drawn too
_LENGTH = 7

Floats = NDArray[np.float64]
# Of a read its text and distributions; answers the key of the vehicle that would be let in, or None.
Opens = Callable[[str, Probabilities], str | None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a policy costs at one place.

    strangers  of a million who come by lot, how many would be let in
    error      the standard error of that: so uncertain is it
    alike      of a thousand whose plate differs from a registered one in one character
    waiting    of a thousand arrivals of registered vehicles, how many are not let in by a single picture
    mistaken   of a thousand of these, how many are let in as another registered vehicle
    """

    strangers: float
    error: float
    alike: float
    waiting: float
    mistaken: float


class Reading:
    """Reads of any Brazilian plate, put together from known ones."""

    def __init__(self, known: KnownReads) -> None:
        if len(known.truths) == 0 or known.truths.shape[1] != _LENGTH:
            raise ValueError("No read of a plate of seven characters is known.")
        self.missed = known.missed / (known.missed + len(known.truths))
        rows, truths = known.probabilities.reshape(-1, len(ALPHABET)), known.truths.ravel()
        sure = rows[np.arange(len(rows)), truths]
        # Of each character its rows, those that say it least surely first; and of each row its place among them, 0..1.
        self._of = [np.flatnonzero(truths == column) for column in range(len(ALPHABET))]
        self._of = [own[np.argsort(sure[own], kind="stable")] for own in self._of]
        rank = np.zeros(len(rows))
        for own in self._of:
            rank[own] = (np.arange(len(own)) + 0.5) / max(1, len(own))
        self._rows, self._ranks = rows, rank.reshape(known.truths.shape)
        doubt = 1.0 - sure.reshape(known.truths.shape).prod(axis=1) + EVEN
        self._badly = doubt / doubt.sum()

    def of(self, codes: Codes, rng: np.random.Generator) -> Probabilities:
        """What may be read of the plates (m, 7), as distributions (m, 7, 36)."""
        return self._like(codes, rng.integers(len(self._ranks), size=len(codes)))

    def badly(self, codes: Codes, rng: np.random.Generator) -> tuple[Probabilities, Floats]:
        """The same with bad reads more often than there are, and how often each is met in truth (m,), 1 on average."""
        chosen = rng.choice(len(self._ranks), len(codes), p=self._badly)
        return self._like(codes, chosen), 1 / (len(self._ranks) * self._badly[chosen])

    def _like(self, codes: Codes, reads: Codes) -> Probabilities:
        """Of each plate a read that is as good as the known one with that number (m,)."""
        quality = self._ranks[reads]
        chosen = np.empty(codes.shape, np.intp)
        for column, own in enumerate(self._of):
            which = codes == column
            if which.any() and not len(own):
                own = np.concatenate([self._of[other] for other in _kind(column)])
            chosen[which] = own[(quality[which] * len(own)).astype(np.intp)] if which.any() else 0
        return np.asarray(self._rows[chosen], np.float32)


def _kind(column: int) -> range:
    return range(LETTER) if column < LETTER else range(LETTER, len(ALPHABET))


@dataclass
class Trial:
    """One registry, one way of reading; every policy is tried on the same reads."""

    roll: Roll
    reading: Reading
    rng: np.random.Generator
    count: int = 2000
    codes: Codes = field(init=False)

    def __post_init__(self) -> None:
        written = self.roll.written.get(_LENGTH)
        codes = written.codes if written else np.zeros((0, _LENGTH), np.intp)
        self.codes = codes[are_brazilian(codes)]
        if not len(self.codes):
            raise ValueError("No Brazilian plate is registered here.")

    def estimates(self, policies: Sequence[Opens]) -> list[Estimate]:
        """One for each policy."""
        near = [self._strangers(distance, policies) for distance in range(1, FARTHEST + 1)]
        waiting, mistaken = self._registered(policies)
        strangers = np.sum([each.mean(axis=1) for each, _ in near], axis=0) * 1e6
        error = np.sqrt(np.sum([each.var(axis=1) / self.count for each, _ in near], axis=0)) * 1e6
        columns = (strangers, error, near[0][1] * 1e3, waiting * 1e3, mistaken * 1e3)
        return [Estimate(*(float(column[i]) for column in columns)) for i in range(len(policies))]

    def _strangers(self, distance: int, policies: Sequence[Opens]) -> tuple[Floats, Floats]:
        """What each draw so far from the registry adds to the share let in (p, m); and the share of those (p,)."""
        own = self.codes[self.rng.integers(len(self.codes), size=self.count)]
        places = np.argsort(self.rng.random(own.shape), axis=1)[:, :distance]
        others = self._changed(own, places)
        common = np.array([self._weight(code, distance) for code in others])
        seen, met = self.reading.badly(others, self.rng)
        opened = np.array([[policy(_best(rows), rows) is not None for rows in seen] for policy in policies])
        there = met * (common > 0)
        return opened * common * met, (opened * there).sum(axis=1) / max(1e-9, float(there.sum()))

    def _changed(self, codes: Codes, places: Codes) -> Codes:
        """Each plate with another character of the same kind in those places."""
        rows = np.arange(len(codes))[:, None]
        old = codes[rows, places]
        first, size = np.where(old < LETTER, 0, LETTER), np.where(old < LETTER, LETTER, len(ALPHABET) - LETTER)
        changed = codes.copy()
        changed[rows, places] = (
            first + (old - first + 1 + (self.rng.random(old.shape) * (size - 1)).astype(np.intp)) % size
        )
        return changed

    def _weight(self, code: Codes, distance: int) -> float:
        """How often strangers have that plate, over how often it is drawn here; 0 where it is nearer to another."""
        differ = self.codes != code
        far = differ.sum(axis=1)
        if far.min() != distance:
            return 0.0
        # Where letters stand for digits it is another spelling, from which nothing was drawn.
        near = differ[(far == distance) & ((self.codes < LETTER) == (code < LETTER)).all(axis=1)]
        ways = np.where(near, np.where(code < LETTER, LETTER - 1, len(ALPHABET) - LETTER - 1), 1).prod(axis=1)
        drawn = float((1 / ways).sum()) / (len(self.codes) * comb(_LENGTH, distance))
        return float(self.roll.strangers.shares_of(code[None])[0]) / drawn

    def _registered(self, policies: Sequence[Opens]) -> tuple[Floats, Floats]:
        own = self.codes[self.rng.integers(len(self.codes), size=self.count)]
        keys = [canonical(plate) for plate in decoded(own)]
        seen = self.reading.of(own, self.rng)
        opened = [[policy(_best(rows), rows) for rows in seen] for policy in policies]
        right = np.array([[key == mine for key, mine in zip(row, keys, strict=True)] for row in opened])
        wrong = np.array([[key not in (None, mine) for key, mine in zip(row, keys, strict=True)] for row in opened])
        read = 1 - self.reading.missed
        return 1 - right.mean(axis=1) * read, wrong.mean(axis=1) * read


def _best(rows: Probabilities) -> str:
    return decoded(np.asarray(rows.argmax(axis=1), np.intp)[None])[0]
