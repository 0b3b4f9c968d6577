"""Who floods a board keeps it from nothing: it comes back to its relays after every few messages."""

import struct
from typing import Any

from tests.firmware.parts import load

link, packets = load("link"), load("packets")


class Endless:
    """A network that always has one more message, and takes everything."""

    def __init__(self) -> None:
        body = packets.text("gates/main-gate/cmd") + struct.pack("!H", 7) + b"{}"
        self.stream = packets.packet(0x32, body) * 60
        self.at = self.reads = 0

    def readinto(self, buffer: Any) -> int:
        self.reads += 1
        assert self.reads < 100, "it reads for ever"
        # Whole repetitions of a message, from where the last reading ended.
        some = (self.stream + self.stream)[self.at : self.at + len(buffer)]
        self.at = (self.at + len(some)) % len(self.stream)
        buffer[: len(some)] = some
        return len(some)

    def write(self, data: bytes) -> int:
        return len(data)

    def poll(self, _milliseconds: int) -> None:
        pass

    def close(self) -> None:
        pass


def test_it_stops_reading_though_there_is_more() -> None:
    one = link.Link("main-gate", {"host": "h", "port": 1883, "password": "p"}, {"session": "ab"}, lambda text: None)
    endless = Endless()
    one._socket = one._poll = endless
    one.state = link.UP
    one.step(0, 100, True)
    assert endless.reads == link.READS
    assert 0 < len(one.inbox) < 100
