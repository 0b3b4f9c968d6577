"""A reader's two lines on a board: each fall is a bit, taken at once where the board can."""

from typing import Any

import pytest

from tests.firmware.key_parts import tag
from tests.firmware.parts import load
from tests.firmware.test_rest_at_boot import SETTINGS, Machine, machine

__all__ = ["machine"]

READER: dict[str, Any] = {**SETTINGS, "relays": {"1": {"pin": 5, "reader": {"d0_pin": 12, "d1_pin": 13}}}}


class Interrupts:
    """What is called when a line falls, by its pin."""

    def __init__(self, machine: Machine, *, hard: bool) -> None:
        self.handlers: dict[int, Any] = {}
        self.kinds: list[bool] = []

        def irq(pin: Any, handler: Any, trigger: str, **more: Any) -> None:
            if more and not hard:
                raise TypeError("extra keyword arguments given")
            self.handlers[pin.number] = handler
            self.kinds.append(bool(more))

        pins: Any = machine.Pin
        pins.irq, pins.IRQ_FALLING = irq, "falling"


@pytest.mark.parametrize("hard", [True, False])
def test_what_falls_on_its_lines_is_a_frame(machine: Machine, monkeypatch: pytest.MonkeyPatch, hard: bool) -> None:
    interrupts, now = Interrupts(machine, hard=hard), [1000]
    monkeypatch.setattr("time.ticks_ms", lambda: now[0], raising=False)
    board = load("board_esp").Board(READER)
    for bit in tag(77):
        now[0] += 2
        interrupts.handlers[13 if bit == "1" else 12](None)
    now[0] += 50
    assert board.frames(1) == [tag(77)]
    assert interrupts.kinds == [hard, hard]


@pytest.mark.parametrize("reader", [{}, {"d0_pin": 12}, {"d0_pin": 12, "d1_pin": "13"}, 12])
def test_a_reader_without_its_pins_is_refused_with_a_word(reader: Any) -> None:
    settings = {**SETTINGS, "relays": {"1": {"pin": 5, "reader": reader}}}
    with pytest.raises(load("config").ConfigError, match=r"relays\.1\.reader"):
        load("wired").check(settings)


def test_a_board_without_a_reader_loads_nothing_of_it(machine: Machine) -> None:
    assert load("board_esp").Board(SETTINGS)._lines == {}
