"""`python -m anpr_site.run`: set up what is missing, start every process, say when it is ready, stop all of it.

The processes are the lines of Procfile.servers (queue and broker as wheels), Procfile (the product) and Procfile.demo
(a simulated recorder, a gate controller on the real MicroPython interpreter). What is generated is kept in var/.
"""

import argparse
import fcntl
import os
import secrets
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from anpr_site.environment import load_file, read_file
from anpr_site.supervisor import supervise

ROOT = Path(__file__).resolve().parent.parent
# Locks, held as long as this process lives.
RESERVED: list[TextIO] = []
GENERATED = ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "MQTT_PASSWORD", "SIMULATOR_PASSWORD")


def main() -> None:
    arguments = parse_arguments()
    var = Path(os.environ.setdefault("CANCELA_VAR", str(ROOT / "var"))).resolve()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(var):
        prepare_environment(var, arguments)
        manage("migrate", "--verbosity", "0")
        manage("collectstatic", "--noinput", "--verbosity", "0")
        manage("seed_demo", *seed_arguments(arguments))
        sys.exit(supervise())


def seed_arguments(arguments: argparse.Namespace) -> list[str]:
    frames = ["--frames", str(arguments.frames)] if arguments.frames else []
    return [*frames, *(["--empty"] if arguments.empty else [])]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Start Cancela with a demonstration condominium.")
    parser.add_argument("--frames", type=folder, help="folder of pictures for the simulated recorder (FRAMES=…)")
    parser.add_argument("--port", type=int, default=8000, help="the site's port (PORT=…); the next free one if taken")
    parser.add_argument("--empty", action="store_true", help="no demonstration: the set-up begins at nothing (EMPTY=1)")
    return parser.parse_args()


def folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return path


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Refuse to start a second time over the same data."""
    with (var / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Cancela is running already with the data in {var}. Stop it first.") from None
        yield


def prepare_environment(var: Path, arguments: argparse.Namespace) -> None:
    """Write down what every process is to know, and take it into the environment.

    Secrets are generated once and kept; ports are looked for anew. What the environment says already goes first.
    """
    path = var / "environment"
    said = {**kept_secrets(path), **defaults(var, arguments)}
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={os.environ.get(name, value)}\n" for name, value in said.items()))
    load_file(path)
    os.environ["CANCELA_VAR"] = str(var)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def kept_secrets(path: Path) -> dict[str, str]:
    """The secrets of the last run; new ones for those that are not there yet."""
    known = read_file(path)
    return {name: known.get(name) or secrets.token_urlsafe(36) for name in GENERATED}


def defaults(var: Path, arguments: argparse.Namespace) -> dict[str, str]:
    mqtt, recorder = free_port(1883), free_port(8900)
    return {
        "PORT": str(free_port(arguments.port)),
        "ALLOWED_HOSTS": f"localhost,127.0.0.1,[::1],{socket.gethostname()}",
        "HTTPS": "0",
        # Who tries it out signs in with a password alone; what is mailed lies in a folder.
        "REQUIRE_SECOND_FACTOR": "0",
        "EMAIL_URL": f"file://{var}/mail",
        "MQTT_LISTEN": f"127.0.0.1:{mqtt}",
        "MQTT_URL": f"mqtt://cancela@127.0.0.1:{mqtt}",
        "RECORDER_PORT": str(recorder),
        "RECORDER_ARGUMENTS": recorder_arguments(var, recorder, arguments.frames),
        "PYTHONUNBUFFERED": "1",
        # Two workers on two cores: one thread each, so that they do not fight over both.
        "OMP_THREAD_LIMIT": "1",
        # Said once a start to who runs the demonstration as root; production has its own user.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one above it; ours until this process ends."""
    for port in range(wanted, wanted + 200):
        if is_free(port) and reserve(port):
            return port
    raise SystemExit(f"No free port from {wanted} to {wanted + 199}.")


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def reserve(port: int) -> bool:
    """Keep another start from choosing the same port before anybody listens there."""
    try:
        lock = (Path(tempfile.gettempdir()) / f"cancela-port-{port}").open("w")
    except PermissionError:
        return False  # another user's start made it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    RESERVED.append(lock)
    return True


def recorder_arguments(var: Path, port: int, frames: Path | None) -> str:
    """Drawn traffic of the plates that the demonstration knows, or a folder's pictures."""
    shown = ["--frames", str(var / "frames")] if frames else ["--plates", str(var / "plates")]
    return shlex.join(["--port", str(port), "--user", "cancela", *shown])


def manage(*arguments: str) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SystemExit(f"manage.py {arguments[0]} ended with status {code}.")


if __name__ == "__main__":
    main()
