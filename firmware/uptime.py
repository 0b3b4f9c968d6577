"""Milliseconds since boot that never wrap. `ticks_ms` does, after 12 days on an ESP."""


class Uptime:
    def __init__(self, ticks_ms, ticks_diff):
        self._ticks_ms, self._ticks_diff = ticks_ms, ticks_diff
        self._last = ticks_ms()
        self._sum = 0

    def now(self):
        """To be called more often than every six days, which heartbeats see to."""
        ticks = self._ticks_ms()
        self._sum += self._ticks_diff(ticks, self._last)
        self._last = ticks
        return self._sum
