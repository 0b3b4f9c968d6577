"""What the tests of holds and lock-downs share: a controller as if it were heard, and what it answers."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gates import listener, protocol, stands
from gates.listener import Heard
from gates.models import Controller, Gate, StandingOrder
from gates.protocol import Kind
from premises.models import JournalEntry

SESSION = "00112233445566aa"
WHY = "A removal van"


def soon(**more: float) -> datetime:
    return timezone.now() + timedelta(**(more or {"minutes": 15}))


def beats(
    controller: Controller, uptime: int, gates: str, *, session: str = SESSION, at: datetime | None = None
) -> None:
    """A heartbeat of firmware 1.2."""
    fields = {"online": True, "session": session, "uptime": uptime, "firmware": "1.2", "gates": gates}
    _heard(controller, Kind.STATUS, fields, ["true", session, uptime, "1.2", gates], at)


def tells(controller: Controller, uptime: int, name: str, detail: str) -> None:
    """An event."""
    fields = {"name": name, "detail": detail, "session": SESSION, "uptime": uptime}
    _heard(controller, Kind.EVENT, fields, list(fields.values()), None)


def answers(order: StandingOrder, step: str, reason: str = "", *, uptime: int = 2000) -> None:
    controller = order.gate.controller
    assert controller is not None
    fields = {"id": str(order.pk), "step": step, "reason": reason, "session": SESSION, "uptime": uptime}
    _heard(controller, Kind.ACK, fields, list(fields.values()), None)


def _heard(controller: Controller, kind: Kind, fields: dict[str, Any], values: list[Any], at: datetime | None) -> None:
    signature = protocol.sign(bytes.fromhex(controller.key), kind, controller.device, values)
    payload = json.dumps({**fields, "signature": signature}).encode()
    listener.apply(Heard(f"gates/{controller.device}/{kind}", payload, False, at or timezone.now()))


def fresh(gate: Gate) -> Gate:
    return Gate.objects.select_related("controller", "condominium").get(pk=gate.pk)


def said(gate: Gate) -> list[tuple[str, str]]:
    """What the controller was told, in order: what stands, and the order's state."""
    return list(StandingOrder.objects.filter(gate=gate).order_by("sent_at").values_list("standing", "state"))


def last(gate: Gate) -> StandingOrder:
    found = StandingOrder.objects.filter(gate=gate).select_related("gate__controller").order_by("sent_at").last()
    assert found is not None
    return found


def heeded(gate: Gate, what: str) -> bool:
    """Whether the controller shows it and said that it obeyed, which come in any order."""
    return stands.on_board(fresh(gate)) == what and last(gate).state == "done" and last(gate).standing == what


def told() -> list[str]:
    """The actions that the journal has of gates, in order."""
    entries = JournalEntry.objects.filter(action__startswith="gate").order_by("sequence")
    return list(entries.values_list("action", flat=True))
