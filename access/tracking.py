"""Which read belongs to which passage: the same vehicle in another picture, or another vehicle. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition import Box, PlateError, Read, canonical, normalise

# Of two plates taken at random hardly any are so near; of two reads of one plate most are.
NEAR = 2
# Where the plate also is at the same place in the picture, one character more may be wrong: a car that follows stops
# where the one before it stood, so that the place alone says nothing.
NEAR_IN_PLACE = 3
IN_PLACE = 0.3
# A box that hardly moved: a vehicle that stands.
STILL = 0.8


@dataclass(frozen=True, slots=True)
class Track:
    """A passage as far as it can be followed.

    `keys` are its plate's: as it was read, and as a person corrected it. `settled`: it was decided on a registered
    vehicle. `ended`: it was not seen for a while, and only a vehicle that never moved takes it up again.
    """

    keys: tuple[str, ...]
    box: Box
    settled: bool = False
    ended: bool = False


def usable(reads: Sequence[Read]) -> list[Read]:
    """The reads that can be a plate, one of each plate and place, the surest first."""
    kept: list[Read] = []
    for read in sorted(reads, key=lambda each: each.certainty, reverse=True):
        if _is_plate(read.text) and not any(_same_place_or_plate(read, other) for other in kept):
            kept.append(read)
    return kept


def assign(reads: Sequence[Read], tracks: Sequence[Track], registered: frozenset[str]) -> list[int | None]:
    """For each read the index of its track, or None for a vehicle that was not seen before.

    The nearest find each other first, and a track takes one read of a picture. `registered` are the keys among the
    reads that are registered vehicles.
    """
    pairs = sorted(
        (rank, r, t)
        for r, read in enumerate(reads)
        for t, track in enumerate(tracks)
        if (rank := _rank(read, track, registered)) is not None
    )
    found: dict[int, int] = {}
    for _, r, t in pairs:
        if r not in found and t not in found.values():
            found[r] = t
    return [found.get(r) for r in range(len(reads))]


def _rank(read: Read, track: Track, registered: frozenset[str]) -> tuple[int, float] | None:
    """How far a read is from a track, by characters and then by place; None: another vehicle."""
    key, overlap = canonical(read.text), track.box.overlap(read.box)
    distance = min(edit_distance(key, own) for own in track.keys)
    if track.ended:
        return (distance, -overlap) if overlap >= STILL and distance <= NEAR else None
    if track.settled and distance and key in registered and overlap < STILL:
        return None  # the neighbour's plate may differ by one character: the next car is a passage of its own
    allowed = NEAR_IN_PLACE if overlap >= IN_PLACE else NEAR
    return (distance, -overlap) if distance <= allowed else None


def edit_distance(one: str, other: str) -> int:
    """Levenshtein's: how many characters must be put in, taken out or changed."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _same_place_or_plate(one: Read, other: Read) -> bool:
    return one.box.overlap(other.box) >= IN_PLACE or canonical(one.text) == canonical(other.text)


def _is_plate(text: str) -> bool:
    try:
        return normalise(text) == text
    except PlateError:
        return False
