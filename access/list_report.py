"""What an import says that it did, or would do."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a list does to a vehicle."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    APPROVED = "approved", _("approved")
    TAKEN_UP = "taken_up", _("taken up again")
    ENDED = "ended", _("signed off")


LABELS = {
    "unit": _("unit"),
    "owner": _("owner"),
    "make": _("make and model"),
    "colour": _("colour"),
    "note": _("note"),
    "phone": _("phone"),
    "email": _("e-mail"),
}


class RowError(ValueError):
    """A row that cannot be taken."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is left out. `row` is its number as the spreadsheet shows it, from 1."""

    row: int
    plate: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """`field` is one of `LABELS`."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return str(LABELS[self.field])


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a vehicle, and what of it differs. `row` is None for one that the list does not have."""

    what: Kind
    row: int | None
    plate: str
    differences: tuple[Difference, ...] = ()

    @property
    def words(self) -> str:
        return str(Kind(self.what).label)


@dataclass(slots=True)
class Report:
    """What an import did, or would do.

    `rows` counts plates: a row with two plates counts as two, an empty row as none. `columns` says under which
    heading each thing was found. `kept` counts vehicles that a complete list does not have and that stay all the same:
    no list brought them.
    """

    rows: int = 0
    unchanged: int = 0
    kept: int = 0
    units: int = 0
    people: int = 0
    changes: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    applied: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        counted = Counter(change.what for change in self.changes)
        return {kind.value: counted[kind] for kind in Kind}

    @property
    def added(self) -> int:
        return self.counts[Kind.ADDED]

    @property
    def differing(self) -> list[Change]:
        """What happens to what is on record already: what a person wants to read one by one."""
        return [change for change in self.changes if change.what != Kind.ADDED or change.differences]

    @property
    def plates_added(self) -> list[str]:
        return [change.plate for change in self.changes if change.what == Kind.ADDED]
