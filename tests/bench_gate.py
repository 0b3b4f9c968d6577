"""`make bench-gate`: 60 vehicles drive up; how long from the picture to the pulse, and does only the right one pass?

Everything runs as `make run` starts it: web server, two workers, beat, listener, Valkey, broker, a recorder over HTTP
and the controller on the real MicroPython interpreter. Vehicles arrive at two lanes at once. The last line printed is
one JSON object:

    passages        passages that were recorded
    opened          vehicles for which the relay was pulsed
    refused         vehicles that were decided and not opened for
    wrongly_opened  pulses of a relay while a vehicle that may not pass stood there, or while nobody did
    missed          registered vehicles that were not opened for
    p50_ms, p95_ms  from the frame leaving the recorder to the relay's pulse, of the vehicles opened for

The clock is the machine's own at both ends: the recorder notes when it sends a frame, the board when its relay moves.
"""

import argparse
import itertools
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.demo_residents import RESIDENTS, WATCHLISTED
from tests.product import Product, running_product
from tests.waiting import wait_for

LANES = (1, 2)
# How long each vehicle stands there. One that fits nobody is looked at three times before it is refused.
STAY = 6.0


@dataclass(frozen=True)
class Arrival:
    """A vehicle of the run: what it carries, whether it may pass, and when it stood there (wall clock, s)."""

    channel: int
    plate: str
    may_pass: bool
    begins: float
    ends: float


@dataclass(frozen=True)
class Figures:
    passages: int
    opened: int
    refused: int
    wrongly_opened: int
    missed: int
    p50_ms: float
    p95_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-gate")
    parser.add_argument("--vehicles", type=int, default=60)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="cancela-bench-") as folder,
        running_product(Path(folder), RECORDER_ARGUMENTS_MORE="--manual") as product,
    ):
        arrivals = drive(product, arguments.vehicles)
        figures = measure(product, arrivals)
    print(json.dumps(asdict(figures)))  # noqa: T201


def drive(product: Product, vehicles: int) -> list[Arrival]:
    """All vehicles through both lanes, one after another in each; returns what really stood where, and when."""
    wait_for(lambda: product.rows("SELECT 1 FROM gates_controller WHERE online"), 20)
    progress = Progress(vehicles)

    def drive_lane(channel: int) -> list[Arrival]:
        queue = plan(vehicles // len(LANES), seed=channel)
        return [pass_by(product, channel, plate, may_pass, progress) for plate, may_pass in queue]

    with ThreadPoolExecutor(len(LANES)) as pool:
        return list(itertools.chain.from_iterable(pool.map(drive_lane, LANES)))


def plan(count: int, seed: int) -> list[tuple[str, bool]]:
    """Half residents, a third strangers, the rest on the watch-list; in an order of chance.

    Never the same plate twice in a row, which would be one passage.
    """
    chance = random.Random(seed)
    residents = itertools.cycle([(one.plate, True) for one in RESIDENTS])
    mixed = [next(residents) for _ in range(count // 2)]
    mixed += [(stranger(chance), False) for _ in range(count // 3)]
    mixed += [(WATCHLISTED[0], False)] * (count - len(mixed))
    chance.shuffle(mixed)
    while any(one == other for one, other in itertools.pairwise(mixed)):
        chance.shuffle(mixed)
    return mixed


def stranger(chance: random.Random) -> str:
    letters = "".join(chance.choices("ACDEFHJKLMNPRTUVXY", k=3))
    return f"{letters}{chance.randint(2, 9)}{chance.choice('ACEFGH')}{chance.randint(22, 99)}"


def pass_by(product: Product, channel: int, plate: str, may_pass: bool, progress: "Progress") -> Arrival:
    """One vehicle drives up, stands there for its time, and drives off."""
    before, begins = decided(product, channel), time.time()
    product.ask_recorder("arrive", {"channel": channel, "plate": plate, "stays": STAY})
    time.sleep(STAY + 0.5)
    if decided(product, channel) == before:
        progress.note(f"{plate} was not decided while it stood there")
    progress.step()
    return Arrival(channel, plate, may_pass, begins, time.time())


def decided(product: Product, channel: int) -> int:
    query = """SELECT count(*) FROM access_passage p JOIN access_lane l ON l.id = p.lane_id
               JOIN cameras_camera c ON c.id = l.camera_id WHERE c.channel = ? AND p.outcome <> ''"""
    return int(product.rows(query, channel)[0][0])


def measure(product: Product, arrivals: list[Arrival]) -> Figures:
    pulses = read_pulses(product)
    rightly = [arrival for arrival in arrivals if arrival.may_pass and any(stood(arrival, p) for p in pulses)]
    wrongly = [pulse for pulse in pulses if not any(one.may_pass and stood(one, pulse) for one in arrivals)]
    ms = sorted(latencies(product, pulses))
    return Figures(
        passages=product.rows("SELECT count(*) FROM access_passage")[0][0],
        opened=len(rightly),
        refused=product.rows("SELECT count(*) FROM access_passage WHERE outcome NOT IN ('', 'open')")[0][0],
        wrongly_opened=len(wrongly),
        missed=sum(arrival.may_pass for arrival in arrivals) - len(rightly),
        p50_ms=round(statistics.median(ms), 1),
        p95_ms=round(ms[max(0, -(-len(ms) * 95 // 100) - 1)], 1),
    )


Pulse = tuple[int, float]  # relay, wall clock in seconds


def read_pulses(product: Product) -> list[Pulse]:
    lines = (product.var / "controller" / "relay.log").read_text().splitlines()
    words = [line.split() for line in lines]
    return [(int(number), int(ns) / 1e9) for _relay, number, state, ns in words if state == "on"]


def stood(arrival: Arrival, pulse: Pulse) -> bool:
    return arrival.channel == pulse[0] and arrival.begins <= pulse[1] <= arrival.ends


def latencies(product: Product, pulses: list[Pulse]) -> list[float]:
    """Milliseconds from the deciding frame leaving the recorder to its pulse, gate by gate in order."""
    sent = {entry["sha256"]: entry["sent_at"] for entry in product.ask_recorder("log")}
    query = """SELECT d.frame_digest FROM access_decision e JOIN access_detection d ON d.id = e.detection_id
               JOIN gates_gatecommand c ON c.passage_id = e.passage_id JOIN gates_gate g ON g.id = c.gate_id
               WHERE g.relay = ? AND c.pulsed_at IS NOT NULL ORDER BY c.pulsed_at"""
    found = []
    for relay in LANES:
        digests = [row[0] for row in product.rows(query, relay)]
        moments = [moment for number, moment in pulses if number == relay]
        found += [(moment - sent[digest]) * 1000 for digest, moment in zip(digests, moments, strict=True)]
    return found


class Progress:
    """A line that counts the vehicles, on the error stream."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.lock = total, 0, threading.Lock()

    def step(self) -> None:
        with self.lock:
            self.done += 1
            self.note(f"{self.done} of {self.total} vehicles")

    @staticmethod
    def note(text: str) -> None:
        sys.stderr.write(f"bench-gate: {text}\n")


if __name__ == "__main__":
    main()
