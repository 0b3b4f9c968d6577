"""What a gate controller does. It knows no network, no pins and no clock: all are handed in, and what it wants
done is handed out, as a list of

    ("relay", number, True | False, milliseconds)      a pulse
    ("hold", number, True | False, milliseconds)       held open; said again while it goes on
    ("locked", numbers)                                the relays that are locked now, to be remembered
    ("ack", fields)      ("event", fields)             ("event", fields, True): one that has to arrive

Times are readings of the board's uptime in milliseconds, which never go back (see uptime.py). After every
`receive` the caller does what it got and calls `tick`; it calls `tick` again when `due` says.
"""

from commands import is_sensible, parse, values_of
from micropython import const
from relay import MAX_HOLD_MS, Relay
from signature import same, sign, signed

_MAX_PULSE_MS = const(3000)
# No command may live longer: that bounds what a wrong clock at the server can do.
_MAX_LIFE_MS = const(20000)
_GAP_MS = const(1000)
# How long after a pulse the position switch may still confirm it.
_CONFIRM_MS = const(20000)
_BUTTON_PULSE_MS = const(500)
_REMEMBERED = const(8)
# How long answers are said again with every heartbeat: who listens may have been away for a moment.
_REPEAT_MS = const(10000)
_REPEATED = const(3)


