"""A model of everything between a request and a pulse: the server's own verbs over its own rows, the controller's own
program, and between them a channel that loses, repeats, reorders and delays whatever it likes, while boards are reset
and the server's clock is set. Hypothesis plays; the sentences of docs/faults.md hold after every move.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gates import commands, controllers, listener, steady
from gates.broker import BrokerError
from gates.listener import Heard
from gates.models import Controller, Gate, GateCommand
from gates.problems import Problem
from premises.models import Condominium
from tests.firmware.parts import load

firmware = load("controller")

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT_MS = 5000
HEARTBEAT_MS = 2000
UNDER_WAY = ("requested", "sent", "accepted")
# These words of a controller say that it does not know the command any more, and not that it never pulsed for it.
UNSURE = (Problem.OTHER_SESSION, Problem.USED_BEFORE)


class CrashError(Exception):
    """The sending process died here."""


@dataclass
class Network:
    """In place of the publisher: what becomes of the next message is said before."""

    fate: str = "arrives"
    sent: list[bytes] = field(default_factory=list)

    def publish(self, _topic: str, payload: bytes) -> None:
        if self.fate in ("arrives", "arrives unacknowledged"):
            self.sent.append(payload)
        if self.fate.endswith("unacknowledged"):
            raise BrokerError("the broker did not acknowledge", uncertain=True)
        if self.fate == "down":
            raise BrokerError("cannot connect")
        if self.fate == "crash":
            raise CrashError


FATES = ("arrives", "arrives", "arrives", "arrives unacknowledged", "lost unacknowledged", "down", "crash")


class Model(RuleBasedStateMachine):
    """`board` is the controller's class, and `patches` what stands in place of rules of the server's, for mutants."""

    board_class: ClassVar[Any] = firmware.Controller
    patches: ClassVar[tuple[tuple[Any, str, Any], ...]] = ()
    gate: Gate
    controller: Controller

    def __init__(self) -> None:
        super().__init__()
        self.now, self.shift = 0, 0  # milliseconds, seconds
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.traveller = self.clock.start()
        self.network = Network()
        self.saved: list[tuple[Any, str, Any]] = []
        own = ((steady, "now", lambda: self.now / 1000), (commands, "publisher", self.network))
        for where, name, value in (*own, *self.patches):
            self.saved.append((where, name, getattr(where, name)))
            setattr(where, name, value)
        self.asked: dict[str, tuple[int, int]] = {}  # id: when, life (ms)
        self.pulses: Counter[str] = Counter()
        self.said: list[tuple[str, bytes]] = []  # what the board said: kind, message
        self.boots = 0

    def teardown(self) -> None:
        for where, name, value in reversed(self.saved):
            setattr(where, name, value)
        self.clock.stop()

    @initialize()
    def begin(self) -> None:
        GateCommand.objects.all().delete()
        Gate.objects.all().delete()
        Controller.objects.all().delete()
        home, _ = Condominium.objects.get_or_create(slug="model", defaults={"name": "Model"})
        self.controller, self.credentials = controllers.register(home, "Board", "board")
        self.gate = Gate.objects.create(condominium=home, controller=self.controller, name="Gate", pulse_ms=100)
        self.boot()
        self.greet()

    # --- the board --------------------------------------------------------------------------------------

    @rule()
    def boot(self) -> None:
        """A reset: nothing is known any more, the clock begins again, the relay drops."""
        self.boots += 1
        self.booted = self.now
        key = bytes.fromhex(self.credentials.key)
        self.board = self.board_class("board", key, f"{self.boots:016x}", [1], 3000, 300)

    @property
    def uptime(self) -> int:
        return self.now - self.booted

    @rule()
    def beat(self) -> None:
        self.say("status", self.board.status(self.uptime, "1.1"))

    def say(self, kind: str, fields: dict[str, Any]) -> None:
        self.said.append((kind, json.dumps(fields).encode()))

    def do(self, wanted: list[Any]) -> None:
        for number, one in enumerate(wanted):
            if one[0] == "relay" and one[2]:
                self.pulsed(wanted[number + 1][1]["id"])
            elif one[0] != "relay":
                self.say(one[0], one[1])

    def pulsed(self, number: str) -> None:
        assert number in self.asked, "a pulse that was not asked for"
        at, life = self.asked[number]
        assert self.now < at + life, f"a pulse after expiry, by {self.now - at - life} ms"
        self.pulses[number] += 1
        assert self.pulses[number] == 1, "a second pulse for one command"

    # --- the channel ------------------------------------------------------------------------------------

    @precondition(lambda self: self.network.sent)
    @rule(back=st.sampled_from([0, 0, 0, 1, 2, 5]))
    def deliver(self, back: int) -> None:
        """Any command that was ever sent, for the first time or again."""
        self.bring(self.network.sent[-1 - back % len(self.network.sent)])

    @precondition(lambda self: self.network.sent)
    @rule(number=st.integers(0, 3), later=st.integers(1, 9000))
    def forge(self, number: int, later: int) -> None:
        """A command like the last, but for what would make it new."""
        content = json.loads(self.network.sent[-1])
        content["id"], content["expires"] = f"{number:x}" * 8, content["expires"] + later
        self.bring(json.dumps(content).encode())

    def bring(self, payload: bytes) -> None:
        self.do(self.board.receive(payload, self.uptime))
        self.do(self.board.tick(self.uptime))

    @precondition(lambda self: self.said)
    @rule(back=st.integers(0, 8))
    def hear(self, back: int) -> None:
        """Anything that the board ever said, for the first time or again."""
        self.listen(*self.said[-1 - back % len(self.said)])

    def listen(self, kind: str, payload: bytes) -> None:
        at = BEGIN + timedelta(milliseconds=self.now, seconds=self.shift)
        listener.apply(Heard(f"gates/board/{kind}", payload, False, at, self.now / 1000))

    @rule()
    def greet(self) -> None:
        """A heartbeat that comes through at once, as nearly all do."""
        self.beat()
        self.listen(*self.said[-1])

    # --- the server -------------------------------------------------------------------------------------

    @rule(life=st.sampled_from([500, 1500, 5000]), fate=st.sampled_from(FATES))
    def open(self, life: int, fate: str) -> None:
        """Asked for and sent at once, as nearly all are."""
        self.ask(life)
        self.send(0, fate)

    @rule(life=st.sampled_from([500, 1500, 5000]))
    def ask(self, life: int) -> None:
        self.gate.life_ms = life
        command = commands.request_open(self.gate, by="cancela", reason="model")
        self.asked[str(command.pk)] = (self.now, life)

    @precondition(lambda self: self.asked)
    @rule(back=st.integers(0, 2), fate=st.sampled_from(FATES))
    def send(self, back: int, fate: str) -> None:
        """What is to be done on commit; by two processes, twice."""
        number = list(self.asked)[-1 - back % len(self.asked)]
        self.network.fate = fate
        try:
            commands.send(UUID(number), self.asked[number][0] / 1000)
        except CrashError:
            return

    @rule(seconds=st.sampled_from([-3600, -7, -2, 2, 7, 3600]))
    def set_clock(self, seconds: int) -> None:
        self.shift += seconds
        self.show_time()

    def show_time(self) -> None:
        self.traveller.move_to(BEGIN + timedelta(milliseconds=self.now, seconds=self.shift))

    # --- time -------------------------------------------------------------------------------------------

    @rule(milliseconds=st.sampled_from([1, 50, 400, 700, 1500, 3000, 9000]), heard=st.sampled_from([True, True, False]))
    def wait(self, milliseconds: int, heard: bool) -> None:
        """Time goes by: the board does what is due and beats, and every second the listener sweeps."""
        until = self.now + milliseconds
        while self.now < until:
            second = 1000 - self.now % 1000
            due = self.board.due(self.uptime)
            self.now += max(1, min(until - self.now, second, second if due is None else due))
            self.show_time()
            self.do(self.board.tick(self.uptime))
            if self.now % 1000 == 0:
                self.sweep()
            if heard and self.now % HEARTBEAT_MS == 0:
                self.greet()

    def sweep(self) -> None:
        listener.sweep()
        for number, state in self.rows("state"):
            at, life = self.asked[number]
            in_time = state not in UNDER_WAY or self.now <= at + life + LIMIT_MS
            assert in_time, f"{state} {self.now - at - life} ms after its life"

    def rows(self, name: str) -> list[tuple[str, str]]:
        return [(str(pk), value) for pk, value in GateCommand.objects.values_list("pk", name)]

    @invariant()
    def rows_tell_the_truth(self) -> None:
        for pk, state, problem in GateCommand.objects.values_list("pk", "state", "problem"):
            pulsed, sure = self.pulses[str(pk)] > 0, problem not in UNSURE and self.board.forgotten < 0
            assert pulsed or state not in ("pulsed", "confirmed"), "called opened, and was not"
            denied = state == "failed" or problem == Problem.NEVER_SENT or (state == "refused" and sure)
            assert not (pulsed and denied), f"called {state} {problem}, and was opened"
            assert state not in ("refused", "failed", "expired") or problem, "no reason"
