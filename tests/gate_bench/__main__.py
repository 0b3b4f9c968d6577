"""`make bench-gate`, second part: from a decision committed to the pulse on the board, with 1, 20 and 200 controllers,
and how many commands a second it takes until p95 passes 250 ms; at the embedded broker and at Mosquitto.

A line of the table for each measurement as it comes, and the JSON of all as the last line. `load` is what the machine
had to do for others as well when the measurement began: above 1 it was busy, and the figures are of a busy machine.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.environment import database, site

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HEADS = (
    "broker",
    "database",
    "real boards",
    "simulated",
    "asked/s",
    "committed/s",
    "pulsed",
    "p50 ms",
    "p95 ms",
    "worst ms",
    "load",
)


def main(arguments: list[str]) -> int:
    postgres = "--postgres" in arguments
    rest = [each for each in arguments if each != "--postgres"]
    sys.stdout.write(f"load of this machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    sys.stdout.write(f"| {' | '.join(HEADS)} |\n|{' --- |' * len(HEADS)}\n")
    lines = []
    for broker in ("nats", "mosquitto"):
        if broker == "mosquitto" and MOSQUITTO is None:
            sys.stderr.write("bench-gate: Mosquitto is not installed here; not measured\n")
            continue
        for line in measured(broker, postgres, rest):
            lines.append(line)
            sys.stdout.write(row(line))
            sys.stdout.flush()
    sys.stdout.write(json.dumps(lines) + "\n")
    return 0


def measured(broker: str, postgres: bool, arguments: list[str]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="cancela-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with database(folder, postgres) as url:
            command = [sys.executable, "-m", "tests.gate_bench.measuring", *arguments]
            environment = site(folder, url, broker, direct=True)
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                yield from map(json.loads, process.stdout)
            if process.returncode:
                sys.exit(process.returncode)


def row(line: dict[str, Any]) -> str:
    names = (
        "broker",
        "database",
        "real",
        "simulated",
        "rate",
        "reached",
        "pulsed",
        "p50_ms",
        "p95_ms",
        "worst_ms",
        "load",
    )
    values = [str(line[name]) for name in names]
    values[6] = f"{line['pulsed']} of {line['commands']}"
    return f"| {' | '.join(values)} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
