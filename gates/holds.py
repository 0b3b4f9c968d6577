"""The kill switch: a gate, or all gates of a condominium, is not opened by us until somebody gives it back.

Whoever may open a gate may stop it. Only who stopped it, or who keeps the devices, gives it back: somebody may be at
work under it. What was held open is let go. What is on its way to a board at this moment is not called back; a command
lives for seconds.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gates import standing, switches
from gates.models import Gate
from premises.journal import Actor
from premises.models import Condominium

SWITCH = switches.Switch(
    denied=_("You may not stop the gates of this condominium."),
    unnamed=_("Nobody is named who stops this gate."),
    not_yours=_("%(name)s stopped it. Only they, or whoever keeps the devices, may give it back."),
)


def hold(gate: Gate, *, by: Actor, reason: str) -> bool:
    """Stop a gate; False where it is stopped already. Raises `PermissionDenied`, `ValidationError` for no reason."""
    SWITCH.check(gate.condominium_id, by, reason)
    with transaction.atomic():
        standing.end_holds(Gate.objects.filter(pk=gate.pk), by=by, reason=reason)
        return switches.turn(gate, "on_hold", "held", True, "gate.held", by, reason)


def give_back(gate: Gate, *, by: Actor, reason: str) -> bool:
    """Let a gate be opened again. False where it is not stopped; raises as `hold` does."""
    SWITCH.check(gate.condominium_id, by, reason)
    SWITCH.check_whose(gate.condominium_id, gate.held_by, by)
    return switches.turn(gate, "on_hold", "held", False, "gate.given_back", by, reason)


def hold_all(condominium: Condominium, *, by: Actor, reason: str) -> bool:
    """Stop all gates of a condominium, those that are added later too."""
    SWITCH.check(condominium.pk, by, reason)
    with transaction.atomic():
        standing.end_holds(Gate.objects.filter(condominium=condominium), by=by, reason=reason)
        return switches.turn(condominium, "gates_on_hold", "held", True, "gates.held", by, reason)


def give_all_back(condominium: Condominium, *, by: Actor, reason: str) -> bool:
    """A gate that is stopped by itself stays so."""
    SWITCH.check(condominium.pk, by, reason)
    SWITCH.check_whose(condominium.pk, condominium.held_by, by)
    return switches.turn(condominium, "gates_on_hold", "held", False, "gates.given_back", by, reason)
