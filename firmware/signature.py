"""HMAC-SHA256 (RFC 2104), which MicroPython does not bring."""

import binascii
import hashlib

BLOCK = 64


def hmac_sha256(key, message):
    """The code in hex. Both are bytes."""
    if len(key) > BLOCK:
        key = hashlib.sha256(key).digest()
    key = key + bytes(BLOCK - len(key))
    inner = hashlib.sha256(bytes([byte ^ 0x36 for byte in key]))
    inner.update(message)
    outer = hashlib.sha256(bytes([byte ^ 0x5C for byte in key]))
    outer.update(inner.digest())
    return binascii.hexlify(outer.digest()).decode()


def sign(key, kind, device, values):
    """Over the values, a line each, after a line that says what they are and of whom."""
    lines = ["cancela-1 %s %s" % (kind, device)]
    lines.extend([str(value) for value in values])
    return hmac_sha256(key, "\n".join(lines).encode())


def same(one, other):
    """Whether two texts are equal, in a time that does not tell where they differ."""
    if len(one) != len(other):
        return False
    difference = 0
    for left, right in zip(one.encode(), other.encode()):  # noqa: B905 (MicroPython has no strict=)
        difference |= left ^ right
    return difference == 0
