"""A board with a reader: what is heard, told and done beside the controller's own. Loaded only where there is one."""

from keys import AWAY_MS, Keys


class Reading:
    def __init__(self, settings, gate):
        self._gate = gate
        numbers = [int(number) for number, relay in settings["relays"].items() if "reader" in relay]
        away = settings.get("away_ms", AWAY_MS)
        self.keys = Keys(gate.controller, numbers, gate.board.store(), gate.uptime.now(), away)

    def receive(self, payload, now):
        wanted = self.keys.receive(payload, now)
        return self._gate.controller.receive(payload, now) if wanted is None else self._done(wanted, now)

    def status(self, now, firmware):
        return self._gate.controller.status(now, firmware, self.keys.told(now))

    def read(self, now):
        """What is wanted of what was presented since."""
        wanted = []
        for number in self.keys.readers:
            wanted.extend(self.keys.feed(number, self._gate.board.frames(number), now))
            wanted.extend(self.keys.tick(now))
        return self._done(wanted, now)

    def _done(self, wanted, now):
        """Say pages and notes; the rest is the gate's to do."""
        for one in wanted:
            if one[0] == "page":
                self._gate.link.publish("event", one[1], now)
            elif one[0] == "note":
                self._gate.board.log("gate: %s" % one[1])
        return [one for one in wanted if one[0] not in ("page", "note")]
