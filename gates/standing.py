"""What stands at a gate until further notice, as people order it: held open until a time, locked down, or free.

Whoever may open a gate may order it, with a name and a reason, and may end a hold. Only who locked a gate down, or who
keeps the devices, frees it. The row says what is wanted; the controller is told when the transaction commits, and
again (tending.py) whenever it says otherwise. docs/holding-open.md says why it is so.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gates import commands, standing_orders, stands, switches
from gates.models import Gate
from gates.order_states import Standing
from gates.problems import Problem
from premises import journal
from premises.journal import Actor
from premises.models import Condominium

# Of one order. A controller's own limit may be lower (`max_hold_ms`).
LONGEST = timedelta(hours=4)
SWITCH = switches.Switch(
    denied=gettext_lazy("You may not hold open or lock the gates of this condominium."),
    unnamed=gettext_lazy("Nobody is named who orders this."),
    not_yours=gettext_lazy("%(name)s locked it down. Only they, or whoever keeps the devices, may free it."),
)


# --- ordered by people ----------------------------------------------------------------------------------


def hold_open(gate: Gate, *, until: datetime, by: Actor, reason: str) -> bool:
    """Hold a gate open until a time, or change until when. The controller ends it by itself.

    Raises `PermissionDenied`, and `ValidationError` for no reason, a time that will not do, and a gate that cannot be
    held open now: what cannot be done now is not done later. Returns True.
    """
    SWITCH.check(gate.condominium_id, by, reason)
    now = timezone.now()
    _check_until(until, now)
    fresh = Gate.objects.select_related("condominium", "controller").get(pk=gate.pk)
    if problem := _obstacle(fresh, now):
        raise ValidationError(problem.label, code=problem)
    return _order(gate, Standing.OPEN, (Standing.FREE, Standing.OPEN), "gate.held_open", by, reason, until=until)


def lock_down(gate: Gate, *, by: Actor, reason: str) -> bool:
    """Nothing of ours opens the gate until it is freed; the button at it does, for nobody is to be trapped.

    A hold ends by it. False where it is locked already; raises `PermissionDenied`, `ValidationError` for no reason.
    """
    SWITCH.check(gate.condominium_id, by, reason)
    return _order(gate, Standing.LOCKED, (Standing.FREE, Standing.OPEN), "gate.locked_down", by, reason)


def release(gate: Gate, *, by: Actor, reason: str) -> bool:
    """End what stands at a gate: it closes as its operator does, or opens again to who may pass.

    False where nothing stands; raises as `lock_down` does, and `PermissionDenied` where somebody else locked it.
    """
    SWITCH.check(gate.condominium_id, by, reason)
    gate.refresh_from_db()
    if gate.standing == Standing.LOCKED:
        SWITCH.check_whose(gate.condominium_id, gate.standing_by, by)
        return _order(gate, Standing.FREE, (Standing.LOCKED,), "gate.freed", by, reason)
    return _order(gate, Standing.FREE, (Standing.OPEN,), "gate.let_go", by, reason)


def hold_all_open(condominium: Condominium, *, until: datetime, by: Actor, reason: str) -> dict[Gate, str]:
    """Hold open what can be of a condominium's gates. Returns the others, each with why not; raises as `hold_open`."""
    SWITCH.check(condominium.pk, by, reason)
    _check_until(until, timezone.now())
    left: dict[Gate, str] = {}
    for gate in Gate.objects.filter(condominium=condominium):
        try:
            hold_open(gate, until=until, by=by, reason=reason)
        except ValidationError as problem:
            left[gate] = " ".join(problem.messages)
    return left


def lock_all_down(condominium: Condominium, *, by: Actor, reason: str) -> bool:
    """Nobody is let in any more; who leaves may leave, by the gates that people leave by. Every hold ends.

    The other gates are locked on their controllers. False where it is so already; raises as `lock_down` does.
    """
    SWITCH.check(condominium.pk, by, reason)
    with transaction.atomic():
        if not switches.turn(condominium, "locked_down", "locked", True, "gates.locked_down", by, reason):
            return False
        end_holds(Gate.objects.filter(condominium=condominium), by=by, reason=reason)
        _say_all(condominium)
    return True


def free_all(condominium: Condominium, *, by: Actor, reason: str) -> bool:
    """End the lock-down of a condominium. A gate that was locked down by itself stays so. As `release` else."""
    SWITCH.check(condominium.pk, by, reason)
    SWITCH.check_whose(condominium.pk, condominium.locked_by, by)
    with transaction.atomic():
        if not switches.turn(condominium, "locked_down", "locked", False, "gates.freed", by, reason):
            return False
        _say_all(condominium)
    return True


def let_all_go(condominium: Condominium, *, by: Actor, reason: str) -> int:
    """End every hold of a condominium. Returns how many there were."""
    SWITCH.check(condominium.pk, by, reason)
    return end_holds(Gate.objects.filter(condominium=condominium), by=by, reason=reason)


def end_holds(gates: QuerySet[Gate], *, by: Actor, reason: str) -> int:
    """End the holds among some gates, for who was asked already whether they may: the kill switch, a lock-down."""
    held = gates.filter(standing=Standing.OPEN)
    return sum(_order(gate, Standing.FREE, (Standing.OPEN,), "gate.let_go", by, reason) for gate in held)


def _check_until(until: datetime, now: datetime) -> None:
    if until <= now:
        raise ValidationError(_("That time is over already."), code="until")
    if until - now > LONGEST:
        raise ValidationError(_("A gate is held open for four hours at most."), code="until")


def _obstacle(gate: Gate, now: datetime) -> Problem | None:
    """Why a gate cannot be held open now."""
    if gate.condominium.locked_down:
        return Problem.LOCKED_DOWN
    if problem := commands.obstacle(gate, now):
        return problem
    controller = gate.controller
    if controller is None or stands.can_stand(controller):
        return None
    return Problem.FIRMWARE_OLD if controller.is_signed else Problem.NOT_HELD


@transaction.atomic
def _order(
    gate: Gate,
    standing: Standing,
    before: Iterable[Standing],
    action: str,
    by: Actor,
    reason: str,
    until: datetime | None = None,
) -> bool:
    """Compare and set, write it down, and have the controller told when that commits."""
    name, reason = journal.name_of(by)[:150], reason.strip()[:200]
    data = {"reason": reason, **({"until": until.isoformat()} if until else {})}
    if not put(gate, before, standing=standing, standing_until=until, standing_by=name, standing_because=reason):
        return False
    journal.record(gate.condominium_id, action, actor=by, subject=gate.name, data=data)
    transaction.on_commit(partial(standing_orders.say, gate.pk), robust=True)
    return True


def put(gate: Gate, before: Iterable[Standing], **change: Any) -> bool:
    """Compare and set. What is new is said at once, however often the old was said."""
    change |= {"standing_at": timezone.now(), "said_at": None, "said_times": 0}
    if not Gate.objects.filter(pk=gate.pk, standing__in=before).update(**change):
        return False
    for name, value in change.items():
        setattr(gate, name, value)
    return True


def _say_all(condominium: Condominium) -> None:
    """The gates whose controllers the condominium's lock-down concerns."""
    for gate in Gate.objects.filter(condominium=condominium, way_out=False):
        Gate.objects.filter(pk=gate.pk).update(said_at=None, said_times=0)
        transaction.on_commit(partial(standing_orders.say, gate.pk), robust=True)
