"""What shall stand at a gate until further notice, and what its controller says stands there."""

import re
from datetime import datetime

from django.utils import timezone

from gates import controllers
from gates.models import Controller, Gate
from gates.order_states import Standing

# The first firmware that takes orders until further notice.
ABLE = (1, 2)
VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")


def is_locked(gate: Gate) -> bool:
    """Whether nothing of ours may open it: by itself, or with its condominium where nobody leaves by it."""
    return gate.standing == Standing.LOCKED or (gate.condominium.locked_down and not gate.way_out)


def is_stopped(gate: Gate) -> bool:
    """Whether something else forbids that it is held open."""
    return gate.on_hold or gate.condominium.gates_on_hold or gate.condominium.locked_down


def wanted(gate: Gate, now: datetime | None = None) -> Standing:
    """What shall stand there at a moment, as the row and its condominium's say."""
    if is_locked(gate):
        return Standing.LOCKED
    is_open = gate.standing == Standing.OPEN and not is_stopped(gate)
    return Standing.OPEN if is_open and _lasts(gate, now or timezone.now()) else Standing.FREE


def _lasts(gate: Gate, now: datetime) -> bool:
    return gate.standing_until is not None and now < gate.standing_until


def on_board(gate: Gate, now: datetime | None = None) -> Standing | None:
    """What its controller says stands there; None where it is not heard, or is too old to be told."""
    controller = gate.controller
    if controller is None or not can_stand(controller) or not controllers.is_online(controller, now):
        return None
    return Standing(gate.on_board)


def can_stand(controller: Controller) -> bool:
    """Whether it takes such orders: older firmware calls them malformed, boards of other makes know nothing of them."""
    if not controller.is_signed:
        return False
    version = VERSION.match(controller.firmware)
    return version is not None and tuple(map(int, version.groups())) >= ABLE
