"""The keys that open while the server is away. They lie in flash and are looked up there: in memory they would not fit.

keys.lst   records of 12 bytes: digest 8, relays 1 (a bit each), end 3; then a trailer: mark, version, session in which
           the ends are readings of the clock, number of records, digest of all of them
keys.life  version, seconds that it is still good for, a check

Ends are minutes of the board's clock. After a reset they say nothing any more, and such a key opens no more until the
server was heard. What is left of the list's life is written down every hour, and a reset costs an hour of it: at least
what may have passed since. How long a board lay without power nobody can tell it.
"""

import binascii
import hashlib
import struct

LIST, COMING, LIFE = "keys.lst", "keys.new", "keys.life"
RECORD, DIGEST = 12, 8
CHUNK = 20 * RECORD
TRAILER, MARK = "<4sI8sH8s", b"CKL1"
TRAILER_SIZE = 26
NO_END = 0xFFFFFF
MINUTE_MS, HOUR_MS = 60000, 3600000
MAX_LIFE_MS = 31 * 24 * HOUR_MS


class KeyList:
    def __init__(self, store, session, now):
        self._store, self._session = store, binascii.unhexlify(session[:16])
        self.version, self.count, self.until = 0, 0, 0
        self._delivered, self._saved_at = self._session, now
        # Of a list that is on its way: version, until, pages, and the next page.
        self.coming = (0, 0, 0, 0)
        self._open(now)

    def _open(self, now):
        count = (self._store.size(LIST) - TRAILER_SIZE) // RECORD
        trailer = self._store.read(LIST, max(0, count) * RECORD, TRAILER_SIZE)
        if count < 0 or len(trailer) != TRAILER_SIZE:
            return
        mark, version, delivered, said, digest = struct.unpack(TRAILER, trailer)
        if mark != MARK or said != count or digest != self._digest(LIST, count):
            return
        self.version, self.count, self._delivered = version, count, delivered
        self.until = now + max(0, self._left_in_flash() * 1000 - HOUR_MS)
        self._save(now)

    def _digest(self, name, count):
        summed = hashlib.sha256()
        for chunk in self._chunks(name, count):
            summed.update(chunk)
        return summed.digest()[:DIGEST]

    def _chunks(self, name, count):
        for start in range(0, count * RECORD, CHUNK):
            yield self._store.read(name, start, min(CHUNK, count * RECORD - start))

    # --- how long it is good for ------------------------------------------------------------------------

    def minutes_left(self, now):
        return max(0, self.until - now) // MINUTE_MS

    def tick(self, now):
        if self.until > self._saved_at and now - self._saved_at >= HOUR_MS:
            self._save(now)

    def _save(self, now):
        self._saved_at = now
        said = struct.pack("<II", self.version, max(0, self.until - now) // 1000)
        self._store.replace(LIFE, said + hashlib.sha256(said).digest()[:4])

    def _left_in_flash(self):
        said = self._store.read(LIFE, 0, 12)
        if len(said) != 12 or said[8:] != hashlib.sha256(said[:8]).digest()[:4]:
            return 0
        version, left = struct.unpack("<II", said[:8])
        return left if version == self.version else 0

    # --- looking up -------------------------------------------------------------------------------------

    def why_not(self, digest, relay, now):
        """Empty where this key opens that relay now; otherwise a word."""
        if now >= self.until:
            return "no_list"
        for chunk in self._chunks(LIST, self.count):
            at = place(chunk, digest)
            if at is not None:
                return self._flaw(chunk[at + DIGEST : at + RECORD], relay, now)
        return "unknown"

    def _flaw(self, rest, relay, now):
        if not rest[0] & (1 << (relay - 1)):
            return "other_relay"
        end = rest[1] | rest[2] << 8 | rest[3] << 16
        if end != NO_END and (self._delivered != self._session or now >= end * MINUTE_MS):
            return "ended"
        return ""

    # --- what the server sends --------------------------------------------------------------------------

    def take(self, message, now):
        """Take in a message of our session whose signature fits. Empty, or a word why it is not taken."""
        if not now < message["until"] <= now + MAX_LIFE_MS:
            return "too_late" if message["until"] <= now else "too_long_lived"
        try:
            records = binascii.a2b_base64(message["records"])
        except ValueError:
            return "malformed"
        version, base = message["keys"], message["base"]
        if base and base != self.version:
            return "other_version"
        if base == version:
            return self._renew(message["until"], now)
        if version <= self.version:
            return "" if version == self.version else "used_before"
        if base:
            return self._strike(version, message["until"], records, now)
        return self._page(message, records, now)

    def _renew(self, until, now):
        # Said again by somebody, an older one shortens nothing.
        if until > self.until:
            self.until = until
            self._save(now)
        return ""

    def _page(self, message, records, now):
        version, until, page, pages = message["keys"], message["until"], message["page"], message["pages"]
        if len(records) % RECORD:
            return "malformed"
        if page <= 1:
            self._store.remove(COMING)
            self.coming = (version, until, pages, page)
        if self.coming != (version, until, pages, page):
            return ""  # of another delivery, or twice: the heartbeat says which one we want
        if not self._store.append(COMING, records):
            self.coming = (0, 0, 0, 0)
            return "no_room"
        self.coming = (version, until, pages, page + 1)
        return "" if page < pages else self._install(version, until, self._session, now)

    def _strike(self, version, until, digests, now):
        """All but these."""
        gone = [digests[at : at + DIGEST] for at in range(0, len(digests), DIGEST)]
        self._store.remove(COMING)
        self._store.append(COMING, b"")
        for chunk in self._chunks(LIST, self.count):
            each = [chunk[at : at + RECORD] for at in range(0, len(chunk), RECORD)]
            if not self._store.append(COMING, b"".join([one for one in each if one[:DIGEST] not in gone])):
                return "no_room"
        return self._install(version, until, self._delivered, now)

    def _install(self, version, until, delivered, now):
        """What came takes the place of what was there, whole."""
        self.coming = (0, 0, 0, 0)
        count = self._store.size(COMING) // RECORD
        trailer = struct.pack(TRAILER, MARK, version, delivered, count, self._digest(COMING, count))
        if not (self._store.append(COMING, trailer) and self._store.move(COMING, LIST)):
            return "no_room"
        self.version, self.count, self.until, self._delivered = version, count, until, delivered
        self._save(now)
        return ""


def place(chunk, digest):
    """Where a record with this digest begins; None where there is none."""
    at = chunk.find(digest)
    while at >= 0 and at % RECORD:
        at = chunk.find(digest, at + 1)
    return at if at >= 0 else None
