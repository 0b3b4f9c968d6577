"""Boards by the dozen: the firmware on MicroPython, each a process; and what their own logs say they did."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gates import controllers
from gates.models import Controller, Gate
from premises.models import Condominium
from tests.gates.parts import Firmware

PULSE_MS = 120


@dataclass(frozen=True)
class Moved:
    """A relay that went on: of which board, when (nanoseconds), and by which command as the board says."""

    device: str
    relay: int
    at: int
    command: str


@dataclass(frozen=True)
class Refused:
    device: str
    command: str
    reason: str


class Board(Firmware):
    """A board with a gate at each of its relays. Its gates are open a fifth of a second after each pulse."""

    def __init__(
        self, folder: Path, condominium: Condominium, device: str, relays: int, port: int, life_ms: int, **more: Any
    ) -> None:
        self.device, self.relays = device, relays
        self.controller, self.credentials = controllers.register(condominium, device, device)
        self.gates = [
            Gate.objects.create(
                condominium=condominium,
                controller=self.controller,
                name=f"{device} {number}",
                relay=number,
                pulse_ms=PULSE_MS,
                life_ms=life_ms,
            )
            for number in range(1, relays + 1)
        ]
        super().__init__(
            folder,
            self.credentials,
            port,
            relays={str(number): {} for number in range(1, relays + 1)},
            **{"simulate": {"opens_after_ms": 200}, "heartbeat_ms": 1500, "gap_ms": 300, **more},
        )

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def use_key(self, key: str) -> None:
        """What the server believes the key to be."""
        Controller.objects.filter(pk=self.controller.pk).update(key=key)


def moved(board: Board, relays: Mapping[str, int]) -> Iterator[Moved]:
    """Every time that a relay went on, by the file of the relays; which command it was for, by the log beside it.

    `relays` are those of all commands. A board that was killed between file and log said "accepted", and no more.
    """
    pulses, silent = _attributed(board.output())
    for line in board.relay_log.read_text().splitlines() if board.relay_log.exists() else []:
        _, relay, what, at = line.split()
        if what == "on":
            number = pulses.get(int(at)) or next((each for each in silent if relays.get(each) == int(relay)), "")
            yield Moved(board.device, int(relay), int(at), number)


# What a board prints in turn: accepted, relay on, pulse, pulsed. Nothing comes between for another command.
LINE = re.compile(r"^(?:gate: accepted (?P<id>\S+)|relay \d+ on (?P<at>\d+))", re.MULTILINE)


def _attributed(log: str) -> tuple[dict[int, str], list[str]]:
    """The command of each pulse by its time, and the commands that were accepted without a pulse in the log."""
    pulses: dict[int, str] = {}
    silent, accepted = [], ""
    for line in LINE.finditer(log):
        if line["at"]:
            pulses[int(line["at"])] = accepted
        elif accepted:
            silent.append(accepted)
        accepted = line["id"] or ""
    return pulses, [*silent, accepted] if accepted else silent


def refused(board: Board) -> Iterator[Refused]:
    for number, reason in re.findall(r"^gate: refused (\S+) ?(\S*)$", board.output(), re.MULTILINE):
        yield Refused(board.device, number, reason)
