"""Stacked columns: rectangles that a template writes down as SVG, and a report as lines of PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 160
# Below the columns: room for what they are called.
FOOT = 24
# A name below a column takes so much: with more of them they would run into each other.
NAME = 60
WIDEST = 48


@dataclass(frozen=True)
class Part:
    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """`shown` is its name where there is room for it; `counts` are in the order of the stack."""

    name: str
    shown: str
    total: int
    middle: float
    top: float
    parts: tuple[Part, ...]
    counts: tuple[int, ...]


def columns(rows: Sequence[tuple[str, Mapping[str, int]]], stack: Sequence[str], width: int = WIDTH) -> list[Column]:
    """A column for each named row, from the bottom up in the order of the stack; the fullest fills the height."""
    most = max((sum(counts.get(series, 0) for series in stack) for _name, counts in rows), default=0)
    step = width / max(len(rows), 1)
    every = -(-len(rows) * NAME // width) or 1
    return [
        _column(number, name, counts, stack, most, step, is_named=number % every == 0)
        for number, (name, counts) in enumerate(rows)
    ]


def _column(
    number: int, name: str, counts: Mapping[str, int], stack: Sequence[str], most: int, step: float, *, is_named: bool
) -> Column:
    numbers = tuple(counts.get(series, 0) for series in stack)
    thick = min(step * 0.76, WIDEST)
    x, top, parts = number * step + (step - thick) / 2, float(HEIGHT), []
    for series, each in zip(stack, numbers, strict=True):
        height = each / most * HEIGHT if each else 0
        top -= height
        if height:
            parts.append(Part(series, round(x, 1), round(top, 1), round(thick, 1), round(height, 1)))
    total = sum(numbers)
    return Column(name, name if is_named else "", total, round(number * step + step / 2, 1), top, tuple(parts), numbers)
