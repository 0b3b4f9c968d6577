"""Say when the product answers, where, and with which logins."""

import os
import socket
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Protocol

from honcho.printer import Message

NAME = "cancela"
GREEN = "32;1"


class Events(Protocol):
    """The supervisor's queue of what its processes print."""

    def put(self, message: Message, /) -> None: ...


def announce(events: Events, deadline_seconds: float = 120) -> None:
    """Wait until the site answers, then print its address and logins among the processes' lines."""
    address = f"http://localhost:{os.environ['PORT']}"
    deadline = time.monotonic() + deadline_seconds
    while not (healthy(f"{address}/health/") and listens(os.environ["RECORDER_PORT"])):
        if time.monotonic() > deadline:
            _say(events, f"The site has not answered at {address} for {deadline_seconds:.0f} s; see the lines above.")
            return
        time.sleep(0.3)
    logins = Path(os.environ["CANCELA_VAR"]) / "logins"
    _say(events, f"Cancela is ready: {address}/admin/   API: {address}/api/docs/")
    for line in logins.read_text().splitlines() if logins.is_file() else []:
        _say(events, line)
    _say(events, "Ctrl-C stops all of it.")


def wait_for_servers(seconds: float = 20) -> None:
    """Until queue and broker take connections, so that nobody starts by complaining; not for ever."""
    deadline = time.monotonic() + seconds
    queue = Path(os.environ["CANCELA_VAR"]) / "valkey.sock"
    while not (queue.exists() and listens(os.environ["MQTT_LISTEN"].rpartition(":")[2])):
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  (our own address, from PORT)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def listens(port: str) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def _say(events: Events, line: str) -> None:
    events.put(Message(type="line", data=line + "\n", time=datetime.now(), name=NAME, colour=GREEN))
