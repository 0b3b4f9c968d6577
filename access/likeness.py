"""Registered plates that are too alike: they differ in one character, in one of their spellings. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from recognition import spellings

# What readers and people take for one another, either way round.
_ALIKE = {
    frozenset(pair)
    for pair in (
        "0O",
        "0D",
        "0Q",
        "OD",
        "OQ",
        "DQ",
        "1I",
        "2Z",
        "5S",
        "6G",
        "8B",
        "UV",
        "VY",
        "MN",
        "PR",
        "EF",
        "CG",
        "17",
        "38",
        "89",
        "39",
    )
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two vehicles' keys; `similar` where the character that differs is one that is often taken for the other."""

    one: str
    other: str
    similar: bool


def pairs_alike(keys: Iterable[str]) -> list[Pair]:
    """All pairs, the worst first."""
    groups: dict[tuple[int, str], set[tuple[str, str]]] = defaultdict(set)
    for key in keys:
        for plate in spellings(key):
            for place, character in enumerate(plate):
                groups[place, plate[:place] + "?" + plate[place + 1 :]].add((character, key))
    found: dict[tuple[str, str], bool] = {}
    for group in groups.values():
        members = sorted(group)
        for index, (character, one) in enumerate(members):
            for other_character, other in members[index + 1 :]:
                if one != other and character != other_character:
                    pair = (min(one, other), max(one, other))
                    found[pair] = found.get(pair, False) or frozenset((character, other_character)) in _ALIKE
    return [Pair(*pair, similar) for pair, similar in sorted(found.items(), key=lambda item: (not item[1], item[0]))]
