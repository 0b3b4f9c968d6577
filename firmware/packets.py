"""How MQTT 3.1.1 packs things (sections 1.5.3 and 2.2.3 of the standard)."""

import struct

MAX_PACKET = 768


def text(value):
    """A length-prefixed text or bytes."""
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("!H", len(data)) + data


def packet(kind, body):
    size, head = len(body), bytearray([kind])
    while True:
        size, digit = size >> 7, size & 0x7F
        head.append(digit | 0x80 if size else digit)
        if not size:
            return bytes(head) + body


def measure(buffer):
    """Where the body of the first packet begins and ends; the end is None while it is not all there."""
    size, shift, at = 0, 0, 1
    while True:
        if at >= len(buffer):
            return at, None
        digit = buffer[at]
        size |= (digit & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not digit & 0x80:
            break
        if shift > 21:
            raise OSError("not a packet")
    if size > MAX_PACKET:
        raise OSError("a packet of %d bytes" % size)
    return at, at + size if len(buffer) >= at + size else None
