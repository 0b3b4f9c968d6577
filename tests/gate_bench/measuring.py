"""Measures at one broker, in one environment; a JSON line for each measurement.

`rate` commands a second are asked for, each of another gate, in two server processes with 32 threads each; from the
moment that each one's transaction was committed to the moment that its board's relay moved. The clock is the machine's
own at both ends.
"""

import json
import os
import random
import statistics
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import django

django.setup()

from gates import controllers  # noqa: E402
from gates.models import Controller, Gate, GateCommand  # noqa: E402
from premises.models import Condominium  # noqa: E402
from tests.faults.field import Program, make_tables, python, start_broker  # noqa: E402
from tests.faults.fleet import Board, moved  # noqa: E402
from tests.waiting import wait_for  # noqa: E402

LIFE_MS, PULSE_MS = 5000, 100
# What one relay takes: its pulse, and the least time between two.
PACE = 1.5
USUAL_RATE = 10.0
PASSED_MS = 250.0


@dataclass(frozen=True)
class Figures:
    broker: str
    database: str
    real: int
    simulated: int
    rate: float
    reached: float
    commands: int
    pulsed: int
    p50_ms: float
    p95_ms: float
    worst_ms: float
    load: float


@dataclass
class Fleet:
    """Boards, real ones first, with a gate each; and where their pulses are written."""

    real: list[Board]
    simulated: Path
    count: int
    gates: list[int]

    def pulses(self) -> dict[str, int]:
        """When each command's relay went on, in nanoseconds."""
        found = {pulse.command: pulse.at for board in self.real for pulse in moved(board, {})}
        lines = self.simulated.read_text().splitlines() if self.simulated.exists() else []
        return found | {number: int(at) for number, at in (line.split() for line in lines)}


def main() -> int:
    options = parse()
    folder, port = Path(os.environ["FAULTS_FOLDER"]), int(os.environ["FAULTS_BROKER_PORT"])
    make_tables()
    for real, simulated in sizes(options):
        with running(folder / f"{real}-{simulated}", port, real, simulated) as (fleet, doors):
            say(measure(fleet, doors, min(USUAL_RATE, PACE * len(fleet.gates)), options.seconds))
            if real <= options.real and fleet.count == max(options.controllers):
                ramp(fleet, doors, options.rates)
    return 0


def parse() -> Namespace:
    parser = ArgumentParser(prog="make bench-gate")
    parser.add_argument(
        "--controllers", type=lambda text: [int(each) for each in text.split(",")], default=[1, 20, 200]
    )
    parser.add_argument("--real", type=int, default=20, help="so many boards at most on MicroPython; others simulated")
    parser.add_argument("--all-real", action="store_true", help="the largest number once more with real boards only")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measurement at the usual rate")
    parser.add_argument("--rates", type=lambda text: [float(each) for each in text.split(",")], default=RATES)
    return parser.parse_args()


RATES = [20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 150.0, 200.0, 250.0, 300.0]
STEP_SECONDS = 8.0


def sizes(options: Namespace) -> Iterator[tuple[int, int]]:
    """How many real and how many simulated boards."""
    for count in options.controllers:
        yield min(count, options.real), max(0, count - options.real)
    if options.all_real:
        yield max(options.controllers), 0


@contextmanager
def running(folder: Path, port: int, real: int, simulated: int) -> Iterator[tuple[Fleet, list[Program]]]:
    """Broker, listener, two server processes and all boards; heard when this begins, gone when it ends."""
    folder.mkdir()
    home = Condominium.objects.create(name=folder.name, slug=folder.name)
    boards = [Board(folder, home, f"r{number:03d}-{folder.name}", 1, port, LIFE_MS, **STILL) for number in range(real)]
    others = [register(home, f"s{number:03d}-{folder.name}") for number in range(simulated)]
    gates = list(Gate.objects.filter(condominium=home).values_list("pk", flat=True))
    fleet = Fleet(boards, folder / "pulses", real + simulated, gates)
    broker = Program(folder, "broker", [])
    crowd = python(folder, "crowd", "-m", "tests.gate_bench.boards")
    ears = python(folder, "ears", "manage.py", "listen_gates")
    doors = [python(folder, f"door{number}", "-m", "tests.faults.door") for number in (1, 2)]
    try:
        start_broker(broker, port)
        ears.started("listening")
        if others:
            crowd.start().tell(port=port, pulses=str(fleet.simulated), boards=others)
        for board in boards:
            board.start()
        for door in doors:
            door.started("the door is open")
        wait_for(lambda: heard(home) == fleet.count, 120, 0.2)
        yield fleet, doors
    finally:
        for each in (*boards, crowd, ears, *doors, broker):
            each.kill()


