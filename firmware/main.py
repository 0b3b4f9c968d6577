"""The controller's program: `main.py` on a board, `micropython main.py CONFIG.json` on a computer."""

import binascii
import gc
import sys

import config
from controller import Controller
from link import UP, Link
from uptime import Uptime

ON_BOARD = sys.platform in ("esp8266", "esp32")
if ON_BOARD:
    from board_esp import Board
else:
    from board_unix import Board

FIRMWARE = "1.1"
# Nothing waits longer than this for the loop: position switches, Wi-Fi, the watchdog.
STEP_MS = 100


class Gate:
    """Ties the pure controller to its board and its link."""

    def __init__(self, settings, board):
        self.board = board
        relays = [int(number) for number in settings["relays"]]
        self.controller = Controller(
            settings["device"],
            binascii.unhexlify(settings["key"]),
            board.session(),
            relays,
            settings["max_pulse_ms"],
            settings["gap_ms"],
        )
        self.link = Link(settings["device"], settings["broker"], self.controller.last_will(), board.log)
        self.uptime = Uptime(board.ticks_ms, board.ticks_diff)
        self.keys = keys_of(settings, board, self.controller, self.uptime.now())
        self.heartbeat_ms, self.beat_at = settings["heartbeat_ms"], 0

    def step(self):
        now = self.uptime.now()
        self.board.feed()
        due = self.controller.due(now)
        wait = min(STEP_MS if due is None else min(due, STEP_MS), max(0, self.beat_at - now))
        came_up = False
        if self.board.connected():
            came_up = self.link.step(now, wait, self.controller.resting())
        else:
            self.board.idle(wait)
        self._serve()
        self._beat(came_up)

    def _serve(self):
        self._perform(self.controller.tick(self.uptime.now()))
        while self.link.inbox:
            self._perform(self._receive(self.link.inbox.pop(0), self.uptime.now()))
            self._perform(self.controller.tick(self.uptime.now()))
        self._sense()
        if self.keys is not None:
            self._read()

    def _receive(self, payload, now):
        wanted = None if self.keys is None else self.keys.receive(payload, now)
        return self.controller.receive(payload, now) if wanted is None else wanted

    def _read(self):
        for number in self.keys.readers:
            self._perform(self.keys.feed(number, self.board.frames(number), self.uptime.now()))
            self._perform(self.keys.tick(self.uptime.now()))
        if self.keys.is_news():
            self.beat_at = 0

    def _sense(self):
        before = self.controller.seen()
        for number in self.controller.relays:
            self._perform(self.controller.sense(number, self.board.contacts(number), self.uptime.now()))
        if self.controller.seen() != before:
            self.beat_at = 0  # said at once, and not only with the next heartbeat

    def _beat(self, came_up):
        now = self.uptime.now()
        if not came_up and now < self.beat_at:
            return
        self.beat_at = now + self.heartbeat_ms
        # Only now, with the subscription granted, do we say that we are here. The first word is retained, in
        # place of the last will of the connection before.
        self.link.publish("status", self._status(now), now, came_up)
        for number in self.controller.recent(now):
            self.link.publish("ack", self.controller.told(number)[1], now)
        self.link.ping(now)
        self.board.light(self.link.state == UP)

    def _status(self, now):
        return self.controller.status(now, FIRMWARE, None if self.keys is None else self.keys.told(now))

    def _perform(self, wanted):
        for one in wanted:
            if one[0] == "relay":
                self.board.relay(one[1], one[2], one[3])
                if one[2]:
                    self.board.log("gate: pulse %d ms on relay %d" % (one[3], one[1]))
            elif one[0] == "ack":
                self.board.log("gate: %s %s %s" % (one[1]["step"], one[1]["id"], one[1]["reason"]))
                self.link.assure("ack", one[1], self.uptime.now())
            elif one[0] == "page":
                self.link.publish("event", one[1], self.uptime.now())
            elif one[0] == "note":
                self.board.log("gate: %s" % one[1])
            else:
                self.board.log("gate: %s %s" % (one[1]["name"], one[1]["detail"]))
                self.link.publish("event", one[1], self.uptime.now())


def keys_of(settings, board, controller, now):
    """What is done about tags and codes; None, and not even loaded, where no relay names a reader."""
    numbers = [int(number) for number, relay in settings["relays"].items() if "reader" in relay]
    if not numbers:
        return None
    from keys import AWAY_MS, Keys

    return Keys(controller, numbers, board.store(), now, settings.get("away_ms", AWAY_MS))


def begin(path):
    """The gate that a file describes, or None where the file will not do. What was read is garbage afterwards."""
    try:
        settings = config.read(path)
        gc.collect()
        gate = Gate(settings, Board(settings))
    except config.ConfigError as error:
        print("gate: %s" % error)
        return None
    gate.board.log("gate: %s, firmware %s" % (settings["device"], FIRMWARE))
    return gate


def main():
    """Run until stopped; the process's exit status."""
    gc.collect()
    gate = begin(sys.argv[1] if len(sys.argv) > 1 else "config.json")
    if gate is None:
        return 1
    # Clean up early, before a small memory is cut to pieces.
    gc.collect()
    gc.threshold(gc.mem_free() // 4)
    try:
        while True:
            gate.step()
    except KeyboardInterrupt:
        gate.board.log("gate: stopped")
        return 0
    finally:
        gate.board.all_off()


if __name__ == "__main__":
    status = main()
    # On a board an exit would start everything anew, and again.
    if status and not ON_BOARD:
        sys.exit(status)
