"""One run in one environment: rounds of every fault at every step, judged, told as a table and as JSON."""

import json
import os
import random
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

django.setup()

from gates.models import GateCommand  # noqa: E402
from premises import journal  # noqa: E402
from premises.models import Condominium  # noqa: E402
from tests.faults.breaking import FAULTS  # noqa: E402
from tests.faults.field import Field, make_tables  # noqa: E402
from tests.faults.fleet import moved, refused  # noqa: E402
from tests.faults.judging import Asked, End, Evidence, Row, judge, table  # noqa: E402
from tests.faults.proxy import Proxy  # noqa: E402
from tests.faults.rounds import STEPS, Cell, Rounds  # noqa: E402


def main() -> int:
    options = parse()
    folder, chance = Path(os.environ["FAULTS_FOLDER"]), random.Random(options.seed)
    broker, front = (int(os.environ[name]) for name in ("FAULTS_BROKER_PORT", "FAULTS_PROXY_PORT"))
    place = Field(folder, Proxy(front, broker, options.seed), broker)
    begun = time.monotonic()
    try:
        make_tables()
        place.register(options.boards, options.relays, options.life_ms)
        place.open()
        rounds = Rounds(place, options.life_ms / 1000, chance)
        play(rounds, options, chance)
        report = told(rounds, options, time.monotonic() - begun)
    finally:
        left = place.close()
    report["processes left over"] = len(left)
    if options.json:
        Path(options.json).parent.mkdir(parents=True, exist_ok=True)
        Path(options.json).write_text(json.dumps(report, indent=1))
    say(report)
    return 1 if report["violations"] or report["journal"] or report["processes left over"] else 0


def parse() -> Namespace:
    parser = ArgumentParser(prog="make test-faults")
    parser.add_argument("--commands", type=int, default=10_000)
    parser.add_argument("--boards", type=int, default=16)
    parser.add_argument("--relays", type=int, default=5)
    parser.add_argument("--life-ms", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="", help="names, by commas; all where not given")
    parser.add_argument("--steps", default="", help="by commas; all where not given")
    parser.add_argument("--seconds", type=float, default=0.0, help="begin no round after so many seconds")
    parser.add_argument("--json", default="", help="where to write what was found")
    return parser.parse_args()


def play(rounds: Rounds, options: Namespace, chance: random.Random) -> None:
    """Rounds until there were enough commands: every fault at every step, again and again, in an order of chance."""
    begun, count = time.monotonic(), 0
    for number, cell in enumerate(cells(options, chance), start=1):
        if count >= options.commands or (options.seconds and time.monotonic() - begun > options.seconds):
            return
        count += rounds.play(cell, options.commands - count)
        note(f"{number}: {cell.fault} at {cell.step}; {count} commands, {time.monotonic() - begun:.0f} s")
        if not rounds.calm:
            note("not all boards are heard again; going on")


def cells(options: Namespace, chance: random.Random) -> Iterator[Cell]:
    faults = [name for name in FAULTS if not options.faults or name in options.faults.split(",")]
    steps = [step for step in STEPS if not options.steps or step in options.steps.split(",")]
    all_cells = [Cell(fault, step) for fault in faults for step in steps]
    while True:
        chance.shuffle(all_cells)
        yield from all_cells


def told(rounds: Rounds, options: Namespace, seconds: float) -> dict[str, Any]:
    evidence = gather(rounds)
    violations = judge(evidence)
    misfits = [misfit for home in Condominium.objects.all() if (misfit := journal.verify(home))]
    return {
        "seed": options.seed,
        "broker": os.environ["FAULTS_BROKER"],
        "database": "postgresql" if os.environ["DATABASE_URL"].startswith("postgres") else "sqlite",
        "seconds": round(seconds, 1),
        "boards": options.boards,
        "relays": options.relays,
        "commands": len(evidence.asked),
        "pulses": len(evidence.moved),
        "violations": [asdict(violation) for violation in violations],
        "journal": [f"{misfit}" for misfit in misfits],
        "table": [asdict(row) for row in sorted(table(evidence, rounds.hits, violations), key=order)],
    }


def order(row: Row) -> tuple[int, int]:
    return list(FAULTS).index(row.fault), STEPS.index(row.step)


def gather(rounds: Rounds) -> Evidence:
    rounds._read_asked()
    commands = list(GateCommand.objects.select_related("gate__controller"))
    asked, ends = {}, {}
    for each in commands:
        _, fault, step = each.reason.split("|")
        number, controller = str(each.pk), each.gate.controller
        device = controller.device if controller else ""
        at = rounds.asked.get(number, 0.0)
        asked[number] = Asked(number, at, rounds.life, device, each.gate.relay, fault, step)
        ends[number] = End(each.state, each.problem, each.expires_uptime_ms)
    relays = {number: each.relay for number, each in asked.items()}
    boards = rounds.field.boards
    return Evidence(
        asked=asked,
        ends=ends,
        moved=[pulse for board in boards for pulse in moved(board, relays)],
        refused=[each for board in boards for each in refused(board)],
        told=rounds.told,
        late=rounds.late,
    )


def say(report: dict[str, Any]) -> None:
    heads = ("fault", "step", "commands", "hit", "pulsed", "refused", "failed", "expired", "of these pulsed", "wrong")
    write(" | ".join(heads))
    for row in report["table"]:
        words = [words_of(value) for value in row.values()]
        write(" | ".join(words))
    write(f"{report['commands']} commands, {report['pulses']} pulses, {report['seconds']} s, seed {report['seed']}")
    for violation in report["violations"]:
        write(f"VIOLATION: {violation}")
    write(f"violations: {len(report['violations'])}")


def words_of(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items())
    return str(value)


def write(text: str) -> None:
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    sys.stderr.write(f"faults: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
