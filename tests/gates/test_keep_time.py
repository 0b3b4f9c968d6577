"""Counter-examples that `make test-faults` and its model found: clocks that are set, and messages that come again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from gates import commands, contacts, controllers, listener, overdue, protocol, steady
from gates.broker import publisher
from gates.commands import request_open
from gates.listener import Heard
from gates.models import Controller, Gate, GateCommand
from gates.overdue import GRACE, Watch
from tests.gates.test_hear import SESSION, hear, heartbeat
from tests.gates.test_open import answer, sent, told

pytestmark = pytest.mark.django_db


class Clocks:
    """The wall clock, which can be set, and the steady one, which cannot."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gone_by = 1000.0
        self.journey = time_machine.travel(timezone.now(), tick=False)
        self.traveller = self.journey.start()
        monkeypatch.setattr(steady, "now", lambda: self.gone_by)
        monkeypatch.setattr(overdue, "watch", Watch())
        monkeypatch.setattr(commands, "watch", overdue.watch)

    def go_by(self, seconds: float) -> None:
        self.gone_by += seconds
        self.traveller.shift(timedelta(seconds=seconds))

    def set(self, seconds: float) -> None:
        self.traveller.shift(timedelta(seconds=seconds))


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clocks]:
    clocks = Clocks(monkeypatch)
    yield clocks
    clocks.journey.stop()


def heard_now(controller: Controller, clocks: Clocks, uptime: int = 60_000) -> None:
    message = Heard("gates/board-1/status", heartbeat(controller, uptime), False, timezone.now(), clocks.gone_by)
    listener.apply(message)
    controller.refresh_from_db()


def asked(gate: Gate, life_ms: int = 1500) -> GateCommand:
    gate.life_ms = life_ms
    return request_open(gate, by="cancela", reason="registered")


def expiry(command: GateCommand) -> Any:
    command.refresh_from_db()
    assert command.state == "sent"
    return command.expires_uptime_ms


@pytest.fixture
def unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes to a broker; what is looked at is what would."""
    monkeypatch.setattr(publisher, "publish", lambda *_: None)


def test_our_clock_set_back_leaves_no_command_without_an_end(gate: Gate, clocks: Clocks) -> None:
    command = sent(gate, life=timedelta(seconds=1.5))
    assert commands.sweep() == 0
    clocks.set(-3600)
    clocks.go_by(1.5 + GRACE.total_seconds())
    assert commands.sweep() == 0
    clocks.go_by(0.1)
    assert commands.sweep() == 1
    command.refresh_from_db()
    assert (command.state, command.problem) == ("expired", "no_answer")


@pytest.mark.usefixtures("unsent")
def test_our_clock_set_forth_after_a_heartbeat_gives_a_command_no_longer_life(
    gate: Gate, controller: Controller, clocks: Clocks
) -> None:
    heard_now(controller, clocks)
    clocks.go_by(1.0)
    clocks.set(6.0)
    command = asked(gate)
    commands.send(command.pk, clocks.gone_by)
    assert expiry(command) == 60_000 + 1000 + 1500


@pytest.mark.usefixtures("unsent")
def test_our_clock_set_back_before_the_sending_gives_a_command_no_longer_life(
    gate: Gate, controller: Controller, clocks: Clocks
) -> None:
    heard_now(controller, clocks)
    command, then = asked(gate), clocks.gone_by
    clocks.set(-6.0)
    heard_now(controller, clocks, 60_001)
    clocks.go_by(1.0)
    commands.send(command.pk, then)
    assert expiry(command) == 60_001 + 1500


@pytest.mark.usefixtures("unsent")
def test_a_command_whose_life_is_over_is_not_sent_whatever_our_clock_says(
    gate: Gate, controller: Controller, clocks: Clocks
) -> None:
    heard_now(controller, clocks)
    command, then = asked(gate), clocks.gone_by
    clocks.set(-6.0)
    heard_now(controller, clocks, 60_001)
    clocks.go_by(1.5)
    commands.send(command.pk, then)
    command.refresh_from_db()
    assert command.state == "requested"


@pytest.mark.usefixtures("unsent")
def test_without_a_common_clock_the_wall_clock_is_read(gate: Gate, controller: Controller, clocks: Clocks) -> None:
    """The listener runs on another machine."""
    heard_now(controller, clocks)
    Controller.objects.update(heard_by="another machine", heard_steady=5.0)
    clocks.go_by(1.0)
    command = asked(gate)
    commands.send(command.pk, clocks.gone_by)
    assert expiry(command) == 60_000 + 1000 + 1500


def test_the_same_heartbeat_again_is_no_sign_of_life(controller: Controller) -> None:
    hear(controller, heartbeat(controller, 60_000))
    then = controller.heard_at
    hear(controller, heartbeat(controller, 60_000))
    assert controller.heard_at == then


def test_where_a_gate_stood_before_is_no_news(gate: Gate, controller: Controller, monkeypatch: Any) -> None:
    noted: list[Any] = []
    monkeypatch.setattr(contacts, "note", lambda *arguments: noted.append(arguments))
    hear(controller, heartbeat(controller, 60_000))
    hear(controller, heartbeat(controller, 59_000))
    assert len(noted) == 1


def test_of_two_listeners_the_slower_one_turns_nothing_back(controller: Controller) -> None:
    slow = Controller.objects.get(pk=controller.pk)
    hear(controller, heartbeat(controller, 60_000))
    status = protocol.parse_status(
        heartbeat(controller, 58_000, session="f" * 16), device="board-1", key=bytes.fromhex(controller.key)
    )
    assert controllers.note_status(slow, status, timezone.now()) is False
    controller.refresh_from_db()
    assert (controller.session, controller.uptime_ms) == (SESSION, 60_000)


@pytest.mark.parametrize("reason", ["other_session", "used_before"])
def test_what_was_accepted_is_not_called_refused_because_a_copy_was(
    gate: Gate, controller: Controller, reason: str
) -> None:
    command = sent(gate)
    assert commands.apply_ack(controller, answer(command, "accepted"))
    assert not commands.apply_ack(controller, answer(command, "refused", reason))
    assert commands.apply_ack(controller, answer(command, "pulsed"))
    assert [action for action, _ in told()] == ["gate.pulsed"]
