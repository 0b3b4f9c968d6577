"""`make bench-recognition`: every engine over every set that is there, with fast-alpr's weights as the peer.

Each engine is a process of its own with one thread; every picture goes to all of them in turn, so that what else the
machine does meets all alike. Written into OUT: `bench.json`, `bench.md`, `misread/` with the crops of misread plates,
`frames/`. These are photographs of plates: OUT has to lie where nothing can be committed.

`--accept` takes the last full run over into the repository: figures beside the weights, floors, tables.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from recognition.evaluation import LabelsError
from tests.plate_bench import accepting, drawn_sets, entrants, misreads, results, running, sets, speed, tables

_FRAMES, _ROUNDS, _STARTS = 40, 5, 3
_MOTORCYCLES = 200
_WEIGHTS = "weights of an engine to measure instead of the shipped ones; cannot be accepted"


def main() -> int:
    options = _options()
    if options.accept:
        return _accept(options)
    if not misreads.is_private(options.out):
        _say(f"{options.out} could be committed; the crops are photographs: name a folder outside, or in var/.")
        return 2
    try:
        report = measure(options)
    except LabelsError as error:
        _say(str(error))
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.json").write_text(json.dumps(report, indent=1) + "\n")
    text = tables.full(report)
    (options.out / "bench.md").write_text(text)
    sys.stdout.write(text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-recognition", description=__doc__)
    add = parser.add_argument
    add("--plates", type=Path, default=Path("../shared/plates"), help="folders of labelled sets (default: %(default)s)")
    add("--models", type=Path, default=Path("../shared/models"), help="fast-alpr's weights (default: %(default)s)")
    add("--weights", type=entrants.weights_option, action="append", default=[], metavar="NAME=FOLDER", help=_WEIGHTS)
    add("--out", type=Path, default=Path("var/bench-recognition"), help="where all is written (default: %(default)s)")
    add("--engines", nargs="+", choices=entrants.names(), default=entrants.names(), metavar="NAME", help="only these")
    add("--sets", nargs="+", choices=[each.folder for each in sets.SETS], metavar="NAME", help="only these")
    add("--limit", type=int, metavar="N", help="only the first N pictures of each set")
    add("--lanes", type=int, metavar="N", help="pictures read at the same time (default: as many as cores, at most 2)")
    add("--no-speed", action="store_true", help="leave out the section on speed")
    add("--accept", action="store_true", help="take the last run in OUT over into the repository")
    add("--lower", metavar="REASON", default="", help="accept figures that are lower than the committed floors")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> tables.Report:
    """The whole run; raises `LabelsError`."""
    begun = time.monotonic()
    work = _work(options)
    run = _run(work, options)
    frames = _frames(work, options)
    fast = {} if options.no_speed else _speed(frames, run, options)
    misreads.write_sheets(options.out / "misread", run.shots)
    return {
        "measured": _facts(options, time.monotonic() - begun, len(frames)),
        "versions": run.versions,
        "absent": run.absent,
        "no_crops": run.no_crops,
        "sets": results.plain(results.figures(run.shots)),
        "memory": results.memory(run.shots),
        "speed": {name: asdict(each) for name, each in fast.items()},
        "weights": accepting.weights(),
        "errors": [shot.answer.error for shot in run.shots if shot.answer.error],
    }


def _work(options: argparse.Namespace) -> running.Work:
    folders = [options.plates, options.out / "drawn"]
    drawn_sets.write(folders[1] / sets.DRAWN, drawn_sets.motorcycles(min(_MOTORCYCLES, options.limit or _MOTORCYCLES)))
    found = list(sets.present(folders, options.limit))
    return [each for each in found if not options.sets or each[0].folder in options.sets]


def _run(work: running.Work, options: argparse.Namespace) -> running.Run:
    total = sum(len(pictures) for _, pictures in work)
    lanes = _lanes(options)
    with tqdm(total=total, unit="picture", file=sys.stderr, dynamic_ncols=True) as bar:
        return running.run_sets(work, options.engines, _files(options), lanes=lanes, step=bar.update)


def _files(options: argparse.Namespace) -> entrants.Files:
    return entrants.Files(options.models, dict(options.weights))


def _lanes(options: argparse.Namespace) -> int:
    """A short run is over before a second lane has loaded its engines."""
    return int(options.lanes or (1 if options.limit and options.limit < 30 else min(2, os.cpu_count() or 1)))


def _frames(work: running.Work, options: argparse.Namespace) -> list[Path]:
    return speed.make_frames(work, options.out / "frames", min(_FRAMES, options.limit or _FRAMES))


def _speed(frames: Sequence[Path], run: running.Run, options: argparse.Namespace) -> dict[str, speed.Speed]:
    if not frames:
        return {}
    rounds, starts = (2, 1) if options.limit else (_ROUNDS, _STARTS)
    with tqdm(total=rounds * len(frames), unit="frame", file=sys.stderr, dynamic_ncols=True) as bar:
        names = list(run.versions)
        return speed.measure(frames, names, _files(options), rounds=rounds, starts=starts, step=bar.update)


def _facts(options: argparse.Namespace, seconds: float, frames: int) -> dict[str, object]:
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "lanes": _lanes(options),
        "limit": options.limit,
        "part": sorted(options.sets or []),
        "weights": {name: str(folder) for name, folder in options.weights},
        "frames": frames,
        "seconds": round(seconds, 1),
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _accept(options: argparse.Namespace) -> int:
    try:
        written = accepting.accept(json.loads((options.out / "bench.json").read_text()), options.lower)
    except (accepting.NotAccepted, FileNotFoundError) as error:
        _say(str(error))
        return 1
    _say("\n".join(f"written: {path}" for path in written))
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"bench-recognition: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
