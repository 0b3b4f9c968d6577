"""Bits of a reader become tags and codes; what was garbled on its way becomes nothing."""

from typing import Any

import pytest

from tests.firmware.key_parts import bits, tag, typed
from tests.firmware.parts import load, micropython

wiegand = load("wiegand")


class Clock:
    """Milliseconds as `ticks_ms` counts them."""

    def __init__(self) -> None:
        self.now = 0

    def ticks(self) -> int:
        return self.now

    @staticmethod
    def difference(one: int, other: int) -> int:
        return one - other


def send(line: Any, clock: Clock, frame: str) -> None:
    for bit in frame:
        clock.now += 2
        line.one() if bit == "1" else line.zero()


def read(*frames: str, now: int = 0) -> list[Any]:
    found: list[Any] = wiegand.Reader().read(list(frames), now)
    return found


@pytest.mark.parametrize("count", [26, 34])
def test_a_tags_number_is_read_without_its_parity(count: int) -> None:
    assert read(tag(12345678, count)) == [("tag", "12345678")]


def test_a_large_number_needs_a_reader_of_34_bits() -> None:
    assert read(tag(2**32 - 2, 34)) == [("tag", "4294967294")]


@pytest.mark.parametrize("count", [26, 34])
@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_one_bit_turned_over_is_no_tag(count: int, place: int) -> None:
    frame = list(tag(12345678, count))
    frame[place] = "10"[int(frame[place])]
    assert read("".join(frame)) == []


@pytest.mark.parametrize("count", [1, 3, 5, 25, 27, 33, 37, 64])
def test_a_bit_lost_or_another_format_is_nothing(count: int) -> None:
    assert read("1" * count) == []


def test_a_code_is_typed_and_ended() -> None:
    assert read(*typed("048291")) == [("code", "048291")]


def test_a_keypad_may_send_each_key_with_its_complement() -> None:
    keys = [4, 8, 2, 9, 1, 6, 11]
    assert read(*(bits((15 - key) << 4 | key, 8) for key in keys)) == [("code", "482916")]
    assert read(*(bits(key, 8) for key in keys)) == []


def test_the_star_begins_anew() -> None:
    frames = [*typed("11")[:-1], bits(10, 4), *typed("482916")]
    assert read(*frames) == [("code", "482916")]


def test_who_went_away_leaves_no_digits_for_the_next() -> None:
    reader = wiegand.Reader()
    reader.read(typed("482")[:-1], 1000)
    assert reader.read(typed("916"), 12_000) == [("code", "916")]


def test_too_many_digits_are_none() -> None:
    assert read(*typed("12345678901")) == [("code", "1")] or read(*typed("12345678901")) == []


def test_nothing_typed_is_no_code() -> None:
    assert read(bits(11, 4)) == []


def test_a_frame_ends_with_silence() -> None:
    clock = Clock()
    line = wiegand.Line(clock.ticks, clock.difference)
    send(line, clock, tag(77))
    assert line.frames() == []
    clock.now += 31
    assert line.frames() == [tag(77)]
    assert line.frames() == []


def test_keys_pressed_before_anybody_asked_stay_apart() -> None:
    clock = Clock()
    line = wiegand.Line(clock.ticks, clock.difference)
    for frame in typed("482916"):
        send(line, clock, frame)
        clock.now += 120
    assert line.frames() == typed("482916")


def test_noise_without_end_fills_no_memory() -> None:
    clock = Clock()
    line = wiegand.Line(clock.ticks, clock.difference)
    send(line, clock, "10" * 5000)
    clock.now += 40
    assert [len(frame) for frame in line.frames()] == [80]


def test_it_reads_the_same_on_the_boards_interpreter() -> None:
    frames = [tag(12345678), tag(4294967294, 34), *typed("048291")]
    said = micropython(f"from wiegand import Reader; print(Reader().read({frames!r}, 0))")
    assert said == "[('tag', '12345678'), ('tag', '4294967294'), ('code', '048291')]"


def test_an_interrupt_takes_no_memory() -> None:
    program = """
import gc, micropython, time
from wiegand import Line
line = Line(time.ticks_ms, time.ticks_diff)
line.one()
micropython.heap_lock()
for number in range(30):
    line.zero(None)
    line.one(None)
micropython.heap_unlock()
print("done")
"""
    assert micropython(program) == "done"
