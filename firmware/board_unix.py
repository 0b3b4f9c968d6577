"""A board that is a process on a computer: its relays are lines of text, in the log and in a file.

relay 1 on 1795256298262741000        (nanoseconds of the wall clock)
"""

import binascii
import os
import time


class Board:
    ticks_ms = staticmethod(time.ticks_ms)
    ticks_diff = staticmethod(time.ticks_diff)

    def __init__(self, settings):
        simulated = settings.get("simulate", {})
        self._relay_log = simulated.get("relay_log")
        self._opens_after_ms = simulated.get("opens_after_ms")
        self._numbers = [int(number) for number in settings["relays"]]
        self._pulsed_at = {}
        self.all_off()

    def session(self):
        return binascii.hexlify(os.urandom(8)).decode()

    def relay(self, number, on, milliseconds):
        if on:
            self._pulsed_at[number] = time.ticks_ms()
        self._note("relay %d %s %d" % (number, "on" if on else "off", time.time_ns()))

    def all_off(self):
        for number in self._numbers:
            self.relay(number, False, 0)

    def _note(self, line):
        if self._relay_log:
            with open(self._relay_log, "a") as file:
                file.write(line + "\n")
        print(line)

    def is_open(self, number):
        """The simulated gate is open some time after its pulse, or has no position switch."""
        if self._opens_after_ms is None or number not in self._pulsed_at:
            return False
        return time.ticks_diff(time.ticks_ms(), self._pulsed_at[number]) >= self._opens_after_ms

    def connected(self):
        return True

    def light(self, on):
        pass

    def feed(self):
        pass

    def idle(self, milliseconds):
        time.sleep_ms(milliseconds)

    def log(self, text):
        print(text)
