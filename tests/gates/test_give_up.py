"""A gate that cannot be opened is not opened later either, and the row says why."""

import signal
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gates import commands, controllers
from gates.broker import BrokerError, publisher
from gates.commands import GRACE, request_open
from gates.models import Controller, Gate, GateCommand
from gates.tasks import sweep_commands
from premises.models import Condominium, JournalEntry, User
from tests.gates.parts import Broker, Ears, Firmware, free_port
from tests.gates.test_open import answer, sent, told
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def ended(command: GateCommand) -> tuple[str, str]:
    command.refresh_from_db()
    assert (command.ended_at is None) == (command.state in ("requested", "sent", "accepted"))
    return command.state, command.problem


def hear(controller: Controller) -> None:
    """As if a heartbeat had just come."""
    Controller.objects.filter(pk=controller.pk).update(
        online=True, session="00112233445566aa", uptime_ms=60_000, heard_at=timezone.now()
    )


def test_a_gate_on_hold_is_not_opened(gate: Gate, firmware: Firmware, bob: User) -> None:
    Gate.objects.update(on_hold=True)
    command = request_open(gate, by=bob, reason="The doctor is here")
    assert ended(command) == ("failed", "on_hold")
    assert told() == [("gate.requested", "bob"), ("gate.failed", "cancela")]
    assert firmware.pulses() == []


def test_a_condominium_on_hold_opens_no_gate(gate: Gate, firmware: Firmware) -> None:
    Condominium.objects.update(gates_on_hold=True)
    assert ended(request_open(gate, by="cancela", reason="registered")) == ("failed", "all_on_hold")


def test_a_gate_put_on_hold_before_the_sending_stays_closed(gate: Gate, controller: Controller, settings: Any) -> None:
    hear(controller)
    command = sent(gate)
    GateCommand.objects.update(state="requested")
    Gate.objects.update(on_hold=True)
    commands.send(command.pk)
    assert ended(command) == ("failed", "on_hold")


def test_a_gate_without_a_controller_says_so(condominium: Condominium) -> None:
    gate = Gate.objects.create(condominium=condominium, name="Side gate")
    assert ended(request_open(gate, by="cancela", reason="registered")) == ("failed", "no_controller")


def test_a_gate_on_another_condominiums_controller_is_not_opened(
    gate: Gate, controller: Controller, elsewhere: Condominium
) -> None:
    hear(controller)
    Gate.objects.update(condominium=elsewhere)
    foreign = Gate.objects.get()
    assert ended(request_open(foreign, by="cancela", reason="registered")) == ("failed", "no_controller")
    with pytest.raises(ValidationError, match="another condominium"):
        foreign.full_clean()


def test_a_controller_never_heard_is_sent_nothing(gate: Gate) -> None:
    assert ended(request_open(gate, by="cancela", reason="registered")) == ("failed", "controller_offline")


def test_a_controller_out_of_service_is_sent_nothing(gate: Gate, controller: Controller) -> None:
    hear(controller)
    controllers.revoke(controller)
    assert ended(request_open(gate, by="cancela", reason="registered")) == ("failed", "controller_inactive")


def test_a_controller_that_fell_silent_is_sent_nothing(gate: Gate, controller: Controller) -> None:
    hear(controller)
    Controller.objects.update(heard_at=timezone.now() - timedelta(seconds=11))
    assert ended(request_open(gate, by="cancela", reason="registered")) == ("failed", "controller_offline")


def test_with_the_broker_down_it_fails_at_once_and_nothing_pulses_later(
    gate: Gate, controller: Controller, broker: Broker, firmware: Firmware, ears: Ears
) -> None:
    broker.kill()
    Controller.objects.update(online=True, heard_at=timezone.now())
    began = timezone.now()
    command = request_open(gate, by="cancela", reason="registered")
    assert ended(command) == ("failed", "broker_down")
    assert timezone.now() - began < timedelta(seconds=1)
    assert "Connection refused" in command.problem_detail
    broker.start()
    wait_for(lambda: firmware.output().count("link: up") == 2, timeout=10)
    ears.until_online(controller)
    second = request_open(gate, by="cancela", reason="registered")
    ears.until_state(second, "pulsed")
    assert len(firmware.pulses()) == 1


def test_a_broker_that_refuses_us_is_told_apart(
    gate: Gate, controller: Controller, broker: Broker, settings: Any
) -> None:
    hear(controller)
    settings.MQTT_PASSWORD = "another password"
    command = request_open(gate, by="cancela", reason="registered")
    assert ended(command) == ("failed", "broker_refused")


