"""From the reader's slots to a text that is written as plates are written.

The reader says for each of ten slots how likely each character is, and how likely that nothing is left to read. Of all
texts that fit a format, that one is taken for which the format's weight times the probabilities of its characters,
and of blanks after them, is greatest. For every pattern of a format it is found exactly: characters of different
slots do not depend on one another, but for lists of beginnings, of which each is tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recognition.formats import FORMATS, Format
from recognition.reads import ALPHABET, POSITION, Probabilities

SLOTS = 10
BLANK = len(ALPHABET)
_DIGITS = slice(0, 10)
_LETTERS = slice(10, 36)
_DOUBT = 3e-5  # left to every class by the surest network
_TWINS = (("O", "0"), ("I", "1"))
TWIN = 0.1  # of what speaks for one of two characters of one shape, how much speaks for the other

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The likeliest text of the likeliest format.

    probabilities  (n, 36) for each place of the text, over the patterns of its length; rows sum to 1
    posterior      log of the text's share among all texts of all formats
    margin         log of how much likelier it is than any other text
    fit            log of how much less likely it is than the text read without any format; about 0 where it fits.
                   Above 0 where the typeface's twins were counted together
    """

    text: str
    format: Format
    probabilities: Probabilities = field(repr=False, compare=False)
    posterior: float
    margin: float
    fit: float


@lru_cache(maxsize=8)
def decoder(formats: tuple[Format, ...] = FORMATS) -> "Decoder":
    """The decoder of these formats; their tables are built once."""
    return Decoder(formats)


class Decoder:
    """All patterns of some formats side by side, so that a plate is held against them in one step."""

    def __init__(self, formats: Sequence[Format]) -> None:
        rows = [(row, shape) for row in formats for shape in row.patterns]
        self._formats = [row for row, _ in rows]
        self._lengths = np.array([len(shape) for _, shape in rows])
        self._weights = np.log([row.weight for row, _ in rows])
        self._twins = np.array([int(row.twins) for row, _ in rows])
        self._allowed = np.stack([_allowed(row, shape) for row, shape in rows])
        self._lists = [_List.of(row, self._formats) for row in formats if row.starts]
        self._mixed = np.flatnonzero([row.mixed for row, _ in rows])

    def decode(self, slots: Probabilities) -> Decoded:
        """The likeliest text of slots (10, 37), whose columns are those of the alphabet, then blank."""
        seen = _softened(slots)
        both = np.stack([seen, _folded(seen)])
        likely = np.where(self._allowed, both[self._twins], 0.0)
        found = self._best(likely, np.log(both))
        joint = self._weights + found.best
        winner = int(joint.argmax())
        n = int(self._lengths[winner])
        return Decoded(
            text="".join(ALPHABET[column] for column in found.columns[winner, :n]),
            format=self._formats[winner],
            probabilities=self._places(likely, joint, n),
            posterior=float(joint[winner] - np.logaddexp.reduce(self._weights + found.mass)),
            margin=float(joint[winner] - self._runner_up(likely, found, joint, winner)),
            fit=float(found.best[winner] - np.log(seen.max(axis=1)).sum()),
        )

    def _best(self, likely: Floats, logs: Floats) -> "_Found":
        """The best text of every pattern, and the probability of all its texts together."""
        with np.errstate(divide="ignore"):
            places, masses = np.log(likely.max(axis=2)), np.log(likely.sum(axis=2))
        found = _Found(likely.argmax(axis=2), places.sum(axis=1), masses.sum(axis=1))
        for listed in self._lists:
            listed.apply(found, places, masses, logs)
        for row in self._mixed:
            _mix(found, likely[row], int(row))
        return found

    def _runner_up(self, likely: Floats, found: "_Found", joint: Floats, winner: int) -> float:
        """The best text other than the winner's: that of another pattern, or its own with one place changed."""
        same = (found.columns == found.columns[winner]).all(axis=1)
        changed = [joint[row] - self._least_change(likely[row], found, int(row)) for row in np.flatnonzero(same)]
        return float(max([*changed, *joint[~same]]))

    def _least_change(self, likely: Floats, found: "_Found", row: int) -> float:
        """What it costs at least to change a pattern's best text."""
        n, columns = int(self._lengths[row]), found.columns[row]
        places = likely[:n].copy()
        if row in self._mixed:
            _keep_mixed(places, columns[:n])
        own = places[np.arange(n), columns[:n]]
        places[np.arange(n), columns[:n]] = 0.0
        with np.errstate(divide="ignore"):
            cost = np.log(own) - np.log(places.max(axis=1))
        listed = found.lists.get(row)
        return float(min([listed[1], *cost[listed[0] :]]) if listed else cost.min())

    def _places(self, likely: Floats, joint: Floats, n: int) -> Probabilities:
        """The distribution at each place: the patterns of that length, each as likely as its best text."""
        rows = np.flatnonzero((self._lengths == n) & np.isfinite(joint))
        share = np.exp(joint[rows] - joint[rows].max())
        own = likely[rows, :n, :BLANK]
        mixed = np.einsum("r,rnc->nc", share, own / own.sum(axis=2, keepdims=True))
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)


