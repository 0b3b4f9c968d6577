"""Lists of the first page, which are long where somebody answers for hundreds of condominiums."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Shortened(list[T]):
    """The first rows of a list; `left_out` more are not shown."""

    def __init__(self, rows: Sequence[T], most: int) -> None:
        super().__init__(rows[:most])
        self.left_out = len(rows) - len(self)
