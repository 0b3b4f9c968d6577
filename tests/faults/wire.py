"""MQTT packets as they pass by: cut out of a stream, and looked into where they are messages of ours."""

import json
from dataclasses import dataclass
from typing import Any

PUBLISH = 0x30
STEPS = ("sent", "accepted", "pulsed", "confirmed")


@dataclass(frozen=True)
class Message:
    """What a PUBLISH says."""

    topic: str
    payload: bytes

    @property
    def device(self) -> str:
        return self.topic.split("/")[1] if self.topic.count("/") == 2 else ""

    @property
    def kind(self) -> str:
        return self.topic.rpartition("/")[2]

    def fields(self) -> dict[str, Any]:
        try:
            content = json.loads(self.payload)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    def step(self) -> str:
        """The step of a command's life that this message is; empty for all else."""
        if self.kind == "cmd":
            return "sent"
        step = str(self.fields().get("step", "")) if self.kind == "ack" else ""
        return step if step in STEPS else ""


class Stream:
    """Bytes in, whole packets out."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        self._bytes += data
        packets = []
        while (size := measure(self._bytes)) is not None and len(self._bytes) >= size:
            packets.append(bytes(self._bytes[:size]))
            del self._bytes[:size]
        return packets


def measure(data: bytes | bytearray) -> int | None:
    """How long the first packet is, its head included; None where that is not known yet."""
    size, shift = 0, 0
    for at, digit in enumerate(data[1:5], start=1):
        size |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            return size + at + 1
    return None


def message_of(packet: bytes) -> Message | None:
    """The message that a packet carries, if it is a PUBLISH."""
    if packet[0] & 0xF0 != PUBLISH:
        return None
    at = 1
    while packet[at] & 0x80:
        at += 1
    at += 1
    length = int.from_bytes(packet[at : at + 2], "big")
    topic = packet[at + 2 : at + 2 + length].decode(errors="replace")
    at += 2 + length + (2 if packet[0] & 0x06 else 0)
    return Message(topic, packet[at:])
