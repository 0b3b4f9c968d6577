"""Tags and codes at a gate's reader: asked of the server while it is heard, looked up in a list while it is away.

As the controller it knows no network, no pins and no clock. What it wants done it hands out, beside the controller's

    ("page", fields)      entries of its log, for the server
    ("note", text)        for whoever looks at the board
"""

import binascii
import json

from keylist import KeyList
from keylog import KeyLog
from signature import same, sign
from wiegand import Reader

LIST = (
    ("keys", int),
    ("base", int),
    ("session", str),
    ("until", int),
    ("page", int),
    ("pages", int),
    ("records", str),
    ("signature", str),
)
WORD = (("word", str), ("session", str), ("uptime", int), ("signature", str))
MAX_BYTES = 512
# The server answers a heartbeat every few seconds; when several answers in a row are missing it is away.
AWAY_MS = 15000
ANSWER_MS = 5000
REPORT_MS = 3000
# So many wrong ones are free; after each further one nothing is looked at for a while, twice as long each time.
FREE, FIRST_PAUSE_MS, DOUBLINGS, LONGEST_PAUSE_MS = 3, 30000, 7, 3600000
# What opens nothing and is no guess is noted at most so often.
QUIET_MS = 60000
NOBODY = bytes(8)


class Tries:
    """Wrong ones of a kind. A board that was just reset has only one free: resetting it shall gain nothing."""

    def __init__(self):
        self._wrong, self.until = FREE - 2, 0

    def right(self):
        self._wrong = 0

    def wrong(self, now):
        """Whether that was one too many."""
        self._wrong += 1
        if self._wrong < FREE:
            return False
        doublings = min(self._wrong - FREE, DOUBLINGS)
        self.until = now + min(FIRST_PAUSE_MS << doublings, LONGEST_PAUSE_MS)
        return True


class Keys:
    def __init__(self, controller, numbers, store, now, away_ms=AWAY_MS):
        self._controller, self._away_ms = controller, away_ms
        self.readers = {number: Reader() for number in numbers}
        self.list = KeyList(store, controller.session, now)
        self.log = KeyLog(store, controller.session, now)
        self._tries = {"tag": Tries(), "code": Tries()}
        # The clock's reading that the server last answered; a start counts as heard.
        self._heard_at = now
        self._asked, self._page, self._quiet = None, None, ("", -QUIET_MS)
        self._opening, self._said = [], None

    def away(self, now):
        return now - self._heard_at >= self._away_ms

    def told(self, now):
        """For the heartbeat: version, minutes left, entries waiting; version and next page of a list on its way."""
        coming = self.list.coming
        values = (self.list.version, self.list.minutes_left(now), self.log.waiting(), coming[0], coming[3])
        return " ".join(["%d" % value for value in values])

    def is_news(self):
        """Whether the list moved on since this was last asked: the server waits to hear it."""
        before, self._said = self._said, (self.list.version, self.list.coming, self.list.until)
        return self._said != before

    # --- what is presented ------------------------------------------------------------------------------

    def feed(self, number, frames, now):
        """What came from the reader at a relay's gate."""
        wanted = []
        for kind, digits in self.readers[number].read(frames, now):
            wanted.extend(self._presented(number, kind, digits, now))
        return wanted

    def _presented(self, number, kind, digits, now):
        if now < self._tries[kind].until or (self._asked and now - self._asked[0] < ANSWER_MS):
            return []
        board = self._controller
        digest = sign(board.key, "key", board.device, [kind, digits])[:16]
        if self.away(now):
            return self._decide(number, kind, binascii.unhexlify(digest), now)
        self._asked = (now, kind)
        return [board.event(now, "key", "%d %s %s" % (number, kind, digest))]

    def _decide(self, number, kind, digest, now):
        why = self.list.why_not(digest, number, now) or self._controller.hindrance(number, now)
        if not why:
            self._tries[kind].right()
            self._opening.append(number)
            self.log.note(now, "opened", number, digest)
            return [("note", "key opens %d offline" % number)]
        self._refuse(number, kind, digest, why, now)
        return [("note", "key refused offline: %s" % why)]

    def _refuse(self, number, kind, digest, why, now):
        if why == "unknown":
            self.log.note(now, why, number, digest)
            self._fail(number, kind, now)
        elif why != self._quiet[0] or now - self._quiet[1] >= QUIET_MS:
            self._quiet = (why, now)
            self.log.note(now, why, number, digest)

    def _fail(self, number, kind, now):
        if self._tries[kind].wrong(now):
            self.log.note(now, "locked", number, NOBODY)

    # --- what time brings -------------------------------------------------------------------------------

    def tick(self, now):
        """To be called after `feed` and `receive`, and now and then."""
        wanted = []
        while self._opening:
            number = self._opening.pop(0)
            why = self._controller.hindrance(number, now)
            if why:
                self.log.note(now, why, number, NOBODY)
            else:
                wanted.extend(self._controller.let_in(number, now)[1])
        self.list.tick(now)
        self.log.tick(now)
        return wanted + self._report(now)

    def _report(self, now):
        """The oldest entries, said until the server says that it has them."""
        if self.away(now) or not self.log.waiting() or (self._page and now - self._page[0] < REPORT_MS):
            return []
        entries, last = self.log.page(now)
        self._page = (now, last)
        board = self._controller
        signature = sign(board.key, "log", board.device, [entries, board.session, now])
        return [("page", {"entries": entries, "session": board.session, "uptime": now, "signature": signature})]

    # --- what the server says ---------------------------------------------------------------------------

    def receive(self, payload, now):
        """A message on our topic; None for what is not for us, a command."""
        kind = "keys" if b'"keys"' in payload else "word"
        if kind == "word" and b'"word"' not in payload:
            return None
        message = parse(payload, LIST if kind == "keys" else WORD)
        board = self._controller
        if message is None:
            return [board.event(now, "malformed", kind)]
        values = [message[name] for name, _ in (LIST if kind == "keys" else WORD)[:-1]]
        if not same(message["signature"], sign(board.key, kind, board.device, values)):
            return [board.event(now, "bad_signature", kind)]
        if message["session"] != board.session:
            return []  # of before we were reset
        return self._listed(message, now) if kind == "keys" else self._word(message, now)

    def _listed(self, message, now):
        why = self.list.take(message, now)
        return [self._controller.event(now, "keys_refused", why)] if why else []

    def _word(self, message, now):
        at, word = message["uptime"], message["word"]
        if at <= now:
            # What is said again later answers the same reading: it makes nobody believe that the server is there.
            self._heard_at = max(self._heard_at, at)
        if self._asked and at == self._asked[0] and word in ("granted", "refused"):
            self._answered(word, now)
        elif word == "logged" and self._page and at == self._page[0]:
            self.log.drop(self._page[1])
            self._page = None
        return []

    def _answered(self, word, now):
        tries, self._asked = self._tries[self._asked[1]], None
        if word == "granted":
            tries.right()
        elif tries.wrong(now):
            self.log.note(now, "locked", 0, NOBODY)


def parse(payload, fields):
    """Exactly these fields, each of its kind; None for anything else."""
    if len(payload) > MAX_BYTES:
        return None
    try:
        content = json.loads(payload)
    except (ValueError, RuntimeError):
        return None
    if not isinstance(content, dict) or len(content) != len(fields):
        return None
    for name, kind in fields:
        if name not in content or type(content[name]) is not kind:
            return None
    return content
