"""Finding a vehicle by a part of its plate, in either spelling, typed anyhow."""

import re

from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

from recognition.formats import SEPARATORS

# A part typed from an old plate, as it stands in the Mercosul spelling under which a passage is kept.
LETTERS = "ABCDEFGHIJ"
# The place of the character that differs between the two spellings, of seven.
FIFTH = 4


def fragment(text: str) -> str:
    """What was typed, as plates are kept; empty where it cannot be a part of one."""
    kept = "".join(char for char in text if not (char.isspace() or char in SEPARATORS)).upper()
    return kept if kept.isascii() and kept.isalnum() else ""


def words(text: str) -> list[str]:
    """What was typed, word by word; what stands in quotation marks is one."""
    return [unescape_string_literal(word) if _is_quoted(word) else word for word in smart_split(text)]


def _is_quoted(word: str) -> bool:
    return word[0] in "\"'" and word[0] == word[-1] and len(word) > 1


def matching(text: str, *, plain: tuple[str, ...], key: str | None = None) -> Q:
    """Rows whose plate contains the text. `plain` are fields to look into as they are, `key` the canonical one."""
    part = fragment(text)
    if not part:
        return Q(pk__in=[])
    found = Q()
    for name in plain:
        found |= Q(**{f"{name}__contains": part})
    for pattern in as_mercosul(part) if key else ():
        found |= Q(**{f"{key}__regex": pattern})
    return found


def as_mercosul(part: str) -> list[str]:
    """Patterns of Mercosul plates whose old spelling contains the part: "1234" → ["^[A-Z]{3}1C34$"]."""
    if not re.fullmatch(r"[A-Z]{0,3}[0-9]{1,4}", part):
        return []
    letters = len(part) - len(part.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    starts = [3 - letters] if letters else range(3, 8 - len(part))
    return [_aligned(part, start) for start in starts if start <= FIFTH < start + len(part)]


def _aligned(part: str, start: int) -> str:
    place = FIFTH - start
    swapped = part[:place] + LETTERS[int(part[place])] + part[place + 1 :]
    return f"^[A-Z0-9]{{{start}}}{swapped}"
