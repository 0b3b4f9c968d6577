"""Boards with a reader: the firmware's own code beside the server at a real broker, and the firmware as a process."""

import json
import queue
from pathlib import Path
from typing import Any, Self

from gates import controllers, key_wire, listener, protocol
from gates.broker import Subscription
from gates.listener import Heard
from gates.models import Controller
from tests.firmware import key_parts
from tests.firmware.parts import load
from tests.gates.parts import Firmware
from tests.waiting import wait_for


class Wire:
    """What the server sends to boards, as the broker delivers it."""

    def __init__(self) -> None:
        self._came: queue.Queue[bytes] = queue.Queue()
        self._subscription = Subscription(["gates/+/cmd"], lambda message: self._came.put(bytes(message.payload)))

    def __enter__(self) -> Self:
        self._subscription.open()
        assert self._subscription.ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._subscription.close()

    def take(self) -> list[bytes]:
        """What has come, waiting a moment for the first."""
        found: list[bytes] = []
        try:
            found.append(self._came.get(timeout=0.05))
            while True:
                found.append(self._came.get(timeout=0.01))
        except queue.Empty:
            return found


class Board:
    """The firmware's state machines, in this process: what they say the listener hears, what is sent they are told.

    `deaf` loses what the server sends, `mute` what the board says.
    """

    def __init__(self, controller: Controller, folder: Path, wire: Wire, session: str = key_parts.SESSION) -> None:
        self.row, self.folder, self.wire, self.now = controller, folder, wire, 1000
        self.deaf = self.mute = False
        key = controllers.key_of(controller)
        self.pure = load("controller").Controller(controller.device, key, session, [1, 2])
        folder.mkdir(exist_ok=True)
        self.log: list[str] = []
        store = load("store").Store(str(folder), self.log.append)
        self.keys = load("keys").Keys(self.pure, [1, 2], store, self.now)
        self.pulses = 0

    def restart(self, session: str) -> "Board":
        return Board(self.row, self.folder, self.wire, session)

    @property
    def told(self) -> key_wire.Told:
        return key_wire.parse_told(self.keys.told(self.now))

    def beat(self) -> None:
        """A heartbeat, and whatever comes of it."""
        self.now += 10
        self._say("status", self.pure.status(self.now, "1.1", self.keys.told(self.now)))
        self._do(self.pure.tick(self.now))
        self.hear()

    def hear(self) -> None:
        for message in self.wire.take():
            if self.deaf:
                continue
            self.now += 1
            wanted = self.keys.receive(message, self.now)
            self._do(self.pure.receive(message, self.now) if wanted is None else wanted)
            self._do(self.pure.tick(self.now) + self.keys.tick(self.now))

    def until(self, condition: Any) -> None:
        def there() -> Any:
            self.beat()
            return condition()

        wait_for(there, 60, interval=0.0)

    def present(self, *frames: str, relay: int = 1) -> None:
        self.now += 2000
        self._do(self.pure.tick(self.now))
        self.now += 2000
        self._do(self.keys.feed(relay, list(frames), self.now) + self.keys.tick(self.now))

    def go_away(self) -> None:
        self.now += 20_000

    def _do(self, wanted: list[Any]) -> None:
        for one in wanted:
            if one[0] in ("ack", "event", "page"):
                self._say("ack" if one[0] == "ack" else "event", one[1])
            elif one[0] == "relay":
                self.pulses += one[2]

    def _say(self, kind: str, fields: dict[str, Any]) -> None:
        if not self.mute:
            payload = json.dumps(fields).encode()
            listener.apply(Heard(protocol.topic(self.row.device, protocol.Kind(kind)), payload, False))


class Reader:
    """The firmware as a process, with a reader at its first relay."""

    def __init__(self, folder: Path, credentials: controllers.Credentials, port: int, **more: Any) -> None:
        flash = folder / "flash"
        flash.mkdir(exist_ok=True)
        self.file = folder / "reader"
        simulate = {"flash": str(flash), "readers": {"1": str(self.file)}}
        more = {"relays": {"1": {"reader": {}}}, "away_ms": 1500, **more}
        self.process = Firmware(folder, credentials, port, simulate=simulate, **more)

    def present(self, *frames: str) -> None:
        with self.file.open("a") as file:
            file.writelines(f"{frame}\n" for frame in frames)

    def pulses(self) -> int:
        return len(self.process.pulses())
