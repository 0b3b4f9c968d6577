"""`python -m tests.postgres COMMAND…`: run a command with DATABASE_URL naming a fresh PostgreSQL of its own.

The server listens on a socket in a temporary folder only and goes with the command. Ends with status 77 where this
machine has no PostgreSQL.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MISSING = 77


def programs() -> Path | None:
    """The folder of the newest server programs, on the PATH or where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def server(bin_folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """A running server, with these settings over its defaults; yields the address of its database."""
    with tempfile.TemporaryDirectory(prefix="cancela-pg-", ignore_cleanup_errors=True) as name:
        folder, user = Path(name), unprivileged()
        data = folder / "data"
        if user:
            shutil.chown(folder, user)
        initdb, pg_ctl = str(bin_folder / "initdb"), str(bin_folder / "pg_ctl")
        run(user, initdb, "-D", str(data), "-U", "cancela", "-A", "trust", "-E", "UTF8", "--no-sync")
        wanted = {"listen_addresses": "", "fsync": "off", "max_connections": "60"} | dict(settings or {})
        options = " ".join([f"-k {folder}", *(f"-c {name}={value}" for name, value in wanted.items())])
        run(user, pg_ctl, "-D", str(data), "-o", options, "-w", "-l", str(folder / "log"), "start")
        try:
            yield f"postgres://cancela@{str(folder).replace('/', '%2F')}/postgres"
        finally:
            run(user, pg_ctl, "-D", str(data), "-m", "immediate", "stop")


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: who shall run it then; None for ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def run(user: str | None, *command: str) -> None:
    subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)


def main(command: list[str]) -> int:
    bin_folder = programs()
    if bin_folder is None:
        sys.stderr.write("SKIPPED: the tests on PostgreSQL (no server program on this machine)\n")
        return MISSING
    with server(bin_folder) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
