"""Real plates with their surroundings, and ground without plates, out of the sets that may train."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.splits import is_held

SETS = ("br_street", "br_cars", "ro_dashcam", "in_phone")
AROUND = 0.7  # of the plate's size on each side, so that a plate can be turned and shifted
WIDEST = 420  # pixels of a plate that are kept

Picture = NDArray[np.uint8]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Photograph:
    """A plate: `patch` (h, w, 3) BGR, its `box` (x, y, w, h) therein, its text where one is known."""

    name: str
    source: str
    patch: Picture
    box: Box
    text: str | None


def load(plates: Path, labels: Mapping[str, str]) -> list[Photograph]:
    """The training plates of all sets. `labels` gives texts by "set/file"."""
    return [photograph for name in SETS for photograph in _of_set(plates / name, labels)]


def rows(folder: Path) -> Iterator[tuple[str, str, Box]]:
    """File, text and box of every row of a set that has a box."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["x"] and float(row["w"]) > 8 and float(row["h"]) > 5:
                yield row["file"], row["plate"], (float(row["x"]), float(row["y"]), float(row["w"]), float(row["h"]))


def _of_set(folder: Path, labels: Mapping[str, str]) -> Iterator[Photograph]:
    for file, text, box in rows(folder):
        if text and is_held(text):
            continue
        picture = picture_of(folder / "images" / file)
        patch, inner = cut_out(picture, box)
        yield Photograph(file, folder.name, patch, inner, text or labels.get(f"{folder.name}/{file}"))


def picture_of(path: Path) -> Picture:
    """The stored pixels, as the boxes mean them: an orientation noted beside them is ignored."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise FileNotFoundError(path)
    return np.asarray(picture, np.uint8)


def cut_out(picture: Picture, box: Box) -> tuple[Picture, Box]:
    """A patch with much around the plate, edges repeated beyond the picture, at most `WIDEST` across the plate."""
    x, y, width, height = box
    dx, dy = width * AROUND, max(height * AROUND, width * 0.25)
    edge = int(max(dx, dy)) + 2
    padded = cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    left, top = int(x - dx) + edge, int(y - dy) + edge
    patch = padded[max(0, top) : int(y + height + dy) + edge, max(0, left) : int(x + width + dx) + edge]
    scale = min(1.0, WIDEST / width)
    if scale < 1:
        patch = cv2.resize(patch, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    inner = ((x + edge - max(0, left)) * scale, (y + edge - max(0, top)) * scale, width * scale, height * scale)
    return np.ascontiguousarray(patch, np.uint8), inner


def grounds(plates: Path, rng: np.random.Generator, each: int = 3) -> list[Picture]:
    """Regions of training pictures that hold no labelled plate, some of them right beside one."""
    found = []
    for name in SETS:
        boxes: dict[str, list[Box]] = {}
        held: set[str] = set()
        for file, text, box in rows(plates / name):
            boxes.setdefault(file, []).append(box)
            if text and is_held(text):
                held.add(file)
        for file, around in boxes.items():
            if file not in held:
                found += _without(picture_of(plates / name / "images" / file), around, rng, each)
    return found


def _without(picture: Picture, boxes: list[Box], rng: np.random.Generator, each: int) -> list[Picture]:
    rows_, columns = picture.shape[:2]
    kept: list[Picture] = []
    for _ in range(each * 6):
        width = float(np.exp(rng.uniform(np.log(50), np.log(columns * 0.6))))
        height = width / rng.uniform(1.0, 4.0)
        if height >= rows_ or len(kept) == each:
            continue
        x, y = rng.uniform(0, columns - width), rng.uniform(0, rows_ - height)
        if not any(_meet((x, y, width, height), box) for box in boxes):
            part = picture[int(y) : int(y + height), int(x) : int(x + width)]
            scale = min(1.0, 240 / part.shape[1])
            size = (max(16, round(part.shape[1] * scale)), max(10, round(part.shape[0] * scale)))
            kept.append(np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8))
    return kept


def _meet(first: Box, second: Box) -> bool:
    across = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    down = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    return across > 0 and down > 0
