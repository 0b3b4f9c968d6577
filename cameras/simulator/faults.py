"""Everything that recorders do wrong, each switchable while the simulator runs."""

import threading
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong. `value` in brackets; most faults need none."""

    REFUSE_LOGIN = "refuse_login"  # 401 for everybody, with the right password too
    FORBIDDEN = "forbidden"  # 403: logged in, but not for this channel
    BUSY = "busy"  # 503 with Hikvision's deviceBusy [value: seconds of Retry-After]
    SLOW = "slow"  # nothing for a while, then the picture [value: seconds]
    DRIP = "drip"  # a byte at a time [value: seconds between bytes]
    HTML = "html"  # a page with status 200
    TRUNCATED = "truncated"  # fewer bytes than Content-Length says
    CUT = "cut"  # half a picture, and a Content-Length that agrees with it
    FROZEN = "frozen"  # the last picture again, byte by byte
    CLOSE = "close"  # Connection: close with every answer
    ONE_SHOT_NONCE = "one_shot_nonce"  # a login nonce is good for one request; for the whole recorder
    NOT_FOUND = "not_found"
    EMPTY = "empty"  # status 200, no bytes
    REDIRECT = "redirect"  # to another host
    HUGE = "huge"  # a picture without end
    BOMB = "bomb"  # a picture of a size that would fill the memory
    BROKEN = "broken"  # status 500
    PROXY_ONLY = "proxy_only"  # Hikvision: pictures of this channel only through StreamingProxy
    HANG_UP = "hang_up"  # closes the connection without an answer


EVERY_CHANNEL = 0
DEFAULTS: dict[Fault, float] = {Fault.SLOW: 5.0, Fault.DRIP: 0.5}


class Faults:
    """Which faults are on, for a channel or for all. Safe to be used by several threads."""

    def __init__(self) -> None:
        self._on: dict[tuple[Fault, int], float] = {}
        self._lock = threading.Lock()

    def switch(self, fault: Fault, *, on: bool = True, value: float | None = None, channel: int = 0) -> None:
        with self._lock:
            if on:
                self._on[fault, channel] = DEFAULTS.get(fault, 0.0) if value is None else value
            else:
                self._on.pop((fault, channel), None)

    def clear(self) -> None:
        with self._lock:
            self._on.clear()

    def value(self, fault: Fault, channel: int = EVERY_CHANNEL) -> float | None:
        """The fault's value where it is on, for that channel or for all; None where it is off."""
        with self._lock:
            return self._on.get((fault, channel), self._on.get((fault, EVERY_CHANNEL)))

    def has(self, fault: Fault, channel: int = EVERY_CHANNEL) -> bool:
        return self.value(fault, channel) is not None

    def listing(self) -> list[dict[str, object]]:
        with self._lock:
            return [
                {"fault": str(fault), "channel": channel, "value": value}
                for (fault, channel), value in self._on.items()
            ]
