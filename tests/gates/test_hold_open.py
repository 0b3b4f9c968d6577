"""Held open by the real controller at the real broker: until its end, its release, the kill switch, a reset."""

import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gates import holds, protocol, standing, stands
from gates.broker import publisher
from gates.commands import request_open
from gates.controllers import Credentials
from gates.models import Controller, Gate, StandingOrder
from premises.models import JournalEntry, User
from tests.gates.parts import Broker, Contacts, Ears, Firmware
from tests.gates.standing import WHY, fresh, heeded, last, said, soon

pytestmark = pytest.mark.django_db(transaction=True)


def shows(gate: Gate, what: str) -> bool:
    """Whether the controller says so, in a heartbeat or an answer."""
    return stands.on_board(fresh(gate)) == what


def hold(gate: Gate, by: User, ears: Ears, **more: float) -> StandingOrder:
    standing.hold_open(gate, until=soon(**more), by=by, reason=WHY)
    ears.until(lambda: heeded(gate, "open"))
    return last(gate)


def test_it_is_held_open_until_it_is_let_go(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    hold(gate, bob, ears)
    assert [each.off for each in firmware.holds()] == [0]
    standing.release(gate, by=bob, reason="it is in")
    ears.until(lambda: heeded(gate, "free"))
    [once] = firmware.holds()
    assert once.off
    assert (said(gate), firmware.pulses()) == ([("open", "done"), ("free", "done")], [])


def test_it_ends_by_itself(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    hold(gate, bob, ears, seconds=1.5)
    ears.until(lambda: JournalEntry.objects.filter(action="gate.hold_ended").exists())
    [once] = firmware.holds()
    assert 1000 < once.milliseconds < 2500
    assert JournalEntry.objects.get(action="gate.hold_ended").actor == "controller: board-1"
    assert said(gate) == [("open", "done")]


def test_an_opening_meanwhile_is_not_needed(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    hold(gate, bob, ears)
    command = request_open(gate, by="cancela", reason="registered")
    ears.until_state(command, "stood_open")
    assert firmware.pulses() == []


def test_the_kill_switch_ends_it(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    hold(gate, bob, ears)
    holds.hold(gate, by=bob, reason="a child on it")
    ears.until(lambda: heeded(gate, "free"))
    assert firmware.holds()[0].off


def test_reset_in_the_middle_it_lets_go_and_is_told_again(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears, bob: User
) -> None:
    hold(gate, bob, ears)
    firmware.kill()
    session = controller.session
    with firmware:
        ears.until(lambda: Controller.objects.exclude(session=session).filter(online=True).exists(), timeout=10)
        ears.until(lambda: len(firmware.holds()) == 2, timeout=10)
        first, again = firmware.holds()
        assert first.off  # at rest from its first moment
        ears.until(lambda: shows(gate, "open"))
        assert again.off == 0
        assert [order.session == session for order in StandingOrder.objects.order_by("sent_at")] == [True, False]


def test_stopped_by_hand_it_lets_go(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    hold(gate, bob, ears)
    firmware.send(signal.SIGINT)
    ears.until(lambda: firmware.holds()[0].off)


def test_played_again_after_the_release_it_does_nothing(
    gate: Gate, controller: Controller, firmware: Firmware, ears: Ears, bob: User
) -> None:
    order = hold(gate, bob, ears)
    standing.release(gate, by=bob, reason="it is in")
    ears.until(lambda: heeded(gate, "free"))
    message = protocol.encode_order(
        protocol.Order(str(order.pk), order.session, order.expires_uptime_ms, 1, "open", order.for_ms),
        device=controller.device,
        key=bytes.fromhex(controller.key),
    )
    publisher.publish("gates/board-1/cmd", message)
    command = request_open(gate, by="cancela", reason="registered")  # comes after it, and is obeyed
    ears.until_state(command, "pulsed", "refused")
    assert len(firmware.holds()) == 1
    assert shows(gate, "free")


def test_an_order_of_another_key_is_none(gate: Gate, controller: Controller, firmware: Firmware, ears: Ears) -> None:
    controller.refresh_from_db()
    order = protocol.Order("ab", controller.session, controller.uptime_ms + 5000, 1, "open", 60_000)
    publisher.publish("gates/board-1/cmd", protocol.encode_order(order, device="board-1", key=bytes(32)))
    ears.until(lambda: Controller.objects.filter(last_problem="bad_signature ab").exists())
    assert firmware.holds() == []


def test_the_broker_away_for_a_moment_ends_nothing(
    gate: Gate, controller: Controller, broker: Broker, firmware: Firmware, ears: Ears, bob: User
) -> None:
    hold(gate, bob, ears)
    broker.kill()
    broker.start()
    heard_at = timezone.now()
    ears.until(lambda: Controller.objects.filter(heard_at__gt=heard_at, online=True).exists(), timeout=20)
    assert shows(gate, "open")
    assert len(firmware.holds()) == 1
    standing.release(gate, by=bob, reason="it is in")
    ears.until(lambda: shows(gate, "free"), timeout=10)


def test_something_in_the_way_holds_it_back_and_then_it_is_held(
    gate: Gate, board: Firmware, ears: Ears, wired: Contacts, bob: User
) -> None:
    wired.are(closed=True, blocked=True)
    ears.until(lambda: fresh(gate).obstructed)
    standing.hold_open(gate, until=soon(), by=bob, reason=WHY)
    ears.until(lambda: last(gate).state == "refused")
    assert (last(gate).problem, board.holds()) == ("obstructed", [])
    wired.are(closed=True)
    ears.until(lambda: shows(gate, "open"), timeout=15)
    wired.are(opened=True, blocked=True)
    ears.until(lambda: fresh(gate).obstructed)
    assert (shows(gate, "open"), board.holds()[0].off) == (True, 0)


def test_a_board_with_a_lower_limit_refuses_and_the_hold_is_over(
    gate: Gate, controller: Controller, credentials: Credentials, broker: Broker, ears: Ears, tmp_path: Path, bob: User
) -> None:
    with Firmware(tmp_path, credentials, broker.port, max_hold_ms=60_000) as board:
        ears.until_online(controller)
        standing.hold_open(gate, until=timezone.now() + timedelta(minutes=2), by=bob, reason=WHY)
        ears.until(lambda: fresh(gate).standing == "free")
        assert (said(gate)[0], last(gate).problem) == (("open", "refused"), "too_long")
        assert JournalEntry.objects.get(action="gate.hold_lost").data["problem"] == "too_long"
        assert board.holds() == []


def test_two_listeners_tell_the_controller_once(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    with Ears() as others:
        hold(gate, bob, ears)
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            ears.listener.step(0.01)
            others.listener.step(0.01)
    assert said(gate) == [("open", "done")]
    assert len(firmware.holds()) == 1
