"""Real parts to test gates with: a broker, the firmware on its interpreter, and a look at both."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gates import broker_config, controllers, provisioning
from gates.broker import publisher
from gates.controllers import Credentials
from gates.listener import Listener
from gates.models import Controller, Gate, GateCommand
from premises.models import Condominium
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
BESIDE = Path(sys.executable).parent
MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(0.5)
        return sock.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A child that is surely gone when its block ends; its output is in `log`."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.log = folder, folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> Self:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command(), stdout=log, stderr=subprocess.STDOUT)
        return self

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(5)
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()


class Broker(Process):
    """The embedded broker on a free port. `settings` is pytest-django's: MQTT_URL, MQTT_LISTEN, VAR_DIR are set."""

    def __init__(self, folder: Path, settings: Any) -> None:
        super().__init__(folder / "broker", "broker")
        self.port = free_port()
        settings.VAR_DIR = folder
        settings.MQTT_LISTEN = f"127.0.0.1:{self.port}"
        settings.MQTT_URL = f"mqtt://cancela@127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        [path] = broker_config.write_nats(self.folder)
        return [str(BESIDE / "nats-server"), "-c", str(path)]

    def start(self) -> Self:
        super().start()
        wait_for(lambda: answers(self.port))
        return self

    def reload(self) -> None:
        """Take up who is registered now."""
        broker_config.reload()

    def kill(self) -> None:
        super().kill()
        publisher.close()


class Mosquitto(Broker):
    """The same of Mosquitto. Not to be made where `MOSQUITTO` is None."""

    def command(self) -> list[str]:
        passwords, acl = broker_config.write_mosquitto(self.folder)
        config = self.folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\nuser {os.environ.get('USER', 'root')}\n"
            f"password_file {passwords}\nacl_file {acl}\nset_tcp_nodelay true\n"
        )
        assert MOSQUITTO is not None
        return [MOSQUITTO, "-c", str(config)]

    def reload(self) -> None:
        broker_config.write_mosquitto(self.folder)
        self.send(signal.SIGHUP)


BROKERS: dict[str, type[Broker]] = {"nats": Broker, "mosquitto": Mosquitto}


@dataclass(frozen=True)
class Pulse:
    """When a relay went on and off, in nanoseconds of the wall clock; `off` is 0 while it is on."""

    relay: int
    on: int
    off: int

    @property
    def milliseconds(self) -> float:
        return (self.off - self.on) / 1e6


class Firmware(Process):
    """The gate controller: firmware/main.py on the real MicroPython."""

    def __init__(self, folder: Path, credentials: Credentials, port: int, **more: Any) -> None:
        super().__init__(folder / credentials.device, "firmware")
        self.relay_log = self.folder / "relay.log"
        self.config = self.folder / "config.json"
        simulate = {"relay_log": str(self.relay_log), **more.pop("simulate", {})}
        more = {"heartbeat_ms": 300, "gap_ms": 100, **more}
        provisioning.write_config(credentials, self.config, host="127.0.0.1", port=port, simulate=simulate, **more)

    def command(self) -> list[str]:
        return [str(BESIDE / "micropython"), str(FIRMWARE / "main.py"), str(self.config)]

    def change(self, **values: Any) -> None:
        """Write something else into its config.json, for the next start."""
        self.config.write_text(json.dumps(json.loads(self.config.read_text()) | values))

    def pulses(self) -> list[Pulse]:
        """Every time that a relay went on for a pulse, in order."""
        return self._noted("relay")

    def holds(self) -> list[Pulse]:
        """Every time that a gate was held open, in order."""
        return self._noted("hold")

    def _noted(self, output: str) -> list[Pulse]:
        found: list[Pulse] = []
        for line in self.relay_log.read_text().splitlines() if self.relay_log.exists() else []:
            name, relay, what, at = line.split()
            if name != output:
                continue
            if what == "on":
                found.append(Pulse(int(relay), int(at), 0))
            elif found and found[-1].relay == int(relay) and not found[-1].off:
                found[-1] = Pulse(int(relay), found[-1].on, int(at))
        return found


@dataclass
class Ears:
    """A listener that works while somebody waits: `until(condition)` writes down what is heard meanwhile."""

    listener: Listener = field(default_factory=Listener)

    def __enter__(self) -> Self:
        self.listener.open()
        assert self.listener.ready.wait(5), "the listener does not come up"
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def until(self, condition: Any, timeout: float = 5.0) -> Any:
        return wait_for(lambda: (self.listener.step(0.01), condition())[1], timeout, interval=0.0)

    def until_online(self, controller: Controller) -> None:
        def online() -> bool:
            controller.refresh_from_db()
            return controllers.is_online(controller)

        self.until(online)

    def until_state(self, command: GateCommand, *states: str, timeout: float = 5.0) -> GateCommand:
        def there() -> bool:
            command.refresh_from_db()
            return command.state in states

        self.until(there, timeout)
        return command


def make_gate(condominium: Condominium, device: str = "board-1", **more: Any) -> tuple[Gate, Controller, Credentials]:
    """A registered controller with a gate on its first relay."""
    controller, credentials = controllers.register(condominium, f"Controller {device}", device)
    gate = Gate.objects.create(
        condominium=condominium,
        controller=controller,
        **{"name": "Main gate", "pulse_ms": 120, "life_ms": 1500, **more},
    )
    return gate, controller, credentials


def now_ns() -> int:
    return time.time_ns()


class Contacts:
    """The contacts of relay 1, as the simulated board reads them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.are(closed=True)

    def are(self, *, opened: bool = False, closed: bool = False, blocked: bool = False, pressed: bool = False) -> None:
        fresh = self.path.with_suffix(".tmp")
        fresh.write_text(json.dumps({"1": [opened, closed, blocked, pressed]}))
        fresh.replace(self.path)
