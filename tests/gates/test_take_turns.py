"""One pulse at a time of a board that knows none, and each ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gates import commands, turns
from gates.broker import BrokerError, publisher
from gates.commands import GRACE, request_open
from gates.dialects import DIALECTS
from gates.models import Controller, GateTurn
from premises.models import Condominium, JournalEntry
from tests.gates.dialects import KIND, POWER, SPEAKS, at_broker, hear, make, sent, state_of, until_there
from tests.gates.parts import Broker, Ears
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("dialect", list(SPEAKS))
def test_a_second_pulse_waits_its_turn(dialect: str, condominium: Condominium, start: Callable[[], Broker]) -> None:
    gate, _, _ = make(condominium, dialect)
    Controller.objects.update(online=True, vouched_at=timezone.now())
    start()
    first = request_open(gate, by="cancela", reason="registered")
    second = request_open(gate, by="cancela", reason="registered")
    assert state_of(first) in ("sent", "unanswered")
    assert (state_of(second), second.problem) == ("failed", "busy")


def test_a_turn_of_a_clock_that_was_wrong_does_not_keep_a_gate(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "plain")
    GateTurn.objects.create(gate=gate, busy_until=timezone.now() + timedelta(hours=1))
    assert turns.take(gate, 120, rests=True)
    assert not turns.take(gate, 120, rests=True)


def test_a_pulse_whose_server_died_is_ended_by_the_next(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, _, _ = make(condominium, "plain")
    broker = start()
    with at_broker(registered, broker.port) as board:
        assert turns.take(gate, 120, rests=True)
        publisher.hand_over("portao/abrir", b"1")
        wait_for(lambda: board.is_on)
        GateTurn.objects.update(rest_due=timezone.now() - timedelta(seconds=2))
        assert turns.repeat_rests() == 1
        wait_for(lambda: not board.is_on)
        assert turns.repeat_rests() == 0
    assert len(board.pulses) == 1


def test_rest_is_said_three_times_and_then_no_more(condominium: Condominium, start: Callable[[], Broker]) -> None:
    gate, _, _ = make(condominium, "shelly1")
    start()
    assert turns.take(gate, 120, rests=True)
    turn = GateTurn.objects.get()
    assert turn.rest_due is not None
    due = turn.rest_due
    said = [turns.repeat_rests(due + timedelta(seconds=second)) for second in (0.5, 1.5, 2, 6, 20, 31, 90)]
    assert said == [0, 1, 0, 1, 0, 1, 0]


def test_rest_that_could_not_be_said_is_still_owed(condominium: Condominium, settings: Any) -> None:
    gate, _, _ = make(condominium, "plain")
    settings.MQTT_URL = "mqtt://cancela@127.0.0.1:1"
    assert turns.take(gate, 120, rests=True)
    GateTurn.objects.update(rest_due=timezone.now() - timedelta(seconds=2))
    assert turns.repeat_rests() == 0
    assert GateTurn.objects.get().rest_due is not None


def test_a_board_that_comes_back_is_told_to_rest(condominium: Condominium, start: Callable[[], Broker]) -> None:
    registered = gate, controller, _ = make(condominium, "shelly1")
    GateTurn.objects.create(gate=gate, busy_until=timezone.now() - timedelta(minutes=5))
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port) as board:
        board.is_on = True
        until_there(ears, controller)
        ears.until(lambda: not board.is_on, timeout=10)


def test_a_board_that_ends_its_own_pulse_is_told_nothing_more(condominium: Condominium) -> None:
    rests = {}
    for dialect in SPEAKS:
        gate, controller, _ = make(condominium, dialect)
        rests[dialect] = turns.pulse_of(controller, gate, "id", 500).rest is not None
    assert rests == {
        "plain": True, "tasmota": False, "shelly1": True, "shelly2": False, "esphome": False, "cover": False,
    }  # fmt: skip


def test_with_the_broker_down_it_fails_at_once(condominium: Condominium, settings: Any) -> None:
    gate, _, _ = make(condominium, "plain")
    settings.MQTT_URL = "mqtt://cancela@127.0.0.1:1"
    command = request_open(gate, by="cancela", reason="registered")
    assert (state_of(command), command.problem) == ("failed", "broker_down")


def test_what_may_have_arrived_is_not_called_failed(
    condominium: Condominium, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def lost(*_: Any) -> None:
        raise BrokerError("the broker did not acknowledge", uncertain=True)

    gate, _, _ = make(condominium, "plain")
    settings.MQTT_URL = "mqtt://cancela@127.0.0.1:1"
    monkeypatch.setattr(publisher, "hand_over", lost)
    command = request_open(gate, by="cancela", reason="registered")
    assert state_of(command) == "sent"
    commands.sweep(command.expires_at + GRACE + timedelta(milliseconds=1))
    assert (state_of(command), command.problem) == ("expired", "no_answer")


def test_a_gate_on_hold_is_not_opened_in_any_dialect(condominium: Condominium) -> None:
    for dialect in SPEAKS:
        gate, _, _ = make(condominium, dialect, gate={"on_hold": True})
        assert request_open(gate, by="cancela", reason="registered").problem == "on_hold"


def test_the_journal_says_what_the_board_said(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    sent(gate)
    hear(POWER, b"ON")
    hear(POWER, b"OFF")
    entry = JournalEntry.objects.get(action="gate.pulsed")
    assert (entry.actor, entry.data["said"]) == ("controller: board-tasmota", "off")


def test_every_dialect_is_tried_here() -> None:
    assert sorted(SPEAKS) == sorted(KIND) == sorted(map(str, DIALECTS))
