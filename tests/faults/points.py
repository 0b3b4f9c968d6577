"""Where in the sending of a command a server process can be stopped for a while, or die as by SIGKILL."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from gates import broker, commands

# Between commit and sending; between "sent" written down and the network; between the network and its acknowledgement.
POINTS = ("committed", "marked", "written")

_thread = threading.local()


def die_at(point: str) -> None:
    """The next command that this thread sends is its process's last."""
    assert not point or point in POINTS, point
    _thread.point = point


def install(hold: Path) -> None:
    """While the file is there, no command goes on from its commit to its sending."""
    send, publish, write = commands.send, commands._publish, broker.Connection.publish

    def sending(*arguments: Any, **more: Any) -> None:
        _die("committed")
        while hold.exists():
            time.sleep(0.005)
        send(*arguments, **more)

    def publishing(*arguments: Any) -> None:
        _die("marked")
        publish(*arguments)

    def writing(connection: broker.Connection, topic: str, payload: bytes, deadline: float) -> None:
        if getattr(_thread, "point", "") == "written":
            connection._client.publish(topic, payload, qos=1)
            _flush(connection, deadline)
        _die("written")
        write(connection, topic, payload, deadline)

    for where, name, instead in (
        (commands, "send", sending),
        (commands, "_publish", publishing),
        (broker.Connection, "publish", writing),
    ):
        setattr(where, name, instead)


def _flush(connection: broker.Connection, deadline: float) -> None:
    while connection._client._out_packet and time.monotonic() < deadline:
        time.sleep(0.001)


def _die(point: str) -> None:
    if getattr(_thread, "point", "") != point:
        return
    if os.environ.get("DIE_WITH_PARENT"):
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
