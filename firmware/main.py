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
        # Who hears and tells: the controller, or in its place what knows readers too.
        self.reading, self.voice = None, self.controller
        if any("reader" in relay for relay in settings["relays"].values()):
            from reading import Reading

            self.reading = self.voice = Reading(settings, self)
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
            gc.collect()  # a message needs some large pieces, and leaves many small ones
            self._perform(self.voice.receive(self.link.inbox.pop(0), self.uptime.now()))
            self._perform(self.controller.tick(self.uptime.now()))
        self._sense()
        if self.reading is not None:
            self._perform(self.reading.read(self.uptime.now()))
            if self.reading.keys.is_news():
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
            elif one[0] == "ack":
                self.board.log("gate: %s %s %s" % (one[1]["step"], one[1]["id"], one[1]["reason"]))
                self.link.assure("ack", one[1], self.uptime.now())
            else:
                self.board.log("gate: %s %s" % (one[1]["name"], one[1]["detail"]))
                self.link.publish("event", one[1], self.uptime.now())


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
    # What read the file is of no use any more. Clean up early, before a small memory is cut to pieces.
    for where in (globals(), sys.modules):
        where.pop("config", None)
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
