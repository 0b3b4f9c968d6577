"""Which topics a board may have: none that a broker reads as syntax, none of ours, none of another board."""

import re
from collections.abc import Iterable

from gates.dialects import DIALECTS
from gates.dialects.parts import Board

# Levels without dots, blanks, wildcards and `$`: the embedded broker writes topics as subjects, where dots part levels.
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,60}(/[A-Za-z0-9_-]{1,60}){0,5}")
LEVEL = re.compile(r"[A-Za-z0-9_-]{1,60}")
# Of these dialects a board's topic is one level of longer ones.
ONE_LEVEL = ("tasmota", "shelly1")
# Ours, and those by which all boards of a make are spoken to at once.
OURS = ("gates", "cancela", "homeassistant")
GROUPS = ("cmnd/tasmotas", "shellies/command", "shellies/announce", "cmnd", "stat", "tele", "shellies")


def is_topic(dialect: str, text: str) -> bool:
    return (LEVEL if dialect in ONE_LEVEL else TOPIC).fullmatch(text) is not None


def is_ours(dialect: str, board: Board, prefixes: Iterable[str] = ()) -> bool:
    """Whether the board would speak on topics of the server, of a Home Assistant, or of all boards of a make."""
    if any(is_below(dialect, board, root) for root in (*OURS, *prefixes)):
        return True
    return any(own in GROUPS for own in _territory(dialect, board))


def is_below(dialect: str, board: Board, root: str) -> bool:
    """Whether the board speaks on a topic, on one below it, or on one that it lies below."""
    return any(_overlap(own, root) for own in _territory(dialect, board))


def collide(one: tuple[str, Board], other: tuple[str, Board]) -> bool:
    """Whether two boards, each with its dialect's name, would share a topic."""
    return any(_overlap(a, b) for a in _territory(*one) for b in _territory(*other))


def _territory(dialect: str, board: Board) -> list[str]:
    return DIALECTS[dialect].territory(board)


def _overlap(one: str, other: str) -> bool:
    """Whether one is the other, or lies below it."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")
