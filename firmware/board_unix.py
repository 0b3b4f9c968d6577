"""A board that is a process on a computer: its relays are lines of text, in the log and in a file.

relay 1 on 1795256298262741000        (nanoseconds of the wall clock)
hold 1 on 1795256298262741000         (held open)
"""

import binascii
import json
import os
import time

NOT_WIRED = (None, None, None, None)


class Board:
    ticks_ms = staticmethod(time.ticks_ms)
    ticks_diff = staticmethod(time.ticks_diff)

    def __init__(self, settings):
        simulated = settings.get("simulate", {})
        self._relay_log = simulated.get("relay_log")
        self._opens_after_ms = simulated.get("opens_after_ms")
        self._contacts_file = simulated.get("contacts")
        if "readers" in simulated:
            from simulated_readers import add

            add(self, simulated)
        self._numbers = [int(number) for number in settings["relays"]]
        self._locks_file = simulated.get("locks")
        self._pulsed_at = {}
        self._holds = set()
        self.all_off()

    def session(self):
        return binascii.hexlify(os.urandom(8)).decode()

    def relay(self, number, on, milliseconds):
        if on:
            self._pulsed_at[number] = time.ticks_ms()
        self._note("relay %d %s %d" % (number, "on" if on else "off", time.time_ns()))

    def hold(self, number, on, milliseconds):
        if on != (number in self._holds):
            self._note("hold %d %s %d" % (number, "on" if on else "off", time.time_ns()))
        if on:
            self._holds.add(number)
        else:
            self._holds.discard(number)

    def feed(self):
        pass

    def locked(self):
        if not self._locks_file:
            return []
        import locks  # a small heap has other uses for it where nothing is kept

        return locks.read(self._locks_file, self._numbers)

    def keep_locked(self, numbers):
        if self._locks_file:
            import locks

            locks.write(self._locks_file, numbers)

    def all_off(self):
        for number in self._numbers:
            self.relay(number, False, 0)
            self._holds.add(number)  # noted even where nothing is known of it, as the relay is
            self.hold(number, False, 0)

    def _note(self, line):
        if self._relay_log:
            with open(self._relay_log, "a") as file:
                file.write(line + "\n")
        print(line)

    def contacts(self, number):
        """As a file says: {"1": [open, closed, obstructed, pressed]}; or open some time after a pulse; or not wired."""
        if self._contacts_file:
            return self._written(str(number))
        if self._opens_after_ms is None:
            return NOT_WIRED
        pulsed = self._pulsed_at.get(number)
        is_open = pulsed is not None and time.ticks_diff(time.ticks_ms(), pulsed) >= self._opens_after_ms
        return (is_open, None, None, None)

    def _written(self, number):
        try:
            with open(self._contacts_file) as file:
                return tuple(json.load(file).get(number, NOT_WIRED))
        except (OSError, ValueError):  # not there yet, or just being written
            return NOT_WIRED

    def connected(self):
        return True

    def light(self, on):
        pass

    def idle(self, milliseconds):
        time.sleep_ms(milliseconds)

    def log(self, text):
        print(text)
