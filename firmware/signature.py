"""HMAC-SHA256 (RFC 2104), which MicroPython does not bring."""

import binascii
import hashlib

from micropython import const

_BLOCK = const(64)


def hmac_sha256(key, message):
    """The code in hex. Both are bytes."""
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    inner = hashlib.sha256(padded(key, 0x36))
    inner.update(message)
    outer = hashlib.sha256(padded(key, 0x5C))
    outer.update(inner.digest())
    return binascii.hexlify(outer.digest()).decode()


def padded(key, byte):
    """The key filled up to a block, each byte of it changed. In place: a list would be eight times as large."""
    block = bytearray(_BLOCK)
    block[: len(key)] = key
    for at in range(_BLOCK):
        block[at] ^= byte
    return block


def sign(key, kind, device, values):
    """Over the values, a line each, after a line that says what they are and of whom."""
    lines = ["cancela-1 %s %s" % (kind, device)]
    lines.extend([str(value) for value in values])
    return hmac_sha256(key, "\n".join(lines).encode())


def signed(key, kind, device, names, values):
    """A message: its fields by their names, and their signature."""
    fields = dict(zip(names, values))  # noqa: B905 (MicroPython has no strict=)
    fields["signature"] = sign(key, kind, device, values)
    return fields


def same(one, other):
    """Whether two texts are equal, in a time that does not tell where they differ."""
    if len(one) != len(other):
        return False
    difference = 0
    for left, right in zip(one.encode(), other.encode()):  # noqa: B905 (MicroPython has no strict=)
        difference |= left ^ right
    return difference == 0
