"""The command line: `read` prints plates, `evaluate` measures an engine on a labelled folder."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tqdm import tqdm

from recognition.engines import DEFAULT, ENGINES, EngineError, UnknownOption, load_engine
from recognition.evaluation import LabelsError, evaluate, first, read_labels
from recognition.images import ImageError, decode_image
from recognition.reads import Look, PlateReader, Read, Unread
from recognition.stages import FolderStages

PICTURES = frozenset({".jpg", ".jpeg", ".png"})
_T = TypeVar("_T")

_DESCRIPTION = "Read licence plates in pictures, or measure how well that works."
_EXAMPLES = """\
examples:
  python -m recognition read car.jpg
  python -m recognition read pictures/ --engine classical --debug stages/
  python -m recognition evaluate plates/br_street --json
"""
_READ = """\
Prints one line for every plate: file, text, certainty, format and box (x,y,w,h in pixels), separated by tabs; or,
with --json, one object for every picture. The certainty of a calibrated engine (cancela) is the probability that every
character is right. Where nothing was read, stderr says why. Files that cannot be read are named there too; the rest
is read all the same, and the exit status is then 1.
"""
_EVALUATE = """\
DIR holds images/ and labels.csv with the columns file,plate,country,x,y,w,h (box in pixels; empty where unknown;
a row for each plate; a row without plate and box for a picture that shows none).

Counts: plates = rows with a text; exact; within_one (one character inserted, left out or exchanged; exact ones
included); missed = plates to which no read belongs; invented = reads that belong to no plate.
Times are of reading alone, without decoding the file.
"""


class Refused(Exception):  # noqa: N818
    """Something the user must put right; the message is printed, without a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0, 1 where a file could not be read, 2 where the command is wrong."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (Refused, LabelsError) as error:
        _say(f"python -m recognition: {error}")
        return 2


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m recognition", description=_DESCRIPTION, epilog=_EXAMPLES, formatter_class=raw
    )
    commands = parser.add_subparsers(required=True, metavar="read | evaluate")
    read = commands.add_parser("read", help="print the plates in pictures", description=_READ, formatter_class=raw)
    read.add_argument("paths", nargs="+", type=Path, metavar="FOLDER|FILE", help="JPEG or PNG files, or folders")
    read.add_argument("--debug", type=Path, metavar="DIR", help="write a picture of every stage into this folder")
    read.add_argument("--json", action="store_true", help="print an object for every picture, a line each")
    read.set_defaults(run=_run_read)
    measure = commands.add_parser(
        "evaluate", help="measure an engine on labelled pictures", description=_EVALUATE, formatter_class=raw
    )
    measure.add_argument("folder", type=Path, metavar="DIR", help="a folder with images/ and labels.csv")
    measure.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    measure.add_argument("--fold-oi", action="store_true", help="count 0 and O as one, and 1 and I")
    measure.set_defaults(run=_run_evaluate)
    for command in (read, measure):
        _add_engine_options(command)
    return parser


def _add_engine_options(command: argparse.ArgumentParser) -> None:
    """Options that are passed on to the engine; what is not given is left to its own default."""
    add = command.add_argument
    add("--engine", choices=sorted(ENGINES), default=DEFAULT, help="which engine reads (default: %(default)s)")
    add("--crops", action="store_true", default=None, help="the pictures are plates already: do not locate")
    add("--limit", type=_count, metavar="N", help="stop after N pictures")
    networks = command.add_argument_group("options of the engines with networks").add_argument
    networks("--weights", type=Path, metavar="DIR", help="the folder of the weights, instead of the product's own")
    networks("--threads", type=_count, metavar="N", help="threads of each network (default: 1)")
    engine = command.add_argument_group("options of the engine classical").add_argument
    engine("--ocr", choices=("auto", "tesserocr", "pytesseract"), help="Tesseract in this process, or as a program")
    engine("--psm", type=int, metavar="N", help="Tesseract's page segmentation mode, 0 to 13 (default: 7, one line)")
    engine("--whitelist", metavar="CHARS", help="the characters Tesseract may answer (default: 0-9 and A-Z)")
    engine("--min-ar", type=float, metavar="X", help="least width over height of a plate found by contours")
    engine("--max-ar", type=float, metavar="X", help="greatest width over height of a plate found by contours")
    engine("--clear-border", action="store_true", default=None, help="drop ink that touches a region's edge")
    engine("--without", action="append", metavar="STEP", help="leave a step out, to measure what it brings")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number")
    return int(text)


