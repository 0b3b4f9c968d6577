"""One entrant in a process of its own, so that its processor time and its memory are nobody else's.

A line of standard input is the path of a picture; the answer is one line of JSON on standard output. The first answer,
unasked, says whether the engine could be loaded.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from recognition.evaluation import cpu_seconds, peak_rss_mb
from recognition.images import ImageError, decode_image
from recognition.reads import PlateReader, Read
from tests.plate_bench.entrants import Files, load, weights_option


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--crops", action="store_true")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--weights", type=weights_option, action="append", default=[])
    options = parser.parse_args()
    answers = _own_stdout()
    try:
        reader = load(options.name, crops=options.crops, files=Files(options.models, dict(options.weights)))
    except Exception as error:  # noqa: BLE001 - whatever keeps an engine away is told, and the others go on
        _answer(answers, {"cannot": f"{type(error).__name__}: {error}"})
        return
    _answer(answers, {"version": reader.version})
    for line in sys.stdin:
        _answer(answers, look(reader, Path(line.rstrip("\n"))))


def _own_stdout() -> TextIO:
    """Standard output for the answers alone; what libraries print goes to standard error."""
    answers, sys.stdout = sys.stdout, sys.stderr
    return answers


def look(reader: PlateReader, path: Path) -> dict[str, Any]:
    """Read one picture; the times are of reading alone, without decoding the file."""
    try:
        image = decode_image(path.read_bytes())
    except (ImageError, OSError) as error:
        return {"error": f"{path.name}: {error}"}
    wall, cpu = time.perf_counter(), cpu_seconds()
    try:
        reads = reader.read(image)
    except Exception as error:  # noqa: BLE001 - a picture that breaks an engine is told, and counts as unread
        return {"error": f"{path.name}: {type(error).__name__}: {str(error).partition(chr(10))[0]}"}
    wall_ms, cpu_ms = (time.perf_counter() - wall) * 1000, (cpu_seconds() - cpu) * 1000
    memory = {"peak_mb": peak_rss_mb(), "resident_mb": resident_mb()}
    return {"reads": [_told(read) for read in reads], "wall_ms": wall_ms, "cpu_ms": cpu_ms, **memory}


def _told(read: Read) -> dict[str, Any]:
    box = read.box
    return {"text": read.text, "box": [box.x, box.y, box.w, box.h], "score": float(read.score)}


def resident_mb() -> float:
    """What this process holds now, in MiB; the most it has held where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return peak_rss_mb()
    lines = (line.split() for line in status.read_text().splitlines())
    return next(int(words[1]) / 1024 for words in lines if words[0] == "VmRSS:")


def _answer(answers: TextIO, told: dict[str, Any]) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
