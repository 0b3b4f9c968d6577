"""The controller, alone: no pulse without a valid, unexpired, unused command; and never two for one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gates import protocol
from gates.protocol import Ack, Command, Event, Step
from tests.firmware.parts import load

firmware = load("controller")

OPEN = (True, None, None, None)
KEY, DEVICE, SESSION = bytes(range(32)), "main-gate", "00112233445566aa"


def controller(**more: Any) -> Any:
    return firmware.Controller(DEVICE, KEY, SESSION, [1, 2], **more)


def payload(number: str = "a1", *, key: bytes = KEY, device: str = DEVICE, **changes: Any) -> bytes:
    fields = {"session": SESSION, "expires": 5000, "relay": 1, "pulse_ms": 500, **changes}
    return protocol.encode_command(Command(id=number, **fields), device=device, key=key)


def obey(board: Any, message: bytes, now: int) -> list[Any]:
    return [*board.receive(message, now), *board.tick(now)]


def said(wanted: list[Any]) -> list[tuple[str, str]]:
    """The answers among what a controller wants done, read as the server reads them."""
    acks = [
        protocol.parse_ack(json.dumps(one[1]).encode(), device=DEVICE, key=KEY) for one in wanted if one[0] == "ack"
    ]
    return [(ack.step.value, ack.reason) for ack in acks]


def switched(wanted: list[Any]) -> list[Any]:
    return [one[1:] for one in wanted if one[0] == "relay"]


def test_a_good_command_is_accepted_and_pulses() -> None:
    wanted = obey(controller(), payload(), 1000)
    assert said(wanted) == [("accepted", ""), ("pulsed", "")]
    assert switched(wanted) == [(1, True, 500)]


def test_accepted_is_said_before_the_relay_moves() -> None:
    board = controller()
    assert switched(board.receive(payload(), 1000)) == []


def test_the_pulse_ends_by_itself() -> None:
    board = controller()
    obey(board, payload(), 1000)
    assert board.due(1200) == 300
    assert board.tick(1499) == []
    assert switched(board.tick(1500)) == [(1, False, 0)]
    assert board.due(1500) is None


def test_a_long_pulse_is_capped() -> None:
    assert switched(obey(controller(), payload(pulse_ms=60_000), 1000)) == [(1, True, 3000)]


def test_nobody_can_configure_a_longer_cap() -> None:
    board = controller(max_pulse_ms=60_000)
    assert switched(obey(board, payload(pulse_ms=60_000), 1000)) == [(1, True, 3000)]


def test_delivered_twice_it_pulses_once_and_says_again_how_far_it_came() -> None:
    board = controller()
    obey(board, payload(), 1000)
    wanted = obey(board, payload(), 1010)
    assert said(wanted) == [("pulsed", "")]
    assert switched(wanted) == []


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("other_session", {"session": "ffffffffffffffff"}),
        ("too_late", {"expires": 1000}),
        ("too_long_lived", {"expires": 1000 + 20_001}),
        ("unknown_relay", {"relay": 3}),
        ("malformed", {"pulse_ms": 0}),
    ],
)
def test_what_it_refuses(reason: str, changes: dict[str, Any]) -> None:
    wanted = obey(controller(), payload(**changes), 1000)
    assert said(wanted) == [("refused", reason)]
    assert switched(wanted) == []


def test_a_command_that_expires_while_it_says_accepted_does_not_pulse() -> None:
    board = controller()
    board.receive(payload(expires=5000), 4999)
    wanted = board.tick(5000)
    assert (said(wanted), switched(wanted)) == ([("refused", "too_late")], [])


def test_a_second_command_waits_for_nobody() -> None:
    board = controller()
    obey(board, payload("a1"), 1000)
    assert said(obey(board, payload("a2"), 1100)) == [("refused", "busy")]
    board.tick(1500)
    assert said(obey(board, payload("a3"), 1600)) == [("refused", "too_soon")]
    assert said(obey(board, payload("a4"), 2500)) == [("accepted", ""), ("pulsed", "")]


def test_a_refused_command_stays_refused() -> None:
    board = controller()
    obey(board, payload("a1"), 1000)
    obey(board, payload("a2"), 1100)
    board.tick(1500)
    assert said(obey(board, payload("a2"), 3000)) == [("refused", "busy")]


def test_relays_are_independent() -> None:
    board = controller()
    obey(board, payload("a1"), 1000)
    assert switched(obey(board, payload("a2", relay=2), 1001)) == [(2, True, 500)]


@pytest.mark.parametrize("device", [DEVICE, "other-gate"])
def test_what_is_not_signed_for_it_gets_no_answer_but_an_event(device: str) -> None:
    key = KEY if device != DEVICE else bytes(32)
    [one] = obey(controller(), payload(key=key, device=device), 1000)
    event = protocol.parse_event(json.dumps(one[1]).encode(), device=DEVICE, key=KEY)
    assert event == Event("bad_signature", "a1", SESSION, 1000)


def test_a_forged_twin_does_not_spoil_the_genuine_command() -> None:
    board = controller()
    obey(board, payload(key=bytes(32)), 1000)
    assert switched(obey(board, payload(), 1001)) == [(1, True, 500)]


@pytest.mark.parametrize("field", ["id", "session", "expires", "relay", "pulse_ms"])
def test_every_field_is_signed(field: str) -> None:
    content = json.loads(payload())
    content[field] = content[field] + 1 if isinstance(content[field], int) else content[field] + "0"
    wanted = obey(controller(), json.dumps(content).encode(), 1000)
    assert [one[1]["name"] for one in wanted] == ["bad_signature"]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"1",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"{" * 500,
        b"[" * 2000,
        payload().replace(b'"relay":1', b'"relay":true'),
        payload().replace(b'"relay":1', b'"relay":"1"'),
        payload().replace(b'"relay":1', b'"relay":1.0'),
        payload().replace(b"{", b'{"more":1,'),
        payload(number="A B"),
    ],
)
def test_what_is_no_command_does_nothing(message: bytes) -> None:
    wanted = obey(controller(), message, 1000)
    assert [one[1]["name"] for one in wanted] == ["malformed"]


def test_the_position_switch_confirms() -> None:
    board = controller()
    obey(board, payload(), 1000)
    assert board.sense(1, (False, None, None, None), 2000) == []
    assert board.sense(1, OPEN, 4000) == []
    assert said(board.sense(1, OPEN, 4100)) == [("confirmed", "")]
    assert board.sense(1, OPEN, 4200) == []


def test_a_gate_that_opens_much_later_was_not_opened_by_the_pulse() -> None:
    board = controller()
    obey(board, payload(), 1000)
    assert board.sense(1, OPEN, 1001 + 20_000) == []
    assert board.sense(1, OPEN, 1002 + 20_000) == []


def test_what_it_forgot_cannot_be_used_again() -> None:
    board = controller(gap_ms=0)
    now = 1000
    for number in range(40):
        obey(board, payload(f"{number:x}", expires=18_000 + number, pulse_ms=1), now)
        board.tick(now + 1)
        now += 2
    assert len(board.known) == 8
    assert said(obey(board, payload("0", expires=18_000, pulse_ms=1), now)) == [("refused", "used_before")]


def test_the_latest_answers_can_be_said_again_for_ten_seconds() -> None:
    board = controller(gap_ms=0)
    for number in range(5):
        obey(board, payload(f"a{number}", pulse_ms=1), 1000 + number)
        board.tick(1001 + number)
    assert board.recent(2000) == ["a2", "a3", "a4"]
    assert said([board.told("a4")]) == [("pulsed", "")]
    assert board.recent(11_003) == ["a4"]
    assert board.recent(11_004) == []


def test_the_clock_does_not_wrap() -> None:
    ticks = [2**30 - 50]
    period = 2**30

    def difference(one: int, other: int) -> int:
        return ((one - other + period // 2) % period) - period // 2

    uptime = load("uptime").Uptime(lambda: ticks[0], difference)
    ticks[0] = 30
    assert uptime.now() == 80
    ticks[0] = period // 3
    assert uptime.now() == 50 + period // 3


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda content: json.dumps(content).encode())
)
def test_noise_moves_nothing(message: bytes) -> None:
    assert switched(obey(controller(), message, 1000)) == []


class Channel(RuleBasedStateMachine):
    """A server that issues commands, and a channel that delays, repeats, reorders and forges them."""

    @initialize()
    def begin(self) -> None:
        self.now = 10
        self.board = controller(gap_ms=5)
        self.issued: dict[str, Command] = {}
        self.sent: list[bytes] = []
        self.pulses: dict[str, int] = {}
        self.on: dict[int, int] = {}
        self.answers: list[Ack] = []

    @rule(
        life=st.integers(-20, 25_000),
        relay=st.integers(0, 3),
        pulse=st.integers(-1, 5000),
        session=st.sampled_from([SESSION, SESSION, SESSION, "f" * 16]),
    )
    def issue(self, life: int, relay: int, pulse: int, session: str) -> None:
        command = Command(f"{len(self.issued):x}", session, max(0, self.now + life), relay, pulse)
        self.issued[command.id] = command
        self.sent.append(protocol.encode_command(command, device=DEVICE, key=KEY))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), at=st.integers(0, 10_000))
    def deliver(self, data: st.DataObject, at: int) -> None:
        self._deliver(self.sent[data.draw(st.integers(0, len(self.sent) - 1))])

    @precondition(lambda self: self.sent)
    @rule()
    def deliver_the_newest(self) -> None:
        self._deliver(self.sent[-1])

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), later=st.integers(1, 30_000))
    def forge(self, data: st.DataObject, later: int) -> None:
        content = json.loads(self.sent[data.draw(st.integers(0, len(self.sent) - 1))])
        content["expires"] += later
        self._deliver(json.dumps(content).encode())

    @rule(milliseconds=st.integers(1, 8000))
    def wait(self, milliseconds: int) -> None:
        due = self.board.due(self.now)
        while due is not None and due <= milliseconds:
            self.now, milliseconds = self.now + due, milliseconds - due
            self._do(self.board.tick(self.now))
            due = self.board.due(self.now)
        self.now += milliseconds

    def _deliver(self, message: bytes) -> None:
        self._do(self.board.receive(message, self.now))
        self._do(self.board.tick(self.now))

    def _do(self, wanted: list[Any]) -> None:
        moved = [one for one in wanted if one[0] == "relay"]
        for one in wanted:
            if one[0] == "ack":
                ack = protocol.parse_ack(json.dumps(one[1]).encode(), device=DEVICE, key=KEY)
                self.answers.append(ack)
        for _, relay, is_on, _length in moved:
            if is_on:
                self._pulsed(relay, self.answers[-1])
            else:
                del self.on[relay]

    def _pulsed(self, relay: int, ack: Ack) -> None:
        command = self.issued[ack.id]
        assert ack.step is Step.PULSED
        assert (command.session, command.relay) == (SESSION, relay)
        assert self.now < command.expires <= self.now + 20_000
        self.pulses[command.id] = self.pulses.get(command.id, 0) + 1
        assert relay not in self.on
        self.on[relay] = self.now

    @invariant()
    def no_command_pulses_twice(self) -> None:
        assert all(count == 1 for count in getattr(self, "pulses", {}).values())

    @invariant()
    def no_pulse_is_longer_than_the_cap(self) -> None:
        assert all(self.now - since <= 3000 for since in getattr(self, "on", {}).values())

    @invariant()
    def what_was_refused_never_pulsed(self) -> None:
        answers = getattr(self, "answers", [])
        refused = {ack.id for ack in answers if ack.step is Step.REFUSED and ack.reason != "used_before"}
        assert not refused & {ack.id for ack in answers if ack.step is Step.PULSED} - self._late()

    def _late(self) -> set[str]:
        """Commands that pulsed, and whose later copies were refused as too late: rightly so."""
        return {ack.id for ack in self.answers if ack.reason in ("too_late", "other_session")}

    @invariant()
    def memory_is_bounded(self) -> None:
        assert not hasattr(self, "board") or len(self.board.known) <= 8


TestChannel = Channel.TestCase
TestChannel.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
