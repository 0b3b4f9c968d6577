"""How well a lane reads: of the reads whose truth is known, which characters are taken for which.

Known is who was let in, and whom a person corrected. Who was misread so badly that nobody noticed is not among them, so
the share that is read right is an upper bound.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from access.estimating import KNOWN, LATELY, spelt
from access.models import Detection, Lane

MOST = 20_000  # reads, the latest
ENOUGH = 10  # reads of an hour or a day, below which a share would say nothing


@dataclass(frozen=True, slots=True)
class KnownRead:
    """What was read, and the key of the vehicle that was there. `corrected`: a person said so."""

    text: str
    key: str
    at: datetime
    corrected: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Of `count` reads, `right` had every character right."""

    count: int
    right: int

    @property
    def part(self) -> float:
        return self.right / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Confusion:
    """A character that was taken for another, of all the times that it was there."""

    true: str
    read: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Quality:
    """`length`: reads with more or fewer characters than the plate has, which are no confusion of any."""

    all: Share
    corrected: int
    length: int
    confusions: list[Confusion]
    hours: list[tuple[int, Share]]
    days: list[tuple[str, Share]]


def quality(reads: Iterable[KnownRead], zone: tzinfo) -> Quality:
    """The figures of known reads; hours and days are those of the zone, as far as there are enough reads of each."""
    reads = list(reads)
    pairs = [(truth, read.text) for read in reads if (truth := spelt(read.key, read.text))]
    return Quality(
        share(reads),
        sum(read.corrected for read in reads),
        len(reads) - len(pairs),
        confusions(pairs),
        [(int(hour), part) for hour, part in _by(reads, zone, "%H")],
        _by(reads, zone, "%Y-%m-%d"),
    )


def share(reads: Iterable[KnownRead]) -> Share:
    right = [read.text in (read.key, spelt(read.key, read.text)) for read in reads]
    return Share(len(right), sum(right))


def confusions(pairs: Iterable[tuple[str, str]]) -> list[Confusion]:
    """Of pairs of a plate and what was read of it, as long: the most frequent first."""
    met: Counter[str] = Counter()
    taken: Counter[tuple[str, str]] = Counter()
    for truth, text in pairs:
        met.update(truth)
        taken.update((a, b) for a, b in zip(truth, text, strict=True) if a != b)
    ranked = sorted(taken.items(), key=lambda each: (-each[1], each[0]))
    return [Confusion(true, read, count, met[true]) for (true, read), count in ranked]


def _by(reads: Iterable[KnownRead], zone: tzinfo, pattern: str) -> list[tuple[str, Share]]:
    groups: dict[str, list[KnownRead]] = {}
    for read in reads:
        groups.setdefault(f"{read.at.astimezone(zone):{pattern}}", []).append(read)
    return [(name, share(groups[name])) for name in sorted(groups) if len(groups[name]) >= ENOUGH]


def reads_of(lane: Lane, now: datetime) -> list[KnownRead]:
    """The lane's reads of the last months whose truth is known, the latest of them."""
    rows = Detection.objects.filter(KNOWN, passage__lane=lane, taken_at__gte=now - LATELY).order_by("-taken_at")
    named = rows.values_list("text", "passage__plate_key", "taken_at", "passage__reviewed_at")
    return [KnownRead(text, key, at, reviewed is not None) for text, key, at, reviewed in named[:MOST]]
