"""`python -m tests.gate_bench.boards`: many simulated boards in one process.

Each is the controller's own program (firmware/controller.py) on a connection of its own; only link and loop are made
for asyncio. Told by JSON on standard input: port, and of each board its device, key and password. A line is written
for each pulse: the command and when (nanoseconds).
"""

import asyncio
import binascii
import json
import secrets
import struct
import sys
import time
from typing import Any, TextIO

from tests.faults.wire import Stream, message_of
from tests.firmware.parts import load

firmware, packets = load("controller"), load("packets")
HEARTBEAT = 2.0
CONNACK, PUBLISH = 0x20, 0x30


class SimulatedBoard:
    def __init__(self, device: str, key: str, password: str, port: int, pulses: TextIO) -> None:
        self.device, self.password, self.port, self.pulses = device, password, port, pulses
        self.controller = firmware.Controller(device, binascii.unhexlify(key), secrets.token_hex(8), [1], 3000, 300)
        self.booted, self.number = time.monotonic(), 0
        self.writer: asyncio.StreamWriter | None = None

    def now(self) -> int:
        return int((time.monotonic() - self.booted) * 1000)

    async def run(self) -> None:
        reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(self._greeting())
        stream, beating = Stream(), None
        while data := await reader.read(4096):
            for packet in stream.feed(data):
                if packet[0] == CONNACK:
                    body = struct.pack("!H", 1) + packets.text(f"gates/{self.device}/cmd") + b"\x01"
                    self.writer.write(packets.packet(0x82, body))
                    beating = beating or asyncio.ensure_future(self._beat())
                elif packet[0] & 0xF0 == PUBLISH:
                    self._take(packet)

    def _greeting(self) -> bytes:
        body = packets.text("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", 8)
        return bytes(
            packets.packet(
                0x10, body + b"".join(map(packets.text, (self.controller.session, self.device, self.password)))
            )
        )

    def _take(self, packet: bytes) -> None:
        message = message_of(packet)
        assert message is not None
        assert self.writer is not None
        if packet[0] & 0x06:
            at = len(packet) - len(message.payload)
            self.writer.write(packets.packet(0x40, packet[at - 2 : at]))
        self._do(self.controller.receive(message.payload, self.now()))
        self._tick()

    def _tick(self) -> None:
        self._do(self.controller.tick(self.now()))
        if (due := self.controller.due(self.now())) is not None:
            asyncio.get_running_loop().call_later(due / 1000 + 0.001, self._tick)

    def _do(self, wanted: list[Any]) -> None:
        for number, one in enumerate(wanted):
            if one[0] == "relay" and one[2]:
                self.pulses.write(f"{wanted[number + 1][1]['id']} {time.time_ns()}\n")
                self.pulses.flush()
            elif one[0] != "relay":
                self._say(one[0], one[1], 1)

    def _say(self, kind: str, fields: dict[str, Any], qos: int) -> None:
        assert self.writer is not None
        self.number = self.number % 65535 + 1
        body = packets.text(f"gates/{self.device}/{kind}") + (struct.pack("!H", self.number) if qos else b"")
        self.writer.write(packets.packet(PUBLISH | qos << 1, body + json.dumps(fields).encode()))

    async def _beat(self) -> None:
        # Not all at the same moment, as real boards do not either.
        await asyncio.sleep(secrets.randbelow(1000) / 1000 * HEARTBEAT)
        while True:
            self._say("status", self.controller.status(self.now(), "1.1"), 0)
            for number in self.controller.recent(self.now()):
                self._say("ack", self.controller.told(number)[1], 0)
            await asyncio.sleep(HEARTBEAT)


async def run(order: dict[str, Any]) -> None:
    with open(order["pulses"], "a") as pulses:  # noqa: PTH123
        boards = [
            SimulatedBoard(device, key, password, order["port"], pulses) for device, key, password in order["boards"]
        ]
        await asyncio.gather(*(board.run() for board in boards))


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.stdin.readline())))
