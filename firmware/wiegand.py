"""A Wiegand reader or keypad: bits on two lines, a number with its parity, keys in short bursts.

Knows no pins: `Line.zero` and `Line.one` are what interrupts call, `Line.frames` is what the loop asks.
"""

# Bits of a frame come a few milliseconds apart; a longer silence ends it.
SILENCE_MS = 30
ROOM = 80
FIRST = 2
# Typed so slowly, a code is begun anew: whoever went away leaves nothing for the next.
TYPING_MS = 10000
LONGEST_CODE = 10
CLEAR, END = 10, 11


class Line:
    """Gathers bits. What interrupts call takes no memory: on a board there is none to be had just then."""

    def __init__(self, ticks_ms, ticks_diff):
        self._ticks_ms, self._ticks_diff = ticks_ms, ticks_diff
        self._bits = bytearray(ROOM)
        self._count, self._at = 0, 0

    def zero(self, _pin=None):
        self._take(0)

    def one(self, _pin=None):
        self._take(1)

    def _take(self, bit):
        now = self._ticks_ms()
        if self._count == 0 or self._ticks_diff(now, self._at) > SILENCE_MS:
            bit |= FIRST
        self._at = now
        if self._count < ROOM:
            self._bits[self._count] = bit
            self._count += 1

    def frames(self):
        """The frames that ended since this was last asked, as texts of 0 and 1."""
        if not self._count or self._ticks_diff(self._ticks_ms(), self._at) <= SILENCE_MS:
            return []
        bits = bytes(self._bits[: self._count])
        self._count = 0
        found = []
        for bit in bits:
            if bit & FIRST:
                found.append("")
            found[-1] += "1" if bit & 1 else "0"
        return found


def decode(frame):
    """("tag", number), ("key", 0 to 15), or None for what is neither or was garbled on its way."""
    count, value = len(frame), int(frame, 2)
    if count == 4:
        return "key", value
    if count == 8:
        # The upper half is the lower one turned over.
        return ("key", value & 15) if (value >> 4) ^ (value & 15) == 15 else None
    if count in (26, 34) and even_and_odd(frame):
        return "tag", (value >> 1) & ((1 << (count - 2)) - 1)
    return None


def even_and_odd(frame):
    """Whether the first half, with its parity bit, holds an even number of ones, and the second an odd one."""
    half = len(frame) // 2
    return frame[:half].count("1") % 2 == 0 and frame[half:].count("1") % 2 == 1


class Reader:
    """What is presented at one reader: tags, and codes that are typed and ended with `#`."""

    def __init__(self):
        self._typed, self._typed_at = "", 0

    def read(self, frames, now):
        """("tag" or "code", its digits) for each that is complete."""
        found = []
        for frame in frames:
            kind, value = decode(frame) or ("", 0)
            if kind == "tag":
                found.append(("tag", "%d" % value))
            elif kind == "key":
                code = self._press(value, now)
                if code:
                    found.append(("code", code))
        return found

    def _press(self, key, now):
        if now - self._typed_at > TYPING_MS:
            self._typed = ""
        self._typed_at = now
        typed = self._typed
        if key < 10 and len(typed) < LONGEST_CODE:
            self._typed += "%d" % key
        elif key < 10 or key in (CLEAR, END):
            self._typed = ""
        return typed if key == END else ""
