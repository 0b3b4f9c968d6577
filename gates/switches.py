"""A switch that a named person turns, with a reason, and that not everybody may turn back: who may, and the turning."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Gate
from premises import journal
from premises.journal import Actor
from premises.models import Condominium
from premises.tenancy import allows


@dataclass(frozen=True)
class Switch:
    """What is said to whom it is denied; `not_yours` has a place for the `name` of who turned it."""

    denied: Any
    unnamed: Any
    not_yours: Any

    def check(self, condominium_id: int, by: Actor, reason: str) -> None:
        """Raises `PermissionDenied`, and `ValidationError` for no reason."""
        if not isinstance(by, str) and not allows(by, "gates.open", condominium_id):
            raise PermissionDenied(str(self.denied))
        if not journal.name_of(by).strip():
            raise PermissionDenied(str(self.unnamed))
        if not reason.strip():
            raise ValidationError(_("Give a reason."), code="reason")

    def check_whose(self, condominium_id: int, turned_by: str, by: Actor) -> None:
        """Only who turned it, or who keeps the devices, turns it back."""
        mine = journal.name_of(by)[:150] == turned_by
        if not isinstance(by, str) and not mine and not allows(by, "devices.change", condominium_id):
            raise PermissionDenied(str(self.not_yours) % {"name": turned_by})


@transaction.atomic
def turn(row: Gate | Condominium, field: str, kind: str, on: bool, action: str, by: Actor, reason: str) -> bool:
    """Compare and set a row's field, with who did it and why in its fields of that kind (`held`, `locked`)."""
    name, reason = journal.name_of(by)[:150], reason.strip()[:200]
    change: dict[str, Any] = {field: on, f"{kind}_by": name if on else "", f"{kind}_because": reason if on else ""}
    rows: Any = type(row)._default_manager.filter(**{"pk": row.pk, field: not on})
    if not rows.update(**change):
        return False
    for each, value in change.items():
        setattr(row, each, value)
    condominium_id = row.condominium_id if isinstance(row, Gate) else row.pk
    journal.record(condominium_id, action, actor=by, subject=str(row), data={"reason": reason})
    return True