def test_a_broker_that_accepts_and_says_nothing_costs_a_second(
    gate: Gate, controller: Controller, settings: Any
) -> None:
    hear(controller)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.MQTT_URL = f"mqtt://cancela@127.0.0.1:{server.getsockname()[1]}"
        began = timezone.now()
        command = request_open(gate, by="cancela", reason="registered")
        took = timezone.now() - began
    assert ended(command) == ("failed", "broker_down")
    assert timedelta(seconds=0.9) < took < timedelta(seconds=2)


def test_what_may_have_been_delivered_is_not_called_failed(
    gate: Gate, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any) -> None:
        raise BrokerError("the broker did not acknowledge", uncertain=True)

    hear(controller)
    monkeypatch.setattr(publisher, "publish", lost)
    command = request_open(gate, by="cancela", reason="registered")
    assert ended(command) == ("sent", "")
    commands.sweep(command.expires_at + GRACE + timedelta(milliseconds=1))
    assert ended(command) == ("expired", "no_answer")


def test_a_controller_that_never_answers_ends_as_unknown(
    gate: Gate, firmware: Firmware, ears: Ears, controller: Controller
) -> None:
    firmware.send(signal.SIGSTOP)
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "expired", timeout=6)
    assert command.problem == "no_answer"
    assert command.get_problem_display() == ("It was handed over, but the controller did not answer: outcome unknown.")
    assert command.ended_at is not None
    assert command.ended_at - command.expires_at < GRACE + timedelta(seconds=1.5)
    firmware.send(signal.SIGCONT)
    # It finds the command now, and too late.
    ears.until(lambda: "refused" in firmware.output() or "link: down" in firmware.output())
    assert firmware.pulses() == []


def test_a_controller_reset_between_answers_ends_as_unknown(gate: Gate, controller: Controller) -> None:
    command = sent(gate)
    commands.apply_ack(controller, answer(command, "accepted"))
    commands.sweep(command.expires_at + GRACE + timedelta(milliseconds=1))
    assert ended(command) == ("expired", "no_pulse")


def test_a_pulse_reported_late_is_still_a_pulse(gate: Gate, controller: Controller) -> None:
    command = sent(gate)
    commands.sweep(command.expires_at + GRACE + timedelta(milliseconds=1))
    commands.apply_ack(controller, answer(command, "pulsed"))
    assert ended(command) == ("pulsed", "")
    assert [action for action, _ in told()] == ["gate.expired", "gate.pulsed"]


def test_a_command_lost_between_commit_and_sending_is_never_sent(
    gate: Gate, controller: Controller, broker: Broker, firmware: Firmware, ears: Ears
) -> None:
    command = sent(gate, life=timedelta(seconds=-1))
    GateCommand.objects.update(state="requested", sent_at=None)
    commands.send(command.pk)
    assert ended(command) == ("requested", "")
    commands.sweep(timezone.now() + GRACE)
    assert ended(command) == ("expired", "never_sent")
    commands.send(command.pk)
    assert ended(command) == ("expired", "never_sent")
    assert "gate: accepted" not in firmware.output()


def test_the_sweep_leaves_alone_what_has_time(gate: Gate) -> None:
    command = sent(gate)
    assert commands.sweep(command.expires_at + GRACE) == 0
    assert commands.sweep(command.expires_at + GRACE + timedelta(milliseconds=1)) == 1
    assert commands.sweep(command.expires_at + GRACE + timedelta(days=1)) == 0
    assert [action for action, _ in told()] == ["gate.expired"]


def test_the_task_sweeps_and_marks_silence(gate: Gate, controller: Controller) -> None:
    command = sent(gate, life=-timedelta(seconds=3))
    Controller.objects.update(online=True, heard_at=timezone.now() - timedelta(seconds=11))
    sweep_commands()
    assert ended(command) == ("expired", "no_answer")
    controller.refresh_from_db()
    assert controller.online is False


def test_every_end_is_in_the_journal_with_its_reason(gate: Gate, controller: Controller) -> None:
    command = sent(gate)
    commands.apply_ack(controller, answer(command, "refused", "too_soon"))
    assert ended(command) == ("refused", "too_soon")
    entry = JournalEntry.objects.get(action="gate.refused")
    assert (entry.actor, entry.data["problem"]) == ("controller: board-1", "too_soon")


def test_the_address_of_a_broker_is_no_secret_but_its_password_is(
    gate: Gate, controller: Controller, settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    hear(controller)
    settings.MQTT_URL = f"mqtt://cancela@127.0.0.1:{free_port()}"
    command = request_open(gate, by="cancela", reason="registered")
    command.refresh_from_db()
    assert settings.MQTT_PASSWORD not in caplog.text + command.problem_detail