class Controller:
    def __init__(
        self,
        device,
        key,
        session,
        relays,
        max_pulse_ms=_MAX_PULSE_MS,
        gap_ms=_GAP_MS,
        max_hold_ms=MAX_HOLD_MS,
        locked=(),
    ):
        self.device, self.key, self.session = device, key, session
        self.relays = {number: Relay(number in locked) for number in relays}
        self.max_pulse_ms, self.gap_ms = min(max_pulse_ms, _MAX_PULSE_MS), gap_ms
        self.max_hold_ms = min(max_hold_ms, MAX_HOLD_MS)
        # When the broker was last there, which the caller keeps.
        self.linked_at = 0
        # Commands that were for us: id -> (expires, step, reason, when). What is forgotten is covered by `forgotten`:
        # nothing that expires at or before it is taken any more.
        self.known = {}
        self.forgotten = -1

    # --- what is said -----------------------------------------------------------------------------------

    def status(self, now, firmware, keys=None):
        """A heartbeat; `keys` is what a reader's list says of itself, where there is a reader."""
        names = ("online", "session", "uptime", "firmware", "gates")
        values = ["true", self.session, now, firmware, self.seen()]
        if keys is not None:
            names += ("keys",)
            values.append(keys)
        fields = self._signed("status", names, values)
        fields["online"] = True
        return fields

    def seen(self):
        """Where the gates stand, by their relays: "1=open+ 2=closed!"; `+` held open, `#` locked, `!` hindered."""
        said = []
        for number in sorted(self.relays):
            relay = self.relays[number]
            flag = "+" if relay.stand == "open" else "#" if relay.stand == "locked" else ""
            said.append("%d=%s%s%s" % (number, relay.position, flag, "!" * relay.obstructed))
        return " ".join(said)

    def last_will(self):
        """Spoken by the broker when we are gone. It cannot be signed, so it can only say "offline"."""
        return {"online": False, "session": self.session}

    def event(self, now, name, detail=""):
        names = ("name", "detail", "session", "uptime")
        return "event", self._signed("event", names, [name, detail, self.session, now])

    def _ack(self, now, number, step, reason=""):
        names = ("id", "step", "reason", "session", "uptime")
        return "ack", self._signed("ack", names, [number, step, reason, self.session, now])

    def _signed(self, kind, names, values):
        return signed(self.key, kind, self.device, names, values)

    # --- what is heard ----------------------------------------------------------------------------------

    def receive(self, payload, now):
        """A message on our command topic."""
        command = parse(payload)
        if command is None:
            return [self.event(now, "malformed")]
        number = command["id"]
        if not self._is_ours(command):
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
        numbers = [number for number in self.known if now - self.known[number][3] < _REPEAT_MS]
        return sorted(numbers, key=lambda number: self.known[number][3])[-_REPEATED:]

    def _is_ours(self, command):
        kind, values = values_of(command)
        return same(command["signature"], sign(self.key, kind, self.device, values))

    def _judge(self, command, now):
        number = command["id"]
        reason = self._flaw(command, now)
        if reason:
            # It will have this flaw for ever, so there is no need to remember that it came.
            return [self._ack(now, number, "refused", reason)]
        reason = self._inhibition(command, now)
        if reason:
            return [self._settle(now, number, command["expires"], "refused", reason)]
        if "stand" in command:
            return self._stand(command, now)
        self.relays[command["relay"]].waiting = command
        return [self._settle(now, number, command["expires"], "accepted")]

    def _stand(self, command, now):
        """Obey an order until further notice, against which nothing speaks."""
        wanted = self.relays[command["relay"]].obey(command, now, self.gap_ms)
        wanted.append(("locked", [number for number in self.relays if self.relays[number].stand == "locked"]))
        wanted.append(self._settle(now, command["id"], command["expires"], "done"))
        return wanted

    def _flaw(self, command, now):
        if command["session"] != self.session:
            return "other_session"
        if command["expires"] <= now:
            return "too_late"
        if command["expires"] <= self.forgotten:
            return "used_before"
        if not is_sensible(command):
            return "malformed"
        return "" if command["relay"] in self.relays else "unknown_relay"

    def _inhibition(self, command, now):
        if command["expires"] > now + _MAX_LIFE_MS:
            return "too_long_lived"
        relay = self.relays[command["relay"]]
        if "stand" not in command:
            return "locked_down" if relay.stand == "locked" else self._hindrance(relay, now)
        reason = relay.objection(command, self.max_hold_ms)
        turns_on = command["stand"] == "open" and relay.stand != "open"
        return self._hindrance(relay, now) if turns_on and not reason else reason

    def _hindrance(self, relay, now):
        """Why a relay may not go on now, whoever asks; a lock-down holds back nobody who presses the button inside."""
        if relay.stand == "open":
            return "held_open"
        if relay.obstructed:
            return "obstructed"
        if relay.off_at is not None or relay.waiting is not None:
            return "busy"
        return "too_soon" if now < relay.free_at else ""

    def _settle(self, now, number, expires, step, reason=""):
        """Remember how far a command came, in bounded memory, and say so."""
        if number not in self.known and len(self.known) >= _REMEMBERED:
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
            wanted.extend(self._end_hold(number, relay, now) or relay.keep(number, now))
            if relay.off_at is not None and now >= relay.off_at:
                wanted.extend(self._rest(number, relay, now))
            if relay.waiting is not None:
                wanted.extend(self._pulse(number, relay, now))
        return wanted

    def _end_hold(self, number, relay, now):
        """A hold that ends by itself: nobody waits for a word to close what should be closed."""
        why = relay.ending(now, self.linked_at)
        if not why:
            return []
        relay.stand, relay.free_at = "free", now + self.gap_ms
        kind, fields = self.event(now, "hold_ended", "%d %s" % (number, why))
        return [("hold", number, False, 0), (kind, fields, True)]

    def _pulse(self, number, relay, now):
        command, relay.waiting = relay.waiting, None
        # Looked at again: saying "accepted" may have taken its time.
        if command["expires"] <= now:
            return [self._settle(now, command["id"], command["expires"], "refused", "too_late")]
        if relay.obstructed or relay.stand == "locked":
            reason = "obstructed" if relay.obstructed else "locked_down"
            return [self._settle(now, command["id"], command["expires"], "refused", reason)]
        length = min(command["pulse_ms"], self.max_pulse_ms)
        relay.off_at = now + length
        relay.confirming = (command["id"], command["expires"], now + _CONFIRM_MS)
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
        """Why a key opens nothing there now; empty where it may. Unlike the button inside, it obeys a lock-down."""
        relay = self.relays[number]
        return "locked_down" if relay.stand == "locked" else self._hindrance(relay, now)

    def let_in(self, number, now):
        """A pulse for who stands at the gate and asks for himself: why not, and what is wanted."""
        relay = self.relays[number]
        reason = self._hindrance(relay, now)
        if reason:
            return reason, []
        length = min(_BUTTON_PULSE_MS, self.max_pulse_ms)
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
