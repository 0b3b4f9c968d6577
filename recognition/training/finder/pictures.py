"""The photographs that may train, with their boxes cleaned, decoded once and kept in memory."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognition.cancela.finder import halved
from recognition.reads import Image
from recognition.training.splits import is_held

SETS = ("br_street", "br_cars", "ro_dashcam", "in_phone")
DEVELOPMENT_SETS = ("br_cars", "ro_dashcam")
LONGEST = 1000  # pixels; larger pictures are reduced
_CORRECTIONS = Path(__file__).parent / "corrections.csv"

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph, halved again and again (`levels`), and boxes (left, top, right, bottom) in the first level."""

    name: str
    source: str
    levels: tuple[Image, ...]
    plates: Floats
    ignored: Floats


@dataclass(frozen=True, slots=True)
class Labels:
    """Boxes of a file: plates, and places about which nothing is known."""

    plates: list[tuple[float, ...]]
    ignored: list[tuple[float, ...]]


def load(plates: Path, *, development: bool = False) -> list[Picture]:
    """The training pictures under `plates`, or the part of them that is held back to follow the training."""
    corrections = read_corrections()
    made = []
    for name in SETS:
        labelled = boxes_of(plates / name)
        for file in tqdm([f for f in files_of(plates / name) if kept_back(name, f) == development], name, leave=False):
            labels = corrected(labelled[file], corrections.get(digest_of(name, file), []))
            made.append(_load_one(plates / name / "images" / file, name, labels))
    return made


def load_backgrounds(folder: Path | None) -> list[Picture]:
    """Pictures without plates; none where there is no folder."""
    files = sorted(folder.glob("*.jpg")) if folder and folder.is_dir() else []
    nothing = np.zeros((0, 4), np.float32)
    return [Picture(path.name, "background", levels_of(read(path)[0]), nothing, nothing) for path in files]


def kept_back(source: str, file: str) -> bool:
    """Whether a picture is for development: a twelfth, chosen by its name."""
    return source in DEVELOPMENT_SETS and int(digest_of(source, file), 16) % 12 == 0


def digest_of(source: str, file: str) -> str:
    """A name for a picture that does not give away the plate that many of the files are named after."""
    return hashlib.sha256(f"{source}/{file}".encode()).hexdigest()[:16]


def files_of(folder: Path) -> list[str]:
    """Files of a set of which no plate is held back for the test."""
    held: dict[str, bool] = {}
    for row in rows_of(folder):
        held[row["file"]] = held.get(row["file"], False) or bool(row["plate"] and is_held(row["plate"]))
    return [file for file, is_test in held.items() if not is_test]


def rows_of(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def boxes_of(folder: Path) -> dict[str, list[tuple[float, ...]]]:
    """Edges (left, top, right, bottom) of the labelled boxes of each file."""
    found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for row in rows_of(folder):
        if row["x"]:
            found[row["file"]].append(_edges(row))
    return found


def read_corrections() -> dict[str, list[tuple[str, tuple[float, ...]]]]:
    """By digest: "plate" adds a box that the labels lack, "ignore" a place unknown, "wrong" takes a label back."""
    found: dict[str, list[tuple[str, tuple[float, ...]]]] = defaultdict(list)
    with _CORRECTIONS.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["picture"]].append((row["kind"], _edges(row)))
    return found


def corrected(labelled: list[tuple[float, ...]], corrections: list[tuple[str, tuple[float, ...]]]) -> Labels:
    wrong = [box for kind, box in corrections if kind == "wrong"]
    plates = [box for box in labelled if tuple(map(round, box)) not in {tuple(map(round, one)) for one in wrong}]
    plates += [box for kind, box in corrections if kind == "plate"]
    return Labels(plates, [box for kind, box in corrections if kind == "ignore"] + wrong)


def read(path: Path) -> tuple[Image, float]:
    """The stored pixels, as the boxes mean them, reduced to at most `LONGEST`; and the scale."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise FileNotFoundError(f"No picture can be read from {path}")
    scale = min(1.0, LONGEST / max(picture.shape[:2]))
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8), scale


def levels_of(picture: Image) -> tuple[Image, ...]:
    levels = [picture]
    while min(levels[-1].shape[:2]) > 120:
        levels.append(halved(levels[-1]))
    return tuple(levels)


def _load_one(path: Path, source: str, labels: Labels) -> Picture:
    picture, scale = read(path)
    plates, ignored = _array(labels.plates) * scale, _array(labels.ignored) * scale
    if len(plates) and np.all(plates[:, 3] - plates[:, 1] > 1.5 * (plates[:, 2] - plates[:, 0])):
        plates, ignored = (_turned(boxes, picture.shape[0]) for boxes in (plates, ignored))
        picture = np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    return Picture(path.name, source, levels_of(picture), plates, ignored)


def _turned(boxes: Floats, height: int) -> Floats:
    """Boxes after their picture, `height` high, was turned clockwise: telephones store some pictures lying."""
    return np.stack([height - boxes[:, 3], boxes[:, 0], height - boxes[:, 1], boxes[:, 2]], 1)


def _array(boxes: list[tuple[float, ...]]) -> Floats:
    return np.array(boxes, np.float32).reshape(-1, 4)


def _edges(row: dict[str, str]) -> tuple[float, ...]:
    left, top, width, height = (float(row[key]) for key in ("x", "y", "w", "h"))
    return left, top, left + width, top + height
