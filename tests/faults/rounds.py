"""A round: commands are asked for at every relay, one fault strikes while some of them are at one step, all end."""

import dataclasses
import itertools
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from gates.models import GateCommand
from tests.faults.blow import Blow
from tests.faults.breaking import struck
from tests.faults.field import Field
from tests.faults.judging import UNDER_WAY
from tests.faults.wire import Message

STEPS = ("requested", "sent", "accepted", "pulsed", "confirmed")
# What a command has, after its life, to come to its end.
LIMIT = 5.0
# How long a round waits for somebody to come to its step, and how long those who came wait for others.
PATIENCE, GATHERING = 8.0, 0.25
# Where a server process dies by itself, at the steps that lie within its program.
DEATHS = {"requested": ("committed",), "sent": ("marked", "written")}


@dataclass(frozen=True)
class Cell:
    fault: str
    step: str

    def name(self, number: int) -> str:
        return f"{number}|{self.fault}|{self.step}"


@dataclass
class Rounds:
    """All rounds of a run, and what they saw beside logs and rows."""

    field: Field
    life: float
    chance: random.Random
    hits: dict[tuple[str, str], int] = dataclasses.field(default_factory=dict)
    late: set[str] = dataclasses.field(default_factory=set)
    told: dict[str, int] = dataclasses.field(default_factory=dict)
    asked: dict[str, float] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers, self.calm = itertools.count(1), True
        self.field.proxy.witness = self._witness

    def _witness(self, message: Message) -> None:
        """The controller's own clock at its pulse, out of an answer passing by."""
        if message.kind == "ack" and message.step() == "pulsed":
            fields = message.fields()
            # What a rogue invents is later than any board's clock.
            if isinstance(fields.get("uptime"), int) and fields["uptime"] < 10**9:
                self.told.setdefault(str(fields["id"]), fields["uptime"])

    def play(self, cell: Cell, most: int) -> int:
        """One round of at most so many commands; how many there were."""
        if cell.fault == "two servers" and not self.field.ears[1].running():
            self.field.ears[1].started("listening")
        reason = cell.name(next(self._numbers))
        blow = Blow(self.field, cell.step)
        with self._waiting_at(cell.step, blow):
            asked = self._ask(cell, reason, most)
            self._gather(cell, reason, blow)
            blow.commands = [str(pk) for pk in rows(reason).values_list("pk", flat=True)]
            with struck(cell.fault, blow):
                self._let_go()
        self._until_ended(reason, asked)
        self._clear_up(cell)
        return rows(reason).count()

    # --- asking and waiting -----------------------------------------------------------------------------

    @contextmanager
    def _waiting_at(self, step: str, blow: Blow) -> Iterator[None]:
        """Who comes to the step waits there; at the first in the server, at the others in the network."""
        if step == "requested":
            (self.field.folder / "hold").touch()
        else:
            # An answer is held before the broker has it, a command mostly after.
            up = step != "sent" or self.chance.random() < 0.3
            self.field.proxy.set_trap(step, up, blow.hit.append)
        try:
            yield
        finally:
            self._let_go()

    def _let_go(self) -> None:
        (self.field.folder / "hold").unlink(missing_ok=True)
        self.field.proxy.open_trap()

    def _ask(self, cell: Cell, reason: str, most: int) -> int:
        """At every relay once, and at some twice; through both doors, and a few through the queue's worker."""
        gates = [gate.pk for board in self.field.boards for gate in board.gates]
        self.chance.shuffle(gates)
        gates = (gates + gates[: len(gates) // 12])[:most]
        deaths = DEATHS.get(cell.step, ("",)) if cell.fault == "worker killed" else ("",)
        for number, gate in enumerate(gates):
            if number % 12 == 0:
                self.field.ask_worker(gate, reason, deaths[number // 12 % len(deaths)])
            else:
                self.field.ask_door(number % 2, gate, reason)
        return len(gates)

    def _gather(self, cell: Cell, reason: str, blow: Blow) -> None:
        """Until somebody is at the step, and then a moment more for others."""
        begun, first = time.monotonic(), 0.0
        while time.monotonic() - begun < PATIENCE and (not first or time.monotonic() - first < GATHERING):
            if not first and self._count(cell, reason, blow):
                first = time.monotonic()
            time.sleep(0.01)
        key = (cell.fault, cell.step)
        self.hits[key] = self.hits.get(key, 0) + self._count(cell, reason, blow)

    def _count(self, cell: Cell, reason: str, blow: Blow) -> int:
        """How many commands are at the step now."""
        return rows(reason).filter(state="requested").count() if cell.step == "requested" else len(blow.hit)

    # --- ending -----------------------------------------------------------------------------------------

    def _until_ended(self, reason: str, asked: int) -> None:
        """Until every command has its end; those without one after their time are noted, and waited for no longer."""
        begun = time.monotonic()
        while time.monotonic() - begun < self.life + LIMIT + 30:
            self._read_asked()
            under_way = {str(pk) for pk in rows(reason).filter(state__in=UNDER_WAY).values_list("pk", flat=True)}
            overdue = {one for one in under_way if time.time() > self.asked.get(one, time.time()) + self.life + LIMIT}
            self.late |= overdue
            if under_way == overdue and (rows(reason).count() >= asked or time.monotonic() - begun > 4):
                break
            time.sleep(0.05)
        connection.close()

    def _read_asked(self) -> None:
        path = self.field.folder / "asked.log"
        for line in path.read_text().splitlines() if path.exists() else []:
            words = line.split()
            if words[0] == "asked":
                self.asked[words[1]] = int(words[2]) / 1e9

    def _clear_up(self, cell: Cell) -> None:
        if cell.fault == "two servers":
            self.field.ears[1].kill()
        self.calm = self.field.until_calm()


def rows(reason: str) -> QuerySet[GateCommand]:
    return GateCommand.objects.filter(reason=reason)
