"""An ESP8266 or ESP32: pins, Wi-Fi, watchdog."""

import binascii
import os
import time

import locks
from machine import WDT, Pin, Timer
from wifi import Wifi

WATCHDOG_MS = 8000
LOCKS_FILE = "locked.json"
CONTACTS = ("open_pin", "closed_pin", "obstruction_pin", "button_pin")


class Output:
    """A relay's pin. At rest from its very first moment as an output, and again when its timer says so."""

    def __init__(self, number, settings):
        self._on = 0 if settings.get("active_low", False) else 1
        # The level goes with the direction, in one call: the pin is never an output at the wrong level.
        self._pin = Pin(settings["pin"], Pin.OUT, value=1 - self._on)
        # Where the gate's operator has an input of its own for it; the pulse's does it too where it has none.
        hold = settings.get("hold_pin")
        self._hold_pin = self._pin if hold is None else Pin(hold, Pin.OUT, value=1 - self._on)
        self._timer = timer(number)
        self._contacts = [contact(settings.get(kind)) for kind in CONTACTS]

    def switch_on(self, milliseconds):
        self._turn_on(self._pin, milliseconds)

    def hold(self, milliseconds):
        """Until it is said again, or for so long: of a program that hangs nothing is held open."""
        self._turn_on(self._hold_pin, milliseconds)

    def _turn_on(self, pin, milliseconds):
        # The end is armed before the beginning: whatever the program does next, it ends.
        self._timer.init(period=milliseconds, mode=Timer.ONE_SHOT, callback=self._ended)
        pin.value(self._on)

    def _ended(self, _timer):
        self.switch_off()

    def switch_off(self):
        self._pin.value(1 - self._on)
        self._hold_pin.value(1 - self._on)

    def contacts(self):
        """(open, closed, obstructed, pressed); None where nothing is wired.

        Each contact connects its pin to ground: while the gate is open, is closed, the button is pressed. That of the
        photocell does so while the way is *free*, so that a cable cut through stops the gate.
        """
        levels = [None if pin is None else pin.value() == 0 for pin in self._contacts]
        if levels[2] is not None:
            levels[2] = not levels[2]
        return tuple(levels)


def contact(number):
    return None if number is None else Pin(number, Pin.IN, Pin.PULL_UP)


class Board:
    def __init__(self, settings):
        self._relays = {int(number): Output(int(number), settings["relays"][number]) for number in settings["relays"]}
        self._lines = {number: line(relay["reader"]) for number, relay in readers(settings)}
        light = settings.get("light_pin")
        self._light = None if light is None else Pin(light, Pin.OUT, value=0)
        wifi = settings["wifi"]
        self._wifi = Wifi(wifi["ssid"], wifi["password"], self.log, self.ticks_ms, self.ticks_diff)
        self._watchdog = None

    def ticks_ms(self):
        return time.ticks_ms()

    def ticks_diff(self, one, other):
        return time.ticks_diff(one, other)

    def session(self):
        return binascii.hexlify(os.urandom(8)).decode()

    def relay(self, number, on, milliseconds):
        if on:
            self._relays[number].switch_on(milliseconds)
        else:
            self._relays[number].switch_off()

    def hold(self, number, on, milliseconds):
        if on:
            self._relays[number].hold(milliseconds)
        else:
            self._relays[number].switch_off()

    def locked(self):
        return locks.read(LOCKS_FILE, list(self._relays))

    def keep_locked(self, numbers):
        locks.write(LOCKS_FILE, numbers)

    def all_off(self):
        for relay in self._relays.values():
            relay.switch_off()

    def contacts(self, number):
        return self._relays[number].contacts()

    def frames(self, number):
        return self._lines[number].frames()

    def store(self):
        from store import Store

        return Store("", self.log)

    def connected(self):
        return self._wifi.up()

    def light(self, on):
        if self._light is not None:
            self._light.value(on)
        # Not before it has worked once: a board that is being set up may be stopped and looked at.
        if on and self._watchdog is None:
            self._watchdog = watchdog()

    def feed(self):
        if self._watchdog is not None:
            self._watchdog.feed()

    def idle(self, milliseconds):
        time.sleep_ms(milliseconds)

    def log(self, text):
        print(text)


def readers(settings):
    return [(int(number), relay) for number, relay in settings["relays"].items() if "reader" in relay]


def line(settings):
    """A reader's two lines. They rest at 3.3 V; a bit is a short fall of one of them."""
    from wiegand import Line

    found = Line(time.ticks_ms, time.ticks_diff)
    on_fall(Pin(settings["d0_pin"], Pin.IN, Pin.PULL_UP), found.zero)
    on_fall(Pin(settings["d1_pin"], Pin.IN, Pin.PULL_UP), found.one)
    return found


def on_fall(pin, handler):
    """At once where the board can, also while memory is being cleaned up: the next bit comes in a millisecond."""
    try:
        pin.irq(handler, Pin.IRQ_FALLING, hard=True)
    except TypeError:
        pin.irq(handler, Pin.IRQ_FALLING)


def timer(number):
    try:
        return Timer(-1)
    except ValueError:
        return Timer(number % 4)  # The ESP32 has four, all of hardware.


def watchdog():
    """Resets a board that hangs; at a reset all relays rest."""
    try:
        return WDT(timeout=WATCHDOG_MS)
    except TypeError:
        return WDT()  # The ESP8266 has one time only, of some seconds.
