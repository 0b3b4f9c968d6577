"""Boards that people own are opened in their own dialect: one row, its states, and how each way ends."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from gates import turns
from gates.broker import publisher
from gates.commands import request_open
from gates.models import Controller, Gate, GateCommand
from gates.positions import Position
from gates.shown import why_not
from premises.models import Condominium
from tests.gates.boards import (
    CoverBoard,
    EspHomeBoard,
    ShellyTwo,
)
from tests.gates.dialects import ANSWERING, SPEAKS, Registered, at_broker, make, until_there
from tests.gates.parts import Broker, Ears
from tests.gates.test_open import told
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


# --- a whole life ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ANSWERING)
def test_a_board_that_answers_is_believed_as_far_as_it_tells(
    dialect: str, condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = gate, controller, _ = make(condominium, dialect)
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        until_there(ears, controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "pulsed", timeout=10)
        assert command.sent_at and command.pulsed_at and command.ended_at == command.pulsed_at
        assert (command.accepted_at is None) == (dialect == "cover")
        wait_for(lambda: board.pulses)
        assert len(board.pulses) == 1
        assert [retained for _, _, retained in board.told if retained] == []
    assert told() == [("gate.requested", "cancela"), ("gate.pulsed", f"controller: board-{dialect}")]


@pytest.mark.parametrize("dialect", ["tasmota", "shelly2", "esphome", "shelly1"])
def test_its_pulse_is_as_long_as_the_gate_asks(
    dialect: str, condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = gate, controller, _ = make(condominium, dialect, gate={"pulse_ms": 300})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        if isinstance(board, EspHomeBoard):
            board.pulse_seconds = 0.3
        until_there(ears, controller)
        request_open(gate, by="cancela", reason="registered")
        ears.until(lambda: board.pulses, timeout=10)
    assert 280 <= board.pulses[0].milliseconds < 900


def test_a_plain_board_is_told_one_and_then_nought(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, _, _ = make(condominium, "plain", gate={"pulse_ms": 250})
    broker = start()
    with at_broker(registered, broker.port) as board:
        command = request_open(gate, by="cancela", reason="registered")
        wait_for(lambda: board.pulses, timeout=10)
        command.refresh_from_db()
        assert [(topic, payload) for topic, payload, _ in board.told] == [
            ("portao/abrir", b"1"),
            ("portao/abrir", b"0"),
        ]
        assert [retained for _, _, retained in board.told] == [False, False]
        assert 230 <= board.pulses[0].milliseconds < 900
    assert (command.state, command.problem) == ("unanswered", "says_nothing")
    assert command.ended_at is not None and command.pulsed_at is None
    assert "only eyes can tell" in why_not(command)
    assert told() == [("gate.requested", "cancela"), ("gate.unanswered", "cancela")]


def test_what_opens_and_rests_a_plain_board_can_be_chosen(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = gate, _, _ = make(condominium, "plain", payload_on="1abrir", payload_off="fechar")
    with at_broker(registered, start().port) as board:
        request_open(gate, by="cancela", reason="registered")
        wait_for(lambda: board.pulses, timeout=10)
    assert [payload for _, payload, _ in board.told] == [b"1abrir", b"fechar"]


def test_a_switch_at_the_gate_confirms(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "esphome", gate={"has_position_switch": True})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        assert isinstance(board, EspHomeBoard)
        board.moves = True
        board.cover("closed")
        until_there(ears, controller)
        ears.until(lambda: Gate.objects.get().position == Position.CLOSED, timeout=10)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "confirmed", timeout=10)
    assert Gate.objects.get().position == Position.OPEN


def test_a_cover_that_counts_seconds_confirms_nothing(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "cover")
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        until_there(ears, controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "pulsed", timeout=10)
        ears.until(lambda: board.pulses, timeout=10)
        board.say("{topic}/availability", "offline", retain=True)
        ears.until(lambda: not Controller.objects.get().online, timeout=10)
    command.refresh_from_db()
    assert (command.state, Gate.objects.get().position) == ("pulsed", Position.UNKNOWN)


def test_an_esphome_cover_of_ones_own_is_told_to_open(condominium: Condominium, start: Callable[[], Broker]) -> None:
    class OwnCover(CoverBoard):
        listens = ("{topic}/cover/portao/command",)
        will = ("{topic}/status", "online", "offline")

        def say(self, name: str, payload: str, *, retain: bool = False) -> None:
            super().say(name.replace("{topic}/state", "{topic}/cover/portao/state"), payload, retain=retain)

    registered = gate, controller, _ = make(condominium, "esphome", gate={"entity": "cover/portao"})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port, kind=OwnCover) as board:
        until_there(ears, controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "pulsed", timeout=10)
    assert [payload for _, payload, _ in board.told] == [b"OPEN"]


# --- what goes wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ANSWERING)
def test_a_board_that_is_gone_is_not_asked(dialect: str, condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, dialect)
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        until_there(ears, controller)
        board.vanish()
        ears.until(lambda: not Controller.objects.get().online, timeout=10)
    command = request_open(gate, by="cancela", reason="registered")
    command.refresh_from_db()
    assert (command.state, command.problem) == ("failed", "controller_offline")
    assert board.pulses == []


@pytest.mark.parametrize("clean_session", [True, False])
@pytest.mark.parametrize("dialect", ["plain", "esphome"])
def test_nothing_waits_at_the_broker_for_a_board_that_was_away(
    dialect: str, clean_session: bool, condominium: Condominium, start: Callable[[], Broker]
) -> None:
    """Not even for one that keeps a session there and listens at QoS 1."""
    registered = make(condominium, dialect)
    gate, broker = registered[0], start()
    with at_broker(registered, broker.port, clean_session=clean_session) as board:
        board.leave()
        Controller.objects.update(online=True, vouched_at=timezone.now())
        command = request_open(gate, by="cancela", reason="registered")
        command.refresh_from_db()
        assert command.state in ("sent", "unanswered")
    with at_broker(registered, broker.port, clean_session=clean_session) as again:
        # What follows tells that anything before it would have come by now.
        marker = {"plain": ("portao/abrir", b"0"), "esphome": ("portaria/switch/relay_1/command", b"OFF")}[dialect]
        before = len(again.told)
        publisher.publish(*marker)
        wait_for(lambda: len(again.told) > before)
        assert {payload for _, payload, _ in again.told} == {marker[1]}
    assert again.pulses == []


def test_nothing_is_retained_on_a_boards_topics(condominium: Condominium, start: Callable[[], Broker]) -> None:
    boards = [make(condominium, dialect) for dialect in SPEAKS]
    Controller.objects.update(online=True, vouched_at=timezone.now())
    broker = start()
    for gate, _, _ in boards:
        request_open(gate, by="cancela", reason="registered")
    wait_for(lambda: not GateCommand.objects.filter(state="requested").exists())
    for registered in boards:
        with at_broker(registered, broker.port, mute=True) as board:
            publisher.publish(*_rest(registered))
            wait_for(lambda board=board: board.told)  # type: ignore[misc]
            assert not any(retained for _, _, retained in board.told)


def _rest(registered: Registered) -> tuple[str, bytes]:
    """A message for the board that does nothing."""
    gate, controller, _ = registered
    start = turns.pulse_of(controller, gate, "", 100).start
    return start.topic, b'{"id":"x","src":"x","method":"none","params":{"id":9}}'


def test_a_board_that_does_not_answer_ends_as_unknown(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "tasmota", gate={"life_ms": 500})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        until_there(ears, controller)
        board.mute = True
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "expired", timeout=10)
    assert command.problem == "no_answer"


def test_a_relay_that_stays_on_is_no_pulse(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "shelly1", gate={"life_ms": 500})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        until_there(ears, controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "accepted", timeout=10)
        board.mute = True
        ears.until_state(command, "expired", timeout=10)
    assert command.problem == "no_pulse"


def test_an_answer_that_comes_late_but_in_time_counts(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "esphome")
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        until_there(ears, controller)
        board.delay = 0.6
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "pulsed", timeout=10)


def test_a_shelly_says_for_which_command_and_why_not(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "shelly2", gate={"relay": 3})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port):
        until_there(ears, controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "refused", timeout=10)
    assert command.problem == "board_refused"
    assert command.problem_detail == "Argument 'id', value 2 not found!"


def test_a_shelly_that_hides_its_relay_is_accepted_and_no_more(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = gate, controller, _ = make(condominium, "shelly2", gate={"life_ms": 500})
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        assert isinstance(board, ShellyTwo)
        board.tells_relay = False
        until_there(ears, controller)
        command = request_open(gate, by="cancela", reason="registered")
        ears.until_state(command, "accepted", timeout=10)
        ears.until_state(command, "expired", timeout=10)
    assert command.problem == "no_pulse"
