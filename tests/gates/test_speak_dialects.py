"""Boards that people own are opened in their own dialect: one row, its states, and what the board says of itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gates import board_reports, commands, controllers, turns
from gates.broker import BrokerError, publisher
from gates.commands import GRACE, request_open
from gates.controllers import Credentials
from gates.dialects import DIALECTS
from gates.heard import Heard
from gates.models import Controller, Gate, GateCommand, GateTurn
from gates.positions import Position
from gates.shown import controller_label, why_not
from premises.models import Condominium, JournalEntry
from tests.gates.boards import (
    BoardAtBroker,
    CoverBoard,
    EspHomeBoard,
    PlainBoard,
    PlainBoardWithStatus,
    ShellyOne,
    ShellyTwo,
    TasmotaBoard,
)
from tests.gates.parts import Broker, Ears
from tests.gates.test_open import told
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

Registered = tuple[Gate, Controller, Credentials]

SPEAKS: dict[str, dict[str, str]] = {
    "plain": {"topic": "portao/abrir"},
    "tasmota": {"topic": "tasmota_9CF9D1"},
    "shelly1": {"topic": "shelly1-ABC123"},
    "shelly2": {"topic": "shellyplus1-a8032abe54dc"},
    "esphome": {"topic": "portaria"},
    "cover": {"topic": "garagem/portao"},
}
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


# --- whose word counts ----------------------------------------------------------------------------------


def sent(gate: Gate, *, ago: float = 0.0, state: str = "sent") -> GateCommand:
    """A command that left a moment ago, without a broker."""
    at = timezone.now() - timedelta(seconds=ago)
    return GateCommand.objects.create(
        condominium=gate.condominium, gate=gate, state=state, requested_by_name="cancela", reason="registered",
        pulse_ms=120, requested_at=at, sent_at=at, expires_at=at + timedelta(milliseconds=gate.life_ms),
    )  # fmt: skip


def hear(topic: str, payload: bytes, *, retained: bool = False, after: float = 0.0) -> None:
    board_reports.take_in(Heard(topic, payload, retained, timezone.now() + timedelta(seconds=after)))


def state_of(command: GateCommand) -> str:
    command.refresh_from_db()
    return command.state


POWER = "stat/tasmota_9CF9D1/POWER"


def test_what_the_broker_kept_confirms_no_command(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    command = sent(gate)
    hear(POWER, b"ON", retained=True)
    assert state_of(command) == "sent"
    hear(POWER, b"ON")
    assert state_of(command) == "accepted"
    hear(POWER, b"OFF", retained=True)
    assert state_of(command) == "accepted"
    hear(POWER, b"OFF")
    assert state_of(command) == "pulsed"


def test_a_relay_that_moved_before_or_long_after_is_no_answer(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    command = sent(gate)
    hear(POWER, b"ON", after=-1)
    hear(POWER, b"OFF")
    hear(POWER, b"ON", after=60)
    assert state_of(command) == "sent"
    hear(POWER, b"ON", after=gate.life_ms / 1000 + GRACE.total_seconds() - 0.5)
    assert state_of(command) == "accepted"


def test_a_board_that_connected_anew_has_not_answered(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "esphome", gate={"has_position_switch": True})
    command = sent(gate)
    hear("portaria/status", b"online")
    hear("portaria/cover/gate_1/state", b"open")
    hear("portaria/switch/relay_1/state", b"ON")
    assert state_of(command) == "expired"
    assert command.problem == "other_session"


def test_a_gate_that_stood_open_before_is_not_seen_to_open(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "esphome", gate={"has_position_switch": True, "position": Position.OPEN})
    command = sent(gate)
    hear("portaria/cover/gate_1/state", b"open")
    assert state_of(command) == "sent"


def test_of_two_commands_the_later_is_answered_first(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    first, second = sent(gate, ago=1), sent(gate)
    hear(POWER, b"ON")
    hear(POWER, b"OFF")
    assert (state_of(first), state_of(second)) == ("sent", "pulsed")
    hear(POWER, b"ON")
    hear(POWER, b"OFF")
    assert (state_of(first), state_of(second)) == ("pulsed", "pulsed")


def test_one_board_speaks_for_no_other(condominium: Condominium, elsewhere: Condominium) -> None:
    """The answer of another condominium's Shelly, with the right id, is no answer."""
    gate, _, _ = make(condominium, "shelly2")
    controllers.register(elsewhere, "Theirs", "theirs", dialect="shelly2", topic="shelly-theirs")
    command = sent(gate)
    hear("shelly-theirs/answers/rpc", f'{{"id":"{command.pk}","result":{{"was_on":false}}}}'.encode())
    assert state_of(command) == "sent"
    hear("shellyplus1-a8032abe54dc/answers/rpc", f'{{"id":"{command.pk}","result":{{"was_on":false}}}}'.encode())
    assert state_of(command) == "accepted"


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("stat/tasmota_9CF9D1/POWER", b"perhaps"),
        ("stat/tasmota_9CF9D1/POWER2", b"ON"),
        ("stat/other/POWER", b"ON"),
        ("tele/tasmota_9CF9D1/STATE", b'{"POWER":"ON"}'),
        ("cmnd/tasmota_9CF9D1/POWER", b"ON"),
        ("tele/tasmota_9CF9D1/LWT", b"\xff\xfe"),
    ],
)
def test_what_cannot_be_understood_means_nothing(topic: str, payload: bytes, condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "tasmota")
    command = sent(gate)
    hear(topic, payload)
    controller.refresh_from_db()
    assert (state_of(command), controller.online) == ("sent", False)


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"null", b'{"id":1}', b'{"id":"x","result":{}}', b"[" * 9000, b'{"params":[]}', b"\xff"]
)
@pytest.mark.parametrize("name", ["answers/rpc", "events/rpc", "status/switch:0", "online"])
def test_nonsense_from_a_shelly_means_nothing(name: str, payload: bytes, condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "shelly2")
    command = sent(gate)
    hear(f"{controller.topic}/{name}", payload)
    assert state_of(command) == "sent"


