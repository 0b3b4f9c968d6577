"""What a gate controller does. It knows no network, no pins and no clock: all are handed in, and what it wants
done is handed out, as a list of

    ("relay", number, True | False, milliseconds)
    ("ack", fields)      ("event", fields)

Times are readings of the board's uptime in milliseconds, which never go back (see uptime.py). After every
`receive` the caller does what it got and calls `tick`; it calls `tick` again when `due` says.
"""

from commands import FIELDS, parse
from relay import Relay
from signature import same, sign

MAX_PULSE_MS = 3000
# No command may live longer: that bounds what a wrong clock at the server can do.
MAX_LIFE_MS = 20000
GAP_MS = 1000
# How long after a pulse the position switch may still confirm it.
CONFIRM_MS = 20000
BUTTON_PULSE_MS = 500
REMEMBERED = 8
# How long answers are said again with every heartbeat: who listens may have been away for a moment.
REPEAT_MS = 10000
REPEATED = 3


class Controller:
    def __init__(self, device, key, session, relays, max_pulse_ms=MAX_PULSE_MS, gap_ms=GAP_MS):
        self.device, self.key, self.session = device, key, session
        self.relays = {number: Relay() for number in relays}
        self.max_pulse_ms, self.gap_ms = min(max_pulse_ms, MAX_PULSE_MS), gap_ms
        # Commands that were for us: id -> (expires, step, reason, when). What is forgotten is covered by `forgotten`:
        # nothing that expires at or before it is taken any more.
        self.known = {}
        self.forgotten = -1

    # --- what is said -----------------------------------------------------------------------------------

    def status(self, now, firmware, keys=None):
        """A heartbeat; `keys` is what a reader's list says of itself, where there is a reader."""
        gates = self.seen()
        values = ["true", self.session, now, firmware, gates]
        fields = {"online": True, "session": self.session, "uptime": now, "firmware": firmware, "gates": gates}
        if keys is not None:
            values.append(keys)
            fields["keys"] = keys
        fields["signature"] = sign(self.key, "status", self.device, values)
        return fields

    def seen(self):
        """Where the gates stand, by their relays; `!` where something is in the way: "1=open 2=between!"."""
        return " ".join(
            [
                "%d=%s%s" % (number, self.relays[number].position, "!" * self.relays[number].obstructed)
                for number in sorted(self.relays)
            ]
        )

    def last_will(self):
        """Spoken by the broker when we are gone. It cannot be signed, so it can only say "offline"."""
        return {"online": False, "session": self.session}

    def event(self, now, name, detail=""):
        values = [name, detail, self.session, now]
        return (
            "event",
            {
                "name": name,
                "detail": detail,
                "session": self.session,
                "uptime": now,
                "signature": sign(self.key, "event", self.device, values),
            },
        )

    def _ack(self, now, number, step, reason=""):
        values = [number, step, reason, self.session, now]
        return (
            "ack",
            {
                "id": number,
                "step": step,
                "reason": reason,
                "session": self.session,
                "uptime": now,
                "signature": sign(self.key, "ack", self.device, values),
            },
        )

    # --- what is heard ----------------------------------------------------------------------------------

    def receive(self, payload, now):
        """A message on our command topic."""
        command = parse(payload)
        if command is None:
            return [self.event(now, "malformed")]
        number = command["id"]
        if not self._signed(command):
            # Not an answer to the command that it says it is: a forger must not have a genuine one marked refused.
            return [self.event(now, "bad_signature", number)]
        if number in self.known:
            # Delivered again: say again how far it came.
            return [self.told(number)]
        return self._judge(command, now)

    def told(self, number):
        """The answer that a command got, once more."""
        _expires, step, reason, when = self.known[number]
        return self._ack(when, number, step, reason)

    def recent(self, now):
        """Ids of the commands that were answered a moment ago, the latest few."""
        numbers = [number for number in self.known if now - self.known[number][3] < REPEAT_MS]
        return sorted(numbers, key=lambda number: self.known[number][3])[-REPEATED:]

    def _signed(self, command):
        values = [command[name] for name, _ in FIELDS[:-1]]
        return same(command["signature"], sign(self.key, "cmd", self.device, values))

    def _judge(self, command, now):
        number = command["id"]
        reason = self._flaw(command, now)
        if reason:
            # It will have this flaw for ever, so there is no need to remember that it came.
            return [self._ack(now, number, "refused", reason)]
        reason = self._inhibition(command, now)
        if reason:
            return [self._settle(now, number, command["expires"], "refused", reason)]
        self.relays[command["relay"]].waiting = command
        return [self._settle(now, number, command["expires"], "accepted")]

    def _flaw(self, command, now):
        if command["session"] != self.session:
            return "other_session"
        if command["expires"] <= now:
            return "too_late"
        if command["expires"] <= self.forgotten:
            return "used_before"
        if command["pulse_ms"] < 1:
            return "malformed"
        return "" if command["relay"] in self.relays else "unknown_relay"

    def _inhibition(self, command, now):
        if command["expires"] > now + MAX_LIFE_MS:
            return "too_long_lived"
        return self._hindrance(self.relays[command["relay"]], now)

    def _hindrance(self, relay, now):
        """Why a relay may not go on now, whoever asks."""
        if relay.obstructed:
            return "obstructed"
        if relay.off_at is not None or relay.waiting is not None:
            return "busy"
        return "too_soon" if now < relay.free_at else ""

    def _settle(self, now, number, expires, step, reason=""):
        """Remember how far a command came, in bounded memory, and say so."""
        if number not in self.known and len(self.known) >= REMEMBERED:
            self._forget()
        self.known[number] = (expires, step, reason, now)
        return self._ack(now, number, step, reason)

    def _forget(self):
        first = min(self.known, key=lambda number: self.known[number][0])
        self.forgotten = max(self.forgotten, self.known[first][0])
        del self.known[first]

    # --- what time brings -------------------------------------------------------------------------------

    def tick(self, now):
        wanted = []
        for number, relay in self.relays.items():
            if relay.off_at is not None and now >= relay.off_at:
                wanted.extend(self._rest(number, relay, now))
            if relay.waiting is not None:
                wanted.extend(self._pulse(number, relay, now))
        return wanted

    def _pulse(self, number, relay, now):
        command, relay.waiting = relay.waiting, None
        # Looked at again: saying "accepted" may have taken its time.
        if command["expires"] <= now:
            return [self._settle(now, command["id"], command["expires"], "refused", "too_late")]
        if relay.obstructed:
            return [self._settle(now, command["id"], command["expires"], "refused", "obstructed")]
        length = min(command["pulse_ms"], self.max_pulse_ms)
        relay.off_at = now + length
        relay.confirming = (command["id"], command["expires"], now + CONFIRM_MS)
        return [
            ("relay", number, True, length),
            self._settle(now, command["id"], command["expires"], "pulsed"),
        ]

    def _rest(self, number, relay, now):
        relay.off_at = None
        relay.free_at = now + self.gap_ms
        return [("relay", number, False, 0)]

    def sense(self, number, contacts, now):
        """The contacts of a relay's gate were read; see relay.py. Where it stands now, the next heartbeat says."""
        relay = self.relays[number]
        pressed = relay.read(contacts)
        return (self._pressed(number, now) if pressed else []) + self._confirmed(relay, now)

    def _pressed(self, number, now):
        """The button at the gate, for who stands inside without a plate. It asks for itself: no command is answered."""
        reason, wanted = self.let_in(number, now)
        if reason:
            return [self.event(now, "button_ignored", "%d %s" % (number, reason))]
        wanted.append(self.event(now, "button", "%d" % number))
        return wanted

    def hindrance(self, number, now):
        """Why a relay may not go on now, whoever asks; empty where it may."""
        return self._hindrance(self.relays[number], now)

    def let_in(self, number, now):
        """A pulse for who stands at the gate and asks for himself: why not, and what is wanted."""
        relay = self.relays[number]
        reason = self._hindrance(relay, now)
        if reason:
            return reason, []
        length = min(BUTTON_PULSE_MS, self.max_pulse_ms)
        relay.off_at = now + length
        return "", [("relay", number, True, length)]

    def _confirmed(self, relay, now):
        if relay.confirming is None:
            return []
        command_id, expires, until = relay.confirming
        if now > until:
            relay.confirming = None
        elif relay.position in ("open", "not_closed"):
            relay.confirming = None
            return [self._settle(now, command_id, expires, "confirmed")]
        return []

    def resting(self):
        """Whether no relay is on and none is about to be."""
        return all(relay.off_at is None and relay.waiting is None for relay in self.relays.values())

    def due(self, now):
        """Milliseconds until `tick` has something to do; None where nothing is under way."""
        times = [relay.off_at for relay in self.relays.values() if relay.off_at is not None]
        return max(0, min(times) - now) if times else None