_CLASSICAL = ("ocr", "psm", "whitelist", "min_ar", "max_ar", "clear_border", "without")
_ENGINE_OPTIONS = ("crops", "weights", "threads", *_CLASSICAL)


def _engine(options: argparse.Namespace, **more: Any) -> PlateReader:
    given = {name: getattr(options, name) for name in _ENGINE_OPTIONS if getattr(options, name) is not None}
    try:
        return load_engine(options.engine, **given, **more)
    except UnknownOption as error:
        raise Refused(f"The engine {options.engine} takes no {_flag(error.option)}.") from error
    except (EngineError, ValueError, OSError) as error:
        raise Refused(str(error)) from error


def _flag(option: str) -> str:
    """As an option of an engine is called on the command line."""
    return "--debug" if option == "stages" else "--" + option.replace("_", "-")


def _run_read(options: argparse.Namespace) -> int:
    files = list(_pictures(options.paths))[: options.limit]
    stages = _stages(options.debug) if options.debug else None
    reader = _engine(options, **({"stages": stages} if stages else {}))
    bad = plates = 0
    for path in _progress(files, shown=any(path.is_dir() for path in options.paths)):
        if stages:
            stages.begin(path.stem)
        try:
            look = reader.look(decode_image(path.read_bytes()))
        except (ImageError, OSError) as error:
            _say(f"{path}: {getattr(error, 'strerror', None) or error}")
            bad += 1
            continue
        plates += len(look.reads)
        _tell(path, look, as_json=options.json)
    _say(f"{_number(len(files), 'picture')}, {_number(plates, 'plate')}, {_number(bad, 'file')} not readable")
    return 1 if bad else 0


def _stages(folder: Path) -> FolderStages:
    try:
        return FolderStages(folder)
    except OSError as error:
        raise Refused(f"The stages cannot be written into {folder}: {error.strerror}.") from error


def _run_evaluate(options: argparse.Namespace) -> int:
    labels = first(read_labels(options.folder), options.limit)
    reader = _engine(options)
    try:
        shown = _progress(labels, shown=True)
        tally = evaluate(reader, shown, fold=options.fold_oi, crops=bool(options.crops))
    except ImageError as error:
        raise Refused(f"A picture of {options.folder} cannot be read: {error}") from error
    report = tally.report()
    _print(json.dumps(report) if options.json else _table(report))
    return 0


def _pictures(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and the pictures of the folders named, in order of their names."""
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.suffix.lower() in PICTURES)
            if not found:
                raise Refused(f"There is no JPEG or PNG picture in {path}.")
            yield from found
        else:
            yield path


def _progress(items: Sequence[_T], *, shown: bool) -> Iterable[_T]:
    bar: Iterable[_T] = tqdm(items, unit="picture", file=sys.stderr, disable=not shown, dynamic_ncols=True)
    return bar


_WHY = {
    Unread.NO_PLATE: "no plate was found",
    Unread.TOO_SMALL: "the plate is too small",
    Unread.TOO_BLURRED: "the plate is too blurred",
    Unread.TOO_DARK: "the plate is too dark",
    Unread.FORMAT_UNKNOWN: "the plate's text fits no format",
}


def _tell(path: Path, look: Look, *, as_json: bool) -> None:
    if as_json:
        _print(json.dumps({"file": str(path), "plates": [_plate(read) for read in look.reads], "unread": look.unread}))
        return
    for read in look.reads:
        _print(_line(path, read))
    if look.unread:
        _say(f"{path}: {_WHY[look.unread]}")


def _plate(read: Read) -> dict[str, Any]:
    """A read as plain JSON. Corners clockwise from the plate's upper left; what an engine does not know is null."""
    return {
        "text": read.text,
        "format": read.format,
        "probability": read.probability and round(read.probability, 4),
        "score": round(read.score, 4),
        "box": [read.box.x, read.box.y, read.box.w, read.box.h],
        "corners": None if read.corners is None else np.round(read.corners, 1).tolist(),
        "sharpness": read.sharpness and round(read.sharpness, 3),
        "width": read.size and round(read.size, 1),
    }


def _line(path: Path, read: Read) -> str:
    box = f"{read.box.x},{read.box.y},{read.box.w},{read.box.h}"
    return "\t".join((str(path), read.text, f"{read.certainty:.2f}", read.format or "-", box))


def _table(report: dict[str, int | float]) -> str:
    return "\n".join(f"{name:<14}{value:>10}" for name, value in report.items())


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    tqdm.write(text, file=sys.stderr)
