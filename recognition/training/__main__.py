"""`make train`: from the sets of photographs, and an empty folder, to the weights that are shipped.

Every step keeps what it needs in a folder of its own below WORK, and goes on from there when it is started again:

  labels     texts for the sets that have none, as the teacher reads them (needs --teacher; else they teach boxes only)
  finder     frame → plates
  reader     plate → corners and text
  calibrate  how likely a text is right, and typical reads; needs finder and reader
  window     the early sliding-window network
  ship       copy the files into recognition/cancela/weights and recognition/window/weights
  all        one after another
"""

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from recognition.training.calibrating import calibrate
from recognition.training.finder import train_finder
from recognition.training.reader import teaching
from recognition.training.reader.run import train_reader
from recognition.training.typical import write_typical
from recognition.training.window.run import train_window

_RECOGNITION = Path(__file__).resolve().parents[1]
# What is shipped: where it lies below WORK, and the folder it goes to.
SHIPPED = {
    "finder/finder.onnx": _RECOGNITION / "cancela/weights",
    "reader/corners.onnx": _RECOGNITION / "cancela/weights",
    "reader/text.onnx": _RECOGNITION / "cancela/weights",
    "calibrate/calibration.json": _RECOGNITION / "cancela/weights",
    "calibrate/reads.npz": _RECOGNITION / "cancela/weights",
    "window/presence.onnx": _RECOGNITION / "window/weights",
    "window/characters.onnx": _RECOGNITION / "window/weights",
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    for name in STEPS if options.step == "all" else [options.step]:
        sys.stderr.write(f"train: {name}\n")
        STEPS[name](options)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m recognition.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("step", choices=[*STEPS, "all"])
    add("--plates", type=Path, required=True, help="the folder of the sets of photographs")
    add("--work", type=Path, required=True, help="where everything is kept that a restart needs")
    add("--teacher", type=Path, help="an ONNX plate reader that transcribes the sets without texts")
    add("--backgrounds", type=Path, help="photographs (*.jpg) without plates, for the finder")
    add("--minutes", type=float, help="for each training, about; without it a fixed number of steps")
    add("--seed", type=int, default=1, help="default: %(default)s")
    return parser.parse_args(arguments)


def _labels(options: argparse.Namespace) -> None:
    """For the reader as JSON, for the window as a table; without a teacher there are none. What is there stays."""
    for_reader, for_window = _labelled(options), _texts(options)
    if for_reader.is_file() and for_window.is_file():
        return
    texts = teaching.label(options.plates, options.teacher) if options.teacher else {}
    for path in (for_reader, for_window):
        path.parent.mkdir(parents=True, exist_ok=True)
    for_reader.write_text(json.dumps(texts, indent=0, sort_keys=True), encoding="utf-8")
    with for_window.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["set", "file", "plate"])
        table.writerows([*name.split("/", 1), text] for name, text in sorted(texts.items()))


def _labelled(options: argparse.Namespace) -> Path:
    return Path(options.work) / "reader" / "labels.json"


def _texts(options: argparse.Namespace) -> Path:
    return Path(options.work) / "window" / "labels.csv"


def _finder(options: argparse.Namespace) -> None:
    train_finder(options.plates, options.work / "finder", options.minutes, options.seed, options.backgrounds)


def _reader(options: argparse.Namespace) -> None:
    _labels(options)
    train_reader(options.plates, _labelled(options), options.work / "reader", options.minutes, options.seed)


def _window(options: argparse.Namespace) -> None:
    _labels(options)
    train_window(options.plates, options.work / "window", options.minutes, options.seed, _texts(options))


def _calibrate(options: argparse.Namespace) -> None:
    weights = [options.work / name for name in ("finder/finder.onnx", "reader/corners.onnx", "reader/text.onnx")]
    calibrate(options.plates, weights, options.work / "calibrate", options.seed)
    write_typical(options.plates, options.work / "calibrate", options.seed)


def _ship(options: argparse.Namespace) -> None:
    """Copy what was trained, all of it or nothing."""
    if missing := [name for name in SHIPPED if not (options.work / name).is_file()]:
        raise SystemExit(f"train: {', '.join(missing)} not in {options.work} yet: run the steps that make them first.")
    for name, folder in SHIPPED.items():
        folder.mkdir(parents=True, exist_ok=True)
        sys.stderr.write(f"train: {shutil.copy(options.work / name, folder)}\n")


STEPS = {
    "labels": _labels,
    "finder": _finder,
    "reader": _reader,
    "calibrate": _calibrate,
    "window": _window,
    "ship": _ship,
}

if __name__ == "__main__":
    sys.exit(main())
