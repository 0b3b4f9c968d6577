"""The kill switch: a gate, or all gates of a condominium, is not opened by us until somebody gives it back.

Whoever may open a gate may stop it. Only who stopped it, or who keeps the devices, gives it back: somebody may be at
work under it. What was held open is let go. What is on its way to a board at this moment is not called back; a command
lives for seconds.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gates import standing
from gates.models import Gate
from premises import journal
from premises.journal import Actor
from premises.models import Condominium
from premises.tenancy import allows


def hold(gate: Gate, *, by: Actor, reason: str) -> bool:
    """Stop a gate; False where it is stopped already. Raises `PermissionDenied`, `ValidationError` for no reason."""
    _check(gate.condominium_id, by, reason)
    with transaction.atomic():
        standing.end_holds(Gate.objects.filter(pk=gate.pk), by=by, reason=reason)
        return _turn(gate, "on_hold", True, "gate.held", by, reason)


def give_back(gate: Gate, *, by: Actor, reason: str) -> bool:
    """Let a gate be opened again. False where it is not stopped; raises as `hold` does."""
    _check(gate.condominium_id, by, reason)
    _check_whose(gate.condominium_id, gate.held_by, by)
    return _turn(gate, "on_hold", False, "gate.given_back", by, reason)


def hold_all(condominium: Condominium, *, by: Actor, reason: str) -> bool:
    """Stop all gates of a condominium, those that are added later too."""
    _check(condominium.pk, by, reason)
    with transaction.atomic():
        standing.end_holds(Gate.objects.filter(condominium=condominium), by=by, reason=reason)
        return _turn(condominium, "gates_on_hold", True, "gates.held", by, reason)


def give_all_back(condominium: Condominium, *, by: Actor, reason: str) -> bool:
    """A gate that is stopped by itself stays so."""
    _check(condominium.pk, by, reason)
    _check_whose(condominium.pk, condominium.held_by, by)
    return _turn(condominium, "gates_on_hold", False, "gates.given_back", by, reason)


def _check(condominium_id: int, by: Actor, reason: str) -> None:
    if not isinstance(by, str) and not allows(by, "gates.open", condominium_id):
        raise PermissionDenied(_("You may not stop the gates of this condominium."))
    if not journal.name_of(by).strip():
        raise PermissionDenied(_("Nobody is named who stops this gate."))
    if not reason.strip():
        raise ValidationError(_("Give a reason."), code="reason")


def _check_whose(condominium_id: int, held_by: str, by: Actor) -> None:
    mine = journal.name_of(by)[:150] == held_by
    if not isinstance(by, str) and not mine and not allows(by, "devices.change", condominium_id):
        raise PermissionDenied(
            _("%(name)s stopped it. Only they, or whoever keeps the devices, may give it back.") % {"name": held_by}
        )


@transaction.atomic
def _turn(row: Gate | Condominium, field: str, on: bool, action: str, by: Actor, reason: str) -> bool:
    """Compare and set."""
    name, reason = journal.name_of(by)[:150], reason.strip()[:200]
    change: dict[str, Any] = {field: on, "held_by": name if on else "", "held_because": reason if on else ""}
    rows: Any = type(row)._default_manager.filter(**{"pk": row.pk, field: not on})
    if not rows.update(**change):
        return False
    for each, value in change.items():
        setattr(row, each, value)
    condominium_id = row.condominium_id if isinstance(row, Gate) else row.pk
    journal.record(condominium_id, action, actor=by, subject=str(row), data={"reason": reason})
    return True
