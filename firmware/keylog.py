"""What was done while the server was away: the latest 64 entries, until the server has them.

An entry is 30 bytes: session, its number in that session, uptime, what, relay, digest of the key. Numbers have no gaps,
so that the server sees what was lost. An opening is in flash before the relay moves; what opened nothing is gathered,
for flash wears out by writing.
"""

import binascii
import struct

LOG, SHORTER = "keys.log", "keys.log.new"
ENTRY, SIZE = "<8sIQBB8s", 30
ROOM, PAGE = 64, 6
# Dropped together, so that a full log is not written anew for every entry.
OVER = 8
GATHERED = 8
FLUSH_MS = 600000
# Each by its place; the last is whatever a newer controller calls its hindrance.
WHATS = (
    "other",
    "opened",
    "unknown",
    "no_list",
    "other_relay",
    "ended",
    "obstructed",
    "busy",
    "too_soon",
    "locked",
    "locked_down",
    "held_open",
)


class KeyLog:
    def __init__(self, store, session, now):
        self._store, self._session = store, binascii.unhexlify(session[:16])
        self._number, self._gathered, self._flushed_at = 0, [], now
        self._count = store.size(LOG) // SIZE
        if store.size(LOG) % SIZE:  # the power went while one was written
            self._forget(0)

    def waiting(self):
        return self._count + len(self._gathered)

    def note(self, now, what, relay, digest):
        self._number += 1
        code = WHATS.index(what) if what in WHATS else 0
        self._gathered.append(struct.pack(ENTRY, self._session, self._number, now, code, relay, digest))
        if what == "opened" or len(self._gathered) >= GATHERED:
            self._flush(now)

    def tick(self, now):
        if self._gathered and now - self._flushed_at >= FLUSH_MS:
            self._flush(now)

    def _flush(self, now):
        self._flushed_at = now
        if self._count + len(self._gathered) > ROOM:
            self._forget(self._count + len(self._gathered) - ROOM + OVER)
        if self._store.append(LOG, b"".join(self._gathered)):
            self._count += len(self._gathered)
            self._gathered = []
        else:
            # The newest of what flash does not take stays in memory.
            self._gathered = self._gathered[-GATHERED + 1 :]

    def _forget(self, number):
        number = min(number, self._count)
        if self._copy(number) and self._store.move(SHORTER, LOG):
            self._count -= number

    def _copy(self, number):
        """All but the oldest, piece by piece: so much in one piece a small memory does not have."""
        self._store.remove(SHORTER)
        written = self._store.append(SHORTER, b"")
        for at in range(number, self._count, PAGE):
            several = min(PAGE, self._count - at)
            written = written and self._store.append(SHORTER, self._store.read(LOG, at * SIZE, several * SIZE))
        return written

    # --- to the server ----------------------------------------------------------------------------------

    def page(self, now):
        """The oldest entries: in base64, and by what the last of them is known."""
        if self._gathered:
            self._flush(now)
        data = self._store.read(LOG, 0, PAGE * SIZE) if self._count else b"".join(self._gathered[:PAGE])
        data = data[: len(data) // SIZE * SIZE]
        return binascii.b2a_base64(data).decode().strip(), data[-SIZE : -SIZE + 12]

    def drop(self, last):
        """The server has all up to this one."""
        if not self._count:
            self._gathered = self._gathered[PAGE:]
            return
        for number in range(min(PAGE, self._count)):
            if self._store.read(LOG, number * SIZE, 12) == last:
                self._forget(number + 1)
                return
