"""What the controller knows of one relay, and of the contacts at the gate behind it.

What it does until further notice: it is held open until an end, is locked, or is free. Held open is kept by being said
again: the board lets go by itself of what it was not told for `_KEEP_MS`. So a program that hangs, and a reset, end it.
Locked stays so until it is freed, through resets too (see locks.py).
"""

from micropython import const

# No setting allows a longer hold (four hours).
MAX_HOLD_MS = 14400000
# A held gate that nobody can close lets strangers in: so long the broker may be away.
_ALONE_MS = const(60000)
# Said again when a good part of it is left.
_KEEP_MS = const(10000)


class Relay:
    """What waits for it, until when it is on, what stands until further notice, and where its gate stands.

    Contacts bounce, and long cables pick up noise: a change counts when it was read twice in a row. The first reading
    counts at once: there is nothing before it to compare with. A contact that is not wired is None and says nothing.
    """

    def __init__(self, locked=False):
        # Until further notice: "free", "open" (until then, and the board told again at that time) or "locked"; and the
        # expiry of the latest order that was obeyed.
        self.stand = "locked" if locked else "free"
        self.until = self.again_at = 0
        self.ordered = -1
        self.waiting = None
        self.off_at = None
        self.free_at = 0
        self.confirming = None
        self.position, self.obstructed = "unknown", False
        self._counted = self._last = None

    def objection(self, command, max_hold_ms):
        """Why an order will not do as the relay stands; empty where nothing is against it."""
        # One that expires before the last that was obeyed was overtaken by it. A lock-down is obeyed at any rate.
        if command["stand"] != "locked" and command["expires"] <= self.ordered:
            return "overtaken"
        if command["stand"] != "open":
            return ""
        if command["for_ms"] > max_hold_ms:
            return "too_long"
        return "locked_down" if self.stand == "locked" else ""

    def obey(self, command, now, gap_ms):
        """What is to be done by an order against which nothing speaks."""
        before, self.stand = self.stand, command["stand"]
        self.ordered = max(self.ordered, command["expires"])
        self.until, self.again_at = now + command["for_ms"], now
        if self.stand == "open":
            return self.keep(command["relay"], now)
        if before != "open":
            return []
        self.free_at = now + gap_ms
        return [("hold", command["relay"], False, 0)]

    def ending(self, now, linked_at):
        """Why a hold ends by itself now; empty where it goes on, or there is none."""
        if self.stand != "open":
            return ""
        if now >= self.until:
            return "over"
        return "broker_gone" if now - linked_at > _ALONE_MS else ""

    def keep(self, number, now):
        """The board is told from time to time that the hold goes on."""
        if self.stand != "open" or now < self.again_at:
            return []
        self.again_at = now + _KEEP_MS * 2 // 5
        return [("hold", number, True, _KEEP_MS)]

    def read(self, contacts):
        """Take in one reading: (open, closed, obstructed, pressed), each True, False or None.

        Returns whether the button was pressed by it. Held down at boot, or with its cable cut through, it is not.
        """
        steady = self._last is None or contacts == self._last
        before, self._last = self._counted, contacts
        if not steady or contacts == before:
            return False
        self._counted = contacts
        self.position, self.obstructed = where(contacts[0], contacts[1]), bool(contacts[2])
        return bool(contacts[3]) and before is not None and before[3] is False


def where(is_open, is_closed):
    """A gate's position as one or two switches show it."""
    if is_open and is_closed:
        return "fault"
    if is_open:
        return "open"
    if is_closed:
        return "closed"
    if is_open is None:
        return "unknown" if is_closed is None else "not_closed"
    return "not_open" if is_closed is None else "between"