# --- whether it is there --------------------------------------------------------------------------------


def test_of_a_board_that_says_nothing_nobody_pretends_to_know(condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "plain")
    assert controllers.presence(controller) is None
    assert controller_label(controller)[0] == "unknown"
    assert not controllers.is_away(controller)
    controller.opens_unheard = False
    controller.save()
    assert controllers.is_away(controller)
    command = request_open(gate, by="cancela", reason="registered")
    command.refresh_from_db()
    assert (command.state, command.problem) == ("failed", "controller_offline")


def test_a_plain_board_with_a_last_will_is_known_to_be_there(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = gate, controller, _ = make(condominium, "plain", status_topic="portao/abrir-status")
    broker = start()
    with Ears() as ears, at_broker(registered, broker.port, kind=PlainBoardWithStatus) as board:
        until_there(ears, controller)
        board.vanish()
        ears.until(lambda: not Controller.objects.get().online, timeout=10)
    assert request_open(gate, by="cancela", reason="registered").problem == "controller_offline"


def test_who_listens_first_afterwards_learns_who_is_there(
    condominium: Condominium, start: Callable[[], Broker]
) -> None:
    registered = _, controller, _ = make(condominium, "tasmota")
    broker = start()
    with at_broker(registered, broker.port), Ears() as ears:
        until_there(ears, controller)
        assert controller.heard_at is None or controller.vouched_at is not None


def test_while_we_do_not_hear_the_broker_nobody_is_there(condominium: Condominium) -> None:
    _, controller, _ = make(condominium, "tasmota")
    now = timezone.now()
    Controller.objects.update(online=True, vouched_at=now)
    controller.refresh_from_db()
    assert controllers.is_online(controller, now + timedelta(seconds=10))
    assert not controllers.is_online(controller, now + timedelta(seconds=11))
    assert controllers.mark_silent(now + timedelta(hours=1)) == 0


def test_a_board_registered_meanwhile_is_listened_to(condominium: Condominium, start: Callable[[], Broker]) -> None:
    make(condominium, "tasmota")
    broker = start()
    with Ears() as ears:
        ears.until(lambda: ears.listener._boards._granted, timeout=15)
        registered = _, controller, _ = make(condominium, "cover")
        broker.reload()
        wait_for(lambda: _comes_in(registered, broker.port), timeout=30)
        with at_broker(registered, broker.port):
            until_there(ears, controller)


def _comes_in(registered: Registered, port: int) -> bool:
    try:
        with at_broker(registered, port):
            return True
    except AssertionError:
        return False


# --- one pulse at a time, and each ends -----------------------------------------------------------------


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
