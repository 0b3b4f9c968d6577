"""Real plates for the window: grey patches with wide surroundings, at about the scale at which the window sees them."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.training.reader.photographs import SETS, picture_of, rows
from recognition.training.splits import is_held
from recognition.window.geometry import Bounds

_AROUND = 1.4  # of the plate's width, on each side
_WIDEST = 150  # pixels of a plate's box that are kept: the window sees it at 102 or less
_CHECKED = 10  # one photograph in so many is kept back to watch the training by

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Patch:
    """A plate and what is around it: `box` (x, y, width, height) in pixels of `picture`; its text where known."""

    picture: Grey
    box: Bounds
    text: str | None


def load(plates: Path, texts: Mapping[str, str], *, checked: bool) -> list[Patch]:
    """The plates of the training sets: those to learn from, or those kept back. `texts` has texts by "set/file"."""
    return [patch for name in SETS for patch in _of_set(plates / name, texts, checked)]


def _of_set(folder: Path, texts: Mapping[str, str], checked: bool) -> Iterator[Patch]:
    for file, text, box in rows(folder):
        if (text and is_held(text)) or is_checked(file) != checked:
            continue
        picture = cv2.cvtColor(picture_of(folder / "images" / file), cv2.COLOR_BGR2GRAY)
        yield _patch(np.asarray(picture, np.uint8), box, text or texts.get(f"{folder.name}/{file}"))


def is_checked(file: str) -> bool:
    """Whether a photograph is kept back; always the same ones."""
    return int(hashlib.sha256(file.encode()).hexdigest(), 16) % _CHECKED == 0


def _patch(grey: Grey, box: Bounds, text: str | None) -> Patch:
    x, y, width, height = box
    reach = _AROUND * max(width, height)
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    part = grey[top : int(y + height + reach), left : int(x + width + reach)]
    scale = min(1.0, _WIDEST / width)
    if scale < 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    inner = ((x - left) * scale, (y - top) * scale, width * scale, height * scale)
    return Patch(np.ascontiguousarray(part), inner, text)


def texts_of(table: Path) -> dict[str, str]:
    """Texts by "set/file" out of a table with the columns set, file, plate; none where there is no table."""
    if not table.is_file():
        return {}
    with table.open(newline="", encoding="utf-8") as lines:
        return {f"{row['set']}/{row['file']}": row["plate"] for row in csv.DictReader(lines)}
