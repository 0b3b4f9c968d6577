"""The real controller at the real broker refuses everything that is not for it, now, and once."""

import signal
import time
from typing import Any

import pytest

from gates import protocol
from gates.broker import publisher
from gates.models import Controller, Gate, GateCommand
from tests.gates.parts import Ears, Firmware
from tests.gates.test_open import sent
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(controller: Controller, number: str, *, key: str = "", **changes: Any) -> None:
    """Publish a command as the server would, but for the changes."""
    uptime = controller.uptime_ms + 2000
    fields: dict[str, Any] = {
        "session": controller.session,
        "expires": uptime + 3000,
        "relay": 1,
        "pulse_ms": 100,
        **changes,
    }
    payload = protocol.encode_command(
        protocol.Command(number, **fields), device=controller.device, key=bytes.fromhex(key or controller.key)
    )
    publisher.publish(protocol.topic(controller.device, protocol.Kind.CMD), payload)


@pytest.mark.parametrize(
    ("problem", "changes"),
    [
        ("other_session", {"session": "ffffffffffffffff"}),
        ("too_late", {"expires": 1}),
        ("too_long_lived", {"expires": 10_000_000}),
        ("unknown_relay", {"relay": 4}),
    ],
)
def test_it_says_why(
    problem: str,
    changes: dict[str, Any],
    gate: Gate,
    controller: Controller,
    firmware: Firmware,
    ears: Ears,
) -> None:
    command = sent(gate)
    deliver(controller, str(command.pk), **changes)
    ears.until_state(command, "refused")
    assert command.problem == problem
    assert firmware.pulses() == []


def test_a_command_signed_with_another_key_is_an_event_for_the_controllers_page(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    command = sent(gate)
    deliver(controller, str(command.pk), key="11" * 32)
    problem = f"bad_signature {command.pk}"
    ears.until(lambda: Controller.objects.filter(last_problem=problem).exists())
    command.refresh_from_db()
    assert command.state == "sent"
    assert firmware.pulses() == []


def test_a_controller_with_another_key_is_not_believed(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    firmware.kill()
    firmware.change(key="11" * 32)
    Controller.objects.update(online=False)
    with firmware:
        problem = "a message on status was ignored: the signature does not fit"
        ears.until(lambda: Controller.objects.filter(last_problem=problem).exists())
        controller.refresh_from_db()
        assert controller.online is False


def test_yesterdays_traffic_moves_nothing_after_a_restart(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    command = sent(gate)
    deliver(controller, str(command.pk))
    ears.until_state(command, "pulsed")
    firmware.kill()
    session = controller.session
    with firmware:
        ears.until(lambda: Controller.objects.exclude(session=session).filter(online=True).exists())
        deliver(controller, str(command.pk))
        ears.until(lambda: f"gate: refused {command.pk} other_session" in firmware.output())
    assert len(firmware.pulses()) == 1
    command.refresh_from_db()
    assert command.state == "pulsed"


@pytest.mark.parametrize("payload", [b"", b"1", b"{}", b"\xff" * 600, b"[" * 600])
def test_noise_on_its_topic_is_an_event(payload: bytes, controller: Controller, firmware: Firmware, ears: Ears) -> None:
    publisher.publish("gates/board-1/cmd", payload)
    ears.until(lambda: Controller.objects.filter(last_problem="malformed").exists())
    assert firmware.pulses() == []


def test_a_message_too_large_for_it_costs_it_the_connection_and_no_more(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    publisher.publish("gates/board-1/cmd", b"x" * 5000)
    wait_for(lambda: "a packet of" in firmware.output() and firmware.output().count("link: up") == 2)
    command = sent(gate)
    deliver(controller, str(command.pk))
    ears.until_state(command, "pulsed")


def test_a_retained_command_is_not_looked_at(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    """Somebody's mistake, which every new connection would get again."""
    firmware.kill()
    connection = publisher._connected(time.monotonic() + 1)
    connection._client.publish("gates/board-1/cmd", b"{}", qos=1, retain=True).wait_for_publish(1)
    session = controller.session
    with firmware:
        ears.until(lambda: Controller.objects.exclude(session=session).filter(online=True).exists())
        command = sent(gate)
        controller.refresh_from_db()
        deliver(controller, str(command.pk))
        ears.until_state(command, "pulsed")
    assert "malformed" not in firmware.output()


def test_a_reset_in_the_middle_of_a_pulse_ends_it(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    command = sent(gate)
    deliver(controller, str(command.pk), pulse_ms=2500)
    ears.until_state(command, "pulsed")
    firmware.kill()
    session = controller.session
    with firmware:
        ears.until(lambda: Controller.objects.exclude(session=session).filter(online=True).exists())
        [pulse] = firmware.pulses()
        assert 0 < pulse.milliseconds < 2500


def test_stopped_by_hand_in_the_middle_of_a_pulse_it_ends_it(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    command = sent(gate)
    deliver(controller, str(command.pk), pulse_ms=2500)
    ears.until_state(command, "pulsed")
    firmware.send(signal.SIGINT)
    wait_for(lambda: firmware.pulses()[0].off)
    assert firmware.pulses()[0].milliseconds < 2000
    wait_for(lambda: "gate: stopped" in firmware.output())
    assert "Traceback" not in firmware.output()


def test_a_flood_of_forged_commands_does_not_keep_out_the_genuine_one(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears
) -> None:
    for number in range(200):
        deliver(controller, f"{number:x}", key="11" * 32)
    command = sent(gate)
    deliver(controller, str(command.pk))
    ears.until_state(command, "pulsed")
    assert len(firmware.pulses()) == 1
    assert GateCommand.objects.count() == 1
