"""The loop of a gate: ties the pure controller to its board and its link."""

import binascii
import gc

from controller import Controller
from link import UP, Link
from micropython import const
from uptime import Uptime

FIRMWARE = "1.2"
# Nothing waits longer than this for the loop: position switches, Wi-Fi, the watchdog.
_STEP_MS = const(100)


class Gate:
    def __init__(self, settings, board):
        self.board = board
        relays = [int(number) for number in settings["relays"]]
        self.locked = board.locked()
        self.controller = Controller(
            settings["device"],
            binascii.unhexlify(settings["key"]),
            board.session(),
            relays,
            settings["max_pulse_ms"],
            settings["gap_ms"],
            settings["max_hold_ms"],
            self.locked,
        )
        self.link = Link(settings["device"], settings["broker"], self.controller.last_will(), board.log)
        self.uptime = Uptime(board.ticks_ms, board.ticks_diff)
        # Who hears and tells: the controller, or in its place what knows readers too.
        self.reading, self.voice = None, self.controller
        if any("reader" in relay for relay in settings["relays"].values()):
            from reading import Reading

            self.reading = self.voice = Reading(settings, self)
        self.heartbeat_ms, self.beat_at, self.told = settings["heartbeat_ms"], 0, ""

    def step(self):
        now = self.uptime.now()
        self.board.feed()
        due = self.controller.due(now)
        wait = min(_STEP_MS if due is None else min(due, _STEP_MS), max(0, self.beat_at - now))
        came_up = False
        if self.board.connected():
            came_up = self.link.step(now, wait, self.controller.resting())
            if self.link.state == UP:
                self.controller.linked_at = self.uptime.now()
        else:
            self.board.idle(wait)
        self._serve()
        self._beat(came_up)

    def _serve(self):
        self._perform(self.controller.tick(self.uptime.now()))
        while self.link.inbox:
            gc.collect()  # a message needs some large pieces, and leaves many small ones
            self._perform(self.voice.receive(self.link.inbox.pop(0), self.uptime.now()))
            self._perform(self.controller.tick(self.uptime.now()))
        self._sense()
        if self.reading is not None:
            self._perform(self.reading.read(self.uptime.now()))
            if self.reading.keys.is_news():
                self.beat_at = 0

    def _sense(self):
        for number in self.controller.relays:
            self._perform(self.controller.sense(number, self.board.contacts(number), self.uptime.now()))
        seen = self.controller.seen()
        if seen != self.told:
            self.told, self.beat_at = seen, 0  # said at once, and not only with the next heartbeat

    def _beat(self, came_up):
        now = self.uptime.now()
        if not came_up and now < self.beat_at:
            return
        self.beat_at = now + self.heartbeat_ms
        # Only now, with the subscription granted, do we say that we are here. The first word is retained, in
        # place of the last will of the connection before.
        self.link.publish("status", self.voice.status(now, FIRMWARE), now, came_up)
        for number in self.controller.recent(now):
            self.link.publish("ack", self.controller.told(number)[1], now)
        self.link.ping(now)
        self.board.light(self.link.state == UP)

    def _perform(self, wanted):
        for one in wanted:
            if one[0] == "relay":
                self.board.relay(one[1], one[2], one[3])
                if one[2]:
                    self.board.log("gate: pulse %d ms on relay %d" % (one[3], one[1]))
            elif one[0] == "hold":
                self.board.hold(one[1], one[2], one[3])
            elif one[0] == "locked":
                self._remember(one[1])
            elif one[0] == "ack":
                self.board.log("gate: %s %s %s" % (one[1]["step"], one[1]["id"], one[1]["reason"]))
                self.link.assure("ack", one[1], self.uptime.now())
            else:
                self.board.log("gate: %s %s" % (one[1]["name"], one[1]["detail"]))
                say = self.link.assure if len(one) > 2 else self.link.publish
                say("event", one[1], self.uptime.now())

    def _remember(self, locked):
        if locked == self.locked:
            return
        self.locked = locked
        self.board.log("gate: locked relays: %s" % locked)
        try:
            self.board.keep_locked(locked)
        except OSError as error:
            # Obeyed all the same; only that a reset would end it until the server says it again.
            self.board.log("gate: cannot write down what is locked: %s" % error)


def begun(settings, on_board):
    """A gate on the board that this is."""
    if on_board:
        from board_esp import Board
    else:
        from board_unix import Board
    gc.collect()
    gate = Gate(settings, Board(settings))
    gate.board.log("gate: %s, firmware %s" % (settings["device"], FIRMWARE))
    return gate