@dataclass(slots=True)
class _Found:
    """For each pattern: the columns of its best text (10,), its log probability, and that of all its texts.

    `lists`: for patterns with listed beginnings, the length of the beginning and what the next best one costs.
    """

    columns: NDArray[np.intp]
    best: Floats
    mass: Floats
    lists: dict[int, tuple[int, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _List:
    """The beginnings of a format as columns (s, p), and its patterns."""

    starts: NDArray[np.intp]
    rows: NDArray[np.intp]
    twins: int

    @classmethod
    def of(cls, row: Format, formats: list[Format]) -> "_List":
        starts = np.array([[POSITION[character] for character in start] for start in row.starts])
        return cls(starts, np.flatnonzero([each is row for each in formats]), int(row.twins))

    def apply(self, found: _Found, places: Floats, masses: Floats, logs: Floats) -> None:
        """Let the patterns begin in no other way."""
        n = self.starts.shape[1]
        scores = logs[self.twins][np.arange(n), self.starts].sum(axis=1)
        order = np.argsort(scores)
        gap = float(scores[order[-1]] - scores[order[-2]]) if len(order) > 1 else float("inf")
        found.columns[self.rows, :n] = self.starts[order[-1]]
        found.best[self.rows] = scores[order[-1]] + places[self.rows, n:].sum(axis=1)
        found.mass[self.rows] = np.logaddexp.reduce(scores) + masses[self.rows, n:].sum(axis=1)
        found.lists.update(dict.fromkeys(self.rows.tolist(), (n, gap)))


def _allowed(row: Format, shape: str) -> NDArray[np.bool_]:
    """Which column may stand in which slot (10, 37): the pattern's classes, then blanks."""
    digits, letters = np.zeros(BLANK + 1, bool), np.zeros(BLANK + 1, bool)
    digits[_DIGITS] = True
    letters[[POSITION[letter] for letter in row.letters]] = True
    classes = {"N": digits, "L": letters, "A": digits | letters}
    blank = np.arange(BLANK + 1) == BLANK
    return np.stack([*(classes[kind] for kind in shape), *[blank] * (SLOTS - len(shape))])


def _softened(slots: Probabilities) -> Floats:
    """No class is impossible: a network that is sure of a misread would otherwise outweigh everything."""
    seen = np.asarray(slots, np.float64) + _DOUBT
    return np.asarray(seen / seen.sum(axis=1, keepdims=True))


def _folded(seen: Floats) -> Floats:
    """What is seen where O and 0 are one shape, and I and 1: what speaks for one speaks a little for the other.

    Only a little. The network sees band, dot and spacing, and mostly knows by them of which kind a place is. Counted in
    full, a fifth character I of a Mercosul plate would be a 1 as well, and every such plate an old one.
    """
    folded = seen.copy()
    for pair in _TWINS:
        columns = [POSITION[character] for character in pair]
        folded[:, columns] += TWIN * seen[:, columns[::-1]]
    return folded


def _mix(found: _Found, likely: Floats, row: int) -> None:
    """Let the best text of a pattern of letters and digits hold both."""
    n = int((likely[:, :BLANK].sum(axis=1) > 0).sum())
    digits, letters = likely[:n, _DIGITS], likely[:n, _LETTERS]
    with np.errstate(divide="ignore"):
        alone = [np.log(part.sum(axis=1)).sum() for part in (digits, letters)]
        blanks = np.log(likely[n:].max(axis=1)).sum()
        rest = 1 - np.exp(np.logaddexp.reduce(alone) + blanks - found.mass[row])
        found.mass[row] += np.log(max(rest, 1e-12))
    columns = found.columns[row, :n]
    missing, first = (letters, 10) if (columns < 10).all() else (digits, 0)
    if (columns < 10).any() and (columns >= 10).any():
        return
    cost = np.log(likely[np.arange(n), columns]) - np.log(missing.max(axis=1))
    place = int(cost.argmin())
    columns[place] = first + int(missing[place].argmax())
    found.best[row] -= cost[place]


def _keep_mixed(places: Floats, columns: NDArray[np.intp]) -> None:
    """Where a text has a single letter, or a single digit, forbid to change it into the other."""
    is_digit = columns < 10
    if is_digit.sum() == 1:
        places[is_digit, _LETTERS] = 0.0
    if (~is_digit).sum() == 1:
        places[~is_digit, _DIGITS] = 0.0
