"""On a board the relays rest from the first moment, and a pulse ends though the program does not.

The board's own modules are stood in for: what is looked at is the order in which pins and timers are used.
"""

import builtins
import io
import json
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.firmware.parts import FIRMWARE, load

SETTINGS: dict[str, Any] = {
    "relays": {"1": {"pin": 5}, "2": {"pin": 4, "active_low": True, "open_pin": 14, "obstruction_pin": 12}},
    "wifi": {"ssid": "acacias", "password": "a password"},
}


class Machine(ModuleType):
    """What happened to pins and timers, in order."""

    def __init__(self) -> None:
        super().__init__("machine")
        self.happened: list[tuple[Any, ...]] = []
        self.timers: list[Callable[[Any], None]] = []
        self.levels: dict[int, int] = {}
        happened, timers, levels = self.happened, self.timers, self.levels

        class Pin:
            OUT, IN, PULL_UP = "out", "in", "pull-up"

            def __init__(self, number: int, mode: str, pull: str = "", *, value: int = 1) -> None:
                self.number = number
                happened.append(("pin", number, mode, value))
                levels[number] = value

            def value(self, *level: int) -> int:
                if level:
                    happened.append(("level", self.number, level[0]))
                    levels[self.number] = level[0]
                return levels[self.number]

        class Timer:
            ONE_SHOT = "once"

            def __init__(self, number: int) -> None:
                pass

            def init(self, *, period: int, mode: str, callback: Callable[[Any], None]) -> None:
                happened.append(("timer", period, mode))
                timers.append(callback)

        self.Pin, self.Timer = Pin, Timer
        self.WDT: Any = None


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    machine = Machine()
    network: Any = ModuleType("network")
    network.AP_IF, network.STA_IF = "ap", "sta"
    network.WLAN = lambda kind: SimpleNamespace(
        active=lambda on: None, connect=lambda *_: None, isconnected=lambda: False
    )
    monkeypatch.setitem(sys.modules, "machine", machine)
    monkeypatch.setitem(sys.modules, "network", network)
    monkeypatch.setattr("time.ticks_ms", lambda: 0, raising=False)
    monkeypatch.setattr("time.ticks_diff", lambda one, other: one - other, raising=False)
    yield machine
    for name in ("board_esp", "wifi"):
        sys.modules.pop(name, None)


def board() -> Any:
    return load("board_esp").Board(SETTINGS)


def test_a_pin_becomes_an_output_at_rest_level(machine: Machine) -> None:
    board()
    assert machine.happened[:2] == [("pin", 5, "out", 0), ("pin", 4, "out", 1)]


def test_the_end_of_a_pulse_is_armed_before_its_beginning(machine: Machine) -> None:
    gate = board()
    machine.happened.clear()
    gate.relay(1, True, 500)
    assert machine.happened == [("timer", 500, "once"), ("level", 5, 1)]


def test_the_timer_ends_the_pulse_whatever_the_program_does(machine: Machine) -> None:
    gate = board()
    gate.relay(2, True, 500)
    assert machine.levels[4] == 0
    machine.timers[0](None)
    assert machine.levels[4] == 1


def test_a_hold_ends_by_itself_unless_it_is_said_again(machine: Machine) -> None:
    gate = board()
    machine.happened.clear()
    gate.hold(1, True, 10_000)
    gate.hold(1, True, 10_000)
    assert machine.happened == [("timer", 10_000, "once"), ("level", 5, 1)] * 2
    machine.timers[-1](None)
    assert machine.levels[5] == 0


def test_a_hold_has_a_pin_of_its_own_where_one_is_wired(machine: Machine) -> None:
    settings = {**SETTINGS, "relays": {"1": {"pin": 5, "hold_pin": 16, "active_low": True}}}
    gate = load("board_esp").Board(settings)
    assert machine.happened[:2] == [("pin", 5, "out", 1), ("pin", 16, "out", 1)]
    gate.hold(1, True, 10_000)
    assert (machine.levels[5], machine.levels[16]) == (1, 0)
    gate.hold(1, False, 0)
    assert (machine.levels[5], machine.levels[16]) == (1, 1)
    gate.hold(1, True, 10_000)
    gate.all_off()
    assert (machine.levels[5], machine.levels[16]) == (1, 1)


def test_what_is_locked_is_kept_on_the_board(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    board().keep_locked([2])
    assert board().locked() == [2]


class Dog:
    """A watchdog: with which settings it was let loose, and how often it was fed."""

    def __init__(self, *, only_one: bool = False) -> None:
        self.only_one, self.fed = only_one, 0
        self.loose: list[dict[str, Any]] = []

    def __call__(self, **settings: Any) -> "Dog":
        if self.only_one and settings:
            raise TypeError("extra keyword arguments given")
        self.loose.append(settings)
        return self

    def feed(self) -> None:
        self.fed += 1


@pytest.mark.parametrize(("only_one", "asked"), [(False, {"timeout": 8000}), (True, {})], ids=["esp32", "esp8266"])
def test_the_watchdog_is_loose_from_the_first_connection_on_and_fed_by_the_loop(
    machine: Machine, only_one: bool, asked: dict[str, int]
) -> None:
    machine.WDT = dog = Dog(only_one=only_one)
    gate = board()
    gate.light(False)
    gate.feed()
    assert (dog.loose, dog.fed) == ([], 0)  # a board that is being set up may be stopped and looked at
    gate.light(True)
    gate.light(True)
    gate.feed()
    assert (dog.loose, dog.fed) == ([asked], 1)


def test_the_light_is_on_while_connected(machine: Machine) -> None:
    machine.WDT = Dog()
    gate = load("board_esp").Board({**SETTINGS, "light_pin": 2})
    assert machine.levels[2] == 0
    gate.light(True)
    assert machine.levels[2] == 1
    gate.light(False)
    assert machine.levels[2] == 0


def test_the_position_switch_closes_to_ground(machine: Machine) -> None:
    gate = board()
    assert gate.contacts(1) == (None, None, None, None)
    assert gate.contacts(2)[:2] == (False, None)
    machine.levels[14] = 0
    assert gate.contacts(2)[0] is True


def test_the_photocells_contact_is_closed_while_the_way_is_free(machine: Machine) -> None:
    gate = board()
    assert gate.contacts(2)[2] is True  # a cable that was cut through stops the gate
    machine.levels[12] = 0
    assert gate.contacts(2)[2] is False


def boot(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    def opened(path: str) -> io.StringIO:
        if text is None:
            raise FileNotFoundError(path)
        return io.StringIO(text)

    monkeypatch.setattr(builtins, "open", opened)
    runpy.run_path(str(FIRMWARE / "boot.py"))


def test_a_pin_for_holding_rests_with_the_others(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    boot(monkeypatch, json.dumps({"relays": {"1": {"pin": 5, "hold_pin": 4, "active_low": True}}}))
    assert machine.happened == [("pin", 5, "out", 1), ("pin", 4, "out", 1)]


def test_the_relays_rest_before_the_program_is_even_read(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    boot(monkeypatch, json.dumps(SETTINGS))
    assert machine.happened == [("pin", 5, "out", 0), ("pin", 4, "out", 1)]


@pytest.mark.parametrize("text", [None, "{", "[]", '{"relays": {"1": {}}}', '{"relays": {"1": 5}}'])
def test_without_a_usable_file_no_pin_becomes_an_output(
    text: str | None, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot(monkeypatch, text)
    assert machine.happened == []
