"""Boards of other makes, registered in a condominium and connected to its broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gates import board_reports, controllers
from gates.controllers import Credentials
from gates.heard import Heard
from gates.models import Controller, Gate, GateCommand
from premises.models import Condominium
from tests.gates.boards import (
    BoardAtBroker,
    CoverBoard,
    EspHomeBoard,
    PlainBoard,
    ShellyOne,
    ShellyTwo,
    TasmotaBoard,
)
from tests.gates.parts import Ears

Registered = tuple[Gate, Controller, Credentials]

SPEAKS: dict[str, dict[str, str]] = {
    "plain": {"topic": "portao/abrir"},
    "tasmota": {"topic": "tasmota_9CF9D1"},
    "shelly1": {"topic": "shelly1-ABC123"},
    "shelly2": {"topic": "shellyplus1-a8032abe54dc"},
    "esphome": {"topic": "portaria"},
    "cover": {"topic": "garagem/portao"},
}
POWER = "stat/tasmota_9CF9D1/POWER"
KIND: dict[str, type[BoardAtBroker]] = {
    "plain": PlainBoard,
    "tasmota": TasmotaBoard,
    "shelly1": ShellyOne,
    "shelly2": ShellyTwo,
    "esphome": EspHomeBoard,
    "cover": CoverBoard,
}
ANSWERING = [name for name in SPEAKS if name != "plain"]


def make(condominium: Condominium, dialect: str, *, gate: dict[str, Any] | None = None, **more: Any) -> Registered:
    speaks: dict[str, Any] = {"dialect": dialect, **SPEAKS[dialect], **more}
    controller, credentials = controllers.register(condominium, f"A {dialect}", f"board-{dialect}", **speaks)
    own = {"name": "Main gate", "pulse_ms": 120, "life_ms": 1500} | (gate or {})
    return Gate.objects.create(condominium=condominium, controller=controller, **own), controller, credentials


@contextmanager
def at_broker(registered: Registered, port: int, **how: Any) -> Iterator[BoardAtBroker]:
    _, controller, credentials = registered
    kind = how.pop("kind", KIND[controller.dialect])
    with kind(controller.topic, credentials, port, **how) as board:
        yield board


def until_there(ears: Ears, controller: Controller) -> None:
    def there() -> bool:
        controller.refresh_from_db()
        return controllers.is_online(controller)

    ears.until(there, timeout=40)


def state_of(command: GateCommand) -> str:
    command.refresh_from_db()
    return command.state


def sent(gate: Gate, *, ago: float = 0.0, state: str = "sent") -> GateCommand:
    """A command that left a moment ago, without a broker."""
    at = timezone.now() - timedelta(seconds=ago)
    return GateCommand.objects.create(
        condominium=gate.condominium, gate=gate, state=state, requested_by_name="cancela", reason="registered",
        pulse_ms=120, requested_at=at, sent_at=at, expires_at=at + timedelta(milliseconds=gate.life_ms),
    )  # fmt: skip


def hear(topic: str, payload: bytes, *, retained: bool = False, after: float = 0.0) -> None:
    board_reports.take_in(Heard(topic, payload, retained, timezone.now() + timedelta(seconds=after)))