# As boards are delivered, but for the gap.
STILL = {"heartbeat_ms": 2000, "simulate": {}}


def heard(home: Condominium) -> int:
    return Controller.objects.filter(condominium=home, online=True).count()


def register(home: Condominium, device: str) -> tuple[str, str, str]:
    controller, credentials = controllers.register(home, device, device)
    Gate.objects.create(condominium=home, controller=controller, name=device, pulse_ms=PULSE_MS, life_ms=LIFE_MS)
    return device, credentials.key, credentials.password


def measure(fleet: Fleet, doors: list[Program], rate: float, seconds: float) -> Figures:
    """So many commands a second, at even distances, to the gates in turn."""
    word = f"{rate} {time.time_ns()}"
    load, begun, gates = os.getloadavg()[0], time.monotonic(), list(fleet.gates)
    random.Random(1).shuffle(gates)
    count = int(rate * seconds)
    for number in range(count):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        doors[number % 2].tell(do="open", gate=gates[number % len(gates)], reason=word)
    mine = GateCommand.objects.filter(reason=word)
    ended = mine.exclude(state__in=("requested", "sent", "accepted"))
    # What was not even asked for by then, since the servers could not keep up, is counted as not pulsed.
    until = time.monotonic() + LIFE_MS / 1000 + 10
    while ended.count() < count and time.monotonic() < until:
        time.sleep(0.2)
    numbers = {str(pk) for pk in mine.values_list("pk", flat=True)}
    return figures(fleet, read_committed(doors[0].folder / "asked.log"), numbers, count, rate, load)


def figures(
    fleet: Fleet, committed: dict[str, int], numbers: set[str], count: int, rate: float, load: float
) -> Figures:
    pulses = fleet.pulses()
    times = sorted(committed[number] for number in numbers if number in committed)
    ms = sorted((pulses[number] - committed[number]) / 1e6 for number in numbers if number in pulses)
    return Figures(
        broker=os.environ["FAULTS_BROKER"],
        database="postgresql" if os.environ["DATABASE_URL"].startswith("postgres") else "sqlite",
        real=len(fleet.real),
        simulated=fleet.count - len(fleet.real),
        rate=rate,
        reached=round((len(times) - 1) / (times[-1] - times[0]) * 1e9, 1) if len(times) > 1 else 0.0,
        commands=count,
        pulsed=len(ms),
        p50_ms=round(statistics.median(ms), 1) if ms else 0.0,
        p95_ms=round(ms[max(0, -(-len(ms) * 95 // 100) - 1)], 1) if ms else 0.0,
        worst_ms=round(ms[-1], 1) if ms else 0.0,
        load=round(load, 1),
    )


def read_committed(path: Path) -> dict[str, int]:
    words = [line.split() for line in path.read_text().splitlines()]
    return {number: int(at) for what, number, at in words if what == "committed"}


def ramp(fleet: Fleet, doors: list[Program], rates: list[float]) -> None:
    """More and more commands a second, until one in twenty takes longer than a quarter of a second, or until the server
    processes do not come up to it: what waits for them before its commit is in no latency."""
    for rate in rates:
        found = measure(fleet, doors, rate, STEP_SECONDS)
        say(found)
        if found.p95_ms > PASSED_MS or found.reached < 0.9 * rate:
            return


def say(found: Figures) -> None:
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
