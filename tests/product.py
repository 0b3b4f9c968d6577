"""The whole product as `make run` starts it, in a folder of its own, for tests and benchmarks."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anpr_site.environment import read_file
from tests.waiting import wait_for

ROOT = Path(__file__).parent.parent
# Seconds until it has to be ready; a machine on which others are at work needs more.
READY = float(os.environ.get("READY_SECONDS", "120"))
INHERITED = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "TMPDIR")


@dataclass
class Product:
    """A running product: its folder, its supervisor, and what a person would read of it."""

    var: Path
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    @property
    def environment(self) -> dict[str, str]:
        return read_file(self.var / "environment")

    @property
    def site(self) -> str:
        return f"http://localhost:{self.environment['PORT']}"

    def login(self, name: str) -> str:
        """A password or token from the list that `make run` prints."""
        found = re.search(rf"^\s*{name}\s+(\S+)", (self.var / "logins").read_text(), re.MULTILINE)
        assert found, f"{name} is not among the logins"
        return found[1]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the product's database beside it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.var}/cancela.sqlite3?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()

    def ask_recorder(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The simulated recorder's own switchboard."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.environment['RECORDER_PORT']}/sim/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def processes(self) -> list[int]:
        """Every process of this product, by the folder in its environment."""
        mark = f"CANCELA_VAR={self.var}".encode()
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [pid for pid in pids if mark in environment_of(pid)]

    def stop(self, number: int = signal.SIGINT, timeout: float = 30) -> int:
        """Ctrl-C; the supervisor's exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout)


def environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # it ended meanwhile, or is not ours
        return []


@contextmanager
def running_product(var: Path, *arguments: str, **environment: str) -> Iterator[Product]:
    """Start, wait until it says that it is ready, and stop whatever happens."""
    var.mkdir(exist_ok=True)
    log_path = var / "output.log"
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "anpr_site.run", *arguments],
            cwd=ROOT,
            env={**inherited, "CANCELA_VAR": str(var), **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    product = Product(var, process, log_path)
    started = len(product.log)
    try:
        wait_for(lambda: "Cancela is ready" in product.log[started:] or process.poll() is not None, READY)
        if process.poll() is not None:
            raise RuntimeError(f"it ended with status {process.returncode}:\n{product.log[-4000:]}")
        yield product
    finally:
        product.stop()
