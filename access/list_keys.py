"""By what two rows of a list, or a row and the register, are known to mean the same unit or the same person. Pure."""

import re
import unicodedata

from premises.models import Unit

UnitKey = tuple[str, str]
PersonKey = tuple[str, UnitKey]

_WORDS = re.compile(
    r"^(?:(?:apartamento|apto|apt|ap|unidade|unit|flat|bloco|bl|block|torre|tower)\b[.:º°]?\s*)+", re.IGNORECASE
)
_BLOCK_AND_NUMBER = re.compile(r"([A-Za-z]{1,3}|\d{1,2}(?=\s*[-/]))[\s/-]*(\d+[A-Za-z]?)")
_BETWEEN = re.compile(r"[,\s]+(?:apartamento|apto|apt|ap)\b\.?", re.IGNORECASE)


def split_unit(block: str, unit: str) -> tuple[str, str]:
    """Block and number: ("", "Bloco A apto 101") and ("A", "101") are one."""
    number, block = unit, _WORDS.sub("", block)
    bare = _WORDS.sub("", unit)
    if not block and (found := _BLOCK_AND_NUMBER.fullmatch(_BETWEEN.sub(" ", bare).strip())):
        return found[1].upper(), found[2]
    return block, bare or number


def unit_key(block: str, unit: str) -> UnitKey:
    """One for all spellings of a unit; ("", "") where there is none."""
    block, number = (re.sub(r"\W", "", part).casefold() for part in split_unit(whole(block), whole(unit)))
    return block, number


def key_of(unit: Unit | None) -> UnitKey:
    return unit_key(unit.block, unit.number) if unit else ("", "")


def name_key(name: str) -> str:
    """A name without accents, case, spaces and signs, in whatever script."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain if character.isalnum())


def person_key(name: str, unit: UnitKey) -> PersonKey:
    return name_key(name), unit


def whole(text: str) -> str:
    """A number that a spreadsheet wrote with a fraction of nothing: "101.0" → "101"."""
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)
