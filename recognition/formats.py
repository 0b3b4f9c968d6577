"""Which strings are plates. A further country is a further row of `FORMATS`.

In a pattern `L` stands for a letter, `N` for a digit and `A` for either; `N{1,3}` for one to three of them.
The order of the rows is the order of preference: Uruguay, say, also writes LLLNNNN, but here that is Brazil.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from string import ascii_uppercase

LONGEST = 10
SHORTEST = 4
SEPARATORS = frozenset("-.·•–_/")

_ELEMENT = re.compile(r"([LNA])(?:\{(\d+),(\d+)\})?")
_MERCOSUL_LETTERS = "ABCDEFGHIJ"


class PlateError(ValueError):
    """A text that cannot be a plate; `code` is one of "empty", "characters", "too_short", "too_long"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def expand(pattern: str) -> tuple[str, ...]:
    """Every fixed-length pattern that `pattern` stands for: "LN{1,2}" → ("LN", "LNN")."""
    choices = [
        [kind * count for count in range(int(low or 1), int(high or 1) + 1)]
        for kind, low, high in _ELEMENT.findall(pattern)
    ]
    return tuple("".join(parts) for parts in product(*choices))


@dataclass(frozen=True)
class Format:
    """A way of writing plates. `country` is ISO 3166-1, or empty where a pattern belongs to no one country.

    `starts`, where given, lists the beginnings that are possible. `weight` (0..1] says how likely a string is to be
    of this format before anything is seen: Brazil is at home here. `mixed` demands a letter and a digit. `dotted`
    says whether the plate has a wide gap after its third character, None where that says nothing. `loose` marks what
    many a word on a wall would fit. `letters` are those that are given out. `twins` says that the typeface has one
    shape for O and 0, and one for I and 1: only the place tells which it is.
    """

    name: str
    country: str
    pattern: str
    weight: float = 0.1
    starts: tuple[str, ...] = field(default=(), repr=False)
    mixed: bool = False
    dotted: bool | None = None
    loose: bool = False
    letters: str = field(default=ascii_uppercase, repr=False)
    twins: bool = False

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        return tuple(shape for shape in expand(self.pattern) if SHORTEST <= len(shape) <= LONGEST)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        classes = {"L": f"[{self.letters}]", "N": "[0-9]", "A": f"[{self.letters}0-9]"}
        return re.compile("|".join("".join(classes[kind] for kind in shape) for shape in self.patterns))

    def fits(self, plate: str) -> bool:
        """Whether a normalised plate is written this way."""
        if not self._expression.fullmatch(plate):
            return False
        if self.mixed and (plate.isdigit() or plate.isalpha()):
            return False
        return not self.starts or plate.startswith(self.starts)


INDIAN_STATES = (
    "AN", "AP", "AR", "AS", "BR", "CG", "CH", "DD", "DL", "DN", "GA", "GJ", "HP", "HR", "JH", "JK", "KA", "KL",
    "LA", "LD", "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "OR", "PB", "PY", "RJ", "SK", "TG", "TN", "TR", "TS",
    "UA", "UK", "UP", "WB",
)  # fmt: skip

FORMATS: tuple[Format, ...] = (
    Format("br_old", "BR", "LLLNNNN", 1.0, dotted=True, twins=True),
    Format("br_mercosul", "BR", "LLLNLNN", 1.0, dotted=False),
    Format("in_state", "IN", "LLN{1,2}L{1,3}N{4,4}", 0.4, INDIAN_STATES),
    Format("in_short", "IN", "LLN{2,2}L{0,2}N{3,4}", 0.1, INDIAN_STATES),
    Format("in_bharat", "IN", "NNLLN{4,4}L{1,2}", 0.1, tuple(f"{year}BH" for year in range(21, 40))),
    Format("gb_current", "GB", "LLNNLLL", letters="ABCDEFGHJKLMNOPRSTUVWXYZ", twins=True),
    Format("ar_mercosul", "AR", "LLNNNLL"),
    Format("ua", "UA", "LLNNNNLL"),
    Format("es", "ES", "NNNNLLL", letters="BCDFGHJKLMNPRSTVWXYZ"),
    Format("py_mercosul", "PY", "LLLLNNN", 0.05),
    Format("cz", "CZ", "NLNNNNN", 0.1),
    Format("pl", "PL", "LLN{5,5}", 0.1),
    Format("gb_prefix", "GB", "LN{1,3}LLL", 0.03, loose=True, twins=True),
    Format("gb_suffix", "GB", "LLLN{1,3}L", 0.03, loose=True, twins=True),
    Format("us_dash", "US", "LLLN{3,3}", 0.12, loose=True),
    Format("us_california", "US", "NLLLNNN", 0.4),
    Format("generic", "", "A{5,8}", 0.04, mixed=True, loose=True),
)
BY_NAME = {row.name: row for row in FORMATS}


def normalise(text: str) -> str:
    """A plate as it is stored: upper-case A-Z and 0-9, separators and spaces gone.

    Raises `PlateError` for what cannot be a plate. Letters that only look Latin are refused, not translated:
    a plate that nobody can type would never match.
    """
    kept = "".join(character for character in text[:200] if not (character.isspace() or character in SEPARATORS))
    if not kept:
        raise PlateError("empty", "The plate is empty.")
    if not (kept.isascii() and kept.isalnum()):
        raise PlateError("characters", "A plate has only the letters A to Z and the digits 0 to 9.")
    if len(kept) > LONGEST:
        raise PlateError("too_long", f"A plate has at most {LONGEST} characters.")
    if len(kept) < SHORTEST:
        raise PlateError("too_short", f"A plate has at least {SHORTEST} characters.")
    return kept.upper()


def match_format(plate: str) -> Format | None:
    """The first row that a plate fits; None where none does or where the text cannot be a plate."""
    try:
        kept = normalise(plate)
    except PlateError:
        return None
    return next((row for row in FORMATS if row.fits(kept)), None)


def is_possible(plate: str) -> bool:
    """Whether any row of the table fits. A badge "C00D" does not; "CAM01" still does, as a plate of some country."""
    return match_format(plate) is not None


def spellings(plate: str) -> tuple[str, ...]:
    """The spellings of one vehicle, the old Brazilian one first: ("ABC1234", "ABC1C34").

    On conversion to the Mercosul plate the fifth character turns from a digit to a letter, 0-9 to A-J
    (CONTRAN resolution 729/2018 and its successors). Plates without a second spelling come back alone.
    """
    kept = normalise(plate)
    fifth = kept[4:5]
    if BY_NAME["br_old"].fits(kept):
        return kept, kept[:4] + _MERCOSUL_LETTERS[int(fifth)] + kept[5:]
    if BY_NAME["br_mercosul"].fits(kept) and fifth in _MERCOSUL_LETTERS:
        return kept[:4] + str(_MERCOSUL_LETTERS.index(fifth)) + kept[5:], kept
    return (kept,)


def canonical(plate: str) -> str:
    """One key for one vehicle: the Mercosul spelling where there is one."""
    return spellings(plate)[-1]
