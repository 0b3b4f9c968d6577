"""Locked by the real controller at the real broker: it opens for no command until freed, and lets people out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gates import protocol, standing
from gates.broker import publisher
from gates.controllers import Credentials
from gates.models import Controller, Gate
from premises.models import JournalEntry, User
from tests.gates.parts import Broker, Contacts, Ears, Firmware
from tests.gates.standing import WHY, heeded, said
from tests.gates.test_hold_open import shows
from tests.gates.test_open import sent
from tests.gates.test_refuse import deliver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def board(
    broker: Broker, credentials: Credentials, controller: Controller, ears: Ears, tmp_path: Path, wired: Contacts
) -> Iterator[Firmware]:
    """The real firmware, with contacts and a place to remember what is locked."""
    simulate = {"contacts": str(wired.path), "locks": str(tmp_path / "locked.json")}
    with Firmware(tmp_path, credentials, broker.port, simulate=simulate) as board:
        ears.until_online(controller)
        yield board


@pytest.fixture
def locked(gate: Gate, board: Firmware, ears: Ears, bob: User) -> Gate:
    standing.lock_down(gate, by=bob, reason=WHY)
    ears.until(lambda: heeded(gate, "locked"))
    return gate


def test_a_command_past_the_server_is_refused_on_the_board(
    locked: Gate, controller: Controller, board: Firmware, ears: Ears
) -> None:
    """As of a second server that does not know yet, or of one sent a moment before."""
    command = sent(locked)
    controller.refresh_from_db()
    deliver(controller, str(command.pk))
    ears.until_state(command, "refused")
    assert (command.problem, board.pulses()) == ("locked_down", [])


def test_the_button_inside_lets_out(locked: Gate, board: Firmware, ears: Ears, wired: Contacts) -> None:
    wired.are(closed=True, pressed=True)
    ears.until(lambda: JournalEntry.objects.filter(action="gate.button").exists())
    assert len(board.pulses()) == 1
    assert shows(locked, "locked")


def test_freed_it_opens_again(locked: Gate, controller: Controller, board: Firmware, ears: Ears, bob: User) -> None:
    standing.release(locked, by=bob, reason="over")
    ears.until(lambda: heeded(locked, "free"))
    command = sent(locked)
    controller.refresh_from_db()
    deliver(controller, str(command.pk))
    ears.until_state(command, "pulsed")
    assert said(locked) == [("locked", "done"), ("free", "done")]


def test_a_reset_does_not_end_it(locked: Gate, controller: Controller, board: Firmware, ears: Ears) -> None:
    session = controller.session
    board.kill()
    with board:
        ears.until(lambda: Controller.objects.exclude(session=session).filter(online=True).exists(), timeout=10)
        assert shows(locked, "locked")
        command = sent(locked)
        controller.refresh_from_db()
        deliver(controller, str(command.pk))
        ears.until_state(command, "refused")
    assert command.problem == "locked_down"
    assert said(locked) == [("locked", "done")]


def test_freed_while_the_board_was_off_it_is_freed_when_it_comes_back(
    locked: Gate, board: Firmware, ears: Ears, bob: User
) -> None:
    board.kill()
    ears.until(lambda: not Controller.objects.get().online, timeout=10)
    standing.release(locked, by=bob, reason="over")
    assert said(locked) == [("locked", "done")]
    with board:
        ears.until(lambda: heeded(locked, "free"), timeout=10)
    assert said(locked) == [("locked", "done"), ("free", "done")]


def test_a_board_that_forgot_is_told_again(locked: Gate, board: Firmware, ears: Ears, tmp_path: Path) -> None:
    board.kill()
    (tmp_path / "locked.json").unlink()
    with board:
        ears.until(lambda: len(said(locked)) == 2 and heeded(locked, "locked"), timeout=15)
    assert said(locked) == [("locked", "done"), ("locked", "done")]


def test_a_lock_down_of_another_key_is_none(gate: Gate, controller: Controller, board: Firmware, ears: Ears) -> None:
    controller.refresh_from_db()
    order = protocol.Order("cd", controller.session, controller.uptime_ms + 5000, 1, "locked")
    publisher.publish("gates/board-1/cmd", protocol.encode_order(order, device="board-1", key=bytes(32)))
    ears.until(lambda: Controller.objects.filter(last_problem="bad_signature cd").exists())
    assert shows(gate, "free")
