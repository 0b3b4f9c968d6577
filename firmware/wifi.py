"""Wi-Fi of a board, asked again and again and never waited for."""

import network

RETRY_MS = 15000


class Wifi:
    def __init__(self, ssid, password, log, ticks_ms, ticks_diff):
        self._ssid, self._password, self._log = ssid, password, log
        self._ticks_ms, self._ticks_diff = ticks_ms, ticks_diff
        # An access point that nobody asked for is a door that nobody watches.
        network.WLAN(network.AP_IF).active(False)
        self._station = network.WLAN(network.STA_IF)
        self._was_up = False
        self._ask()

    def _ask(self):
        self._asked_at = self._ticks_ms()
        self._station.active(True)
        try:
            self._station.connect(self._ssid, self._password)
        except OSError as error:
            self._log("wifi: %s" % error)

    def up(self):
        """Whether there is a network; asks anew where the last asking led to none."""
        is_up = self._station.isconnected()
        if is_up != self._was_up:
            self._was_up = is_up
            self._log("wifi: %s" % (self._station.ifconfig()[0] if is_up else "down"))
        if not is_up and self._ticks_diff(self._ticks_ms(), self._asked_at) > RETRY_MS:
            # From the beginning: some access points leave a station half connected.
            self._station.active(False)
            self._ask()
        return is_up
