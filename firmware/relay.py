"""What the controller knows of one relay, and of the contacts at the gate behind it."""


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
