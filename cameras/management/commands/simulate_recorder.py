"""`manage.py simulate_recorder`: a recorder for demonstrations, tests and measurements."""

import argparse
import os
import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cameras.simulator.running import running_simulator

PASSWORD = "SIMULATOR_PASSWORD"  # noqa: S105  # the name of a variable


class Command(BaseCommand):
    help = "Serve pictures as a recorder does: drawn traffic, or the pictures of a folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        # "--password X" shall not pass for an abbreviation of --password-file.
        parser.allow_abbrev = False
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8081)
        parser.add_argument("--user", default="admin")
        parser.add_argument("--password-file", type=Path, help=f"else the variable {PASSWORD} is taken")
        parser.add_argument("--channels", type=int, default=2)
        parser.add_argument("--frames", type=Path, help="show the pictures of this folder, one an arrival")
        parser.add_argument("--plates", default="", help="a file with a plate a line, or plates by commas")
        parser.add_argument("--unknown-share", type=float, default=0.25, help="strangers among them, 0 to 1")
        parser.add_argument("--auto", action=argparse.BooleanOptionalAction, default=True)
        parser.add_argument("--manual", action="store_false", dest="auto", help="vehicles come only when sent")
        parser.add_argument("--dwell", type=float, default=4.0, help="seconds that a vehicle stays")
        parser.add_argument("--gap", type=float, default=4.0, help="seconds of empty road")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--login", choices=["digest", "basic", "both"], default="digest")
        parser.add_argument("--max-in-flight", type=int, default=2)

    def handle(self, **options: Any) -> None:
        setup = {
            "channels": options["channels"],
            "frames": options["frames"],
            "plates": plates(options["plates"]),
            "unknown_share": options["unknown_share"],
            "auto": options["auto"],
            "stays": options["dwell"],
            "gap": options["gap"],
            "seed": options["seed"],
            "schemes": ("digest", "basic") if options["login"] == "both" else (options["login"],),
            "max_in_flight": options["max_in_flight"],
        }
        try:
            self.run(options, setup)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error

    def run(self, options: dict[str, Any], setup: dict[str, Any]) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        where = {"host": options["host"], "port": options["port"], "user": options["user"]}
        with running_simulator(**where, password=password(options["password_file"]), **setup) as simulator:
            self.stdout.write(f"recorder with {setup['channels']} channels at {simulator.url}")
            stop.wait()


def password(path: Path | None) -> str:
    """The recorder's password from a file or from the environment, never from the command line."""
    text = path.read_text(encoding="utf-8").strip() if path else os.environ.get(PASSWORD, "")
    if not text:
        raise CommandError(f"a password is missing: set {PASSWORD}, or name a file with --password-file")
    return text


def plates(given: str) -> tuple[str, ...]:
    """Plates by commas, or those of a file, one a line."""
    is_file = given != "" and Path(given).is_file()
    parts = Path(given).read_text(encoding="utf-8").splitlines() if is_file else given.split(",")
    return tuple(part.strip().upper() for part in parts if part.strip())
