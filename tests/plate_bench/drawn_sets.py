"""Synthetic sets, the same on every machine: plates of our own drawing in scenes of our own drawing."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from cameras.drawing import plates
from cameras.drawing.plates import Category
from recognition.evaluation import Label, Tally, count
from recognition.reads import Box, Image, PlateReader
from tests.plate_bench import scenes, two_lines

_LETTERS, _DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_CATEGORIES = (Category.PRIVATE,) * 7 + (Category.COMMERCIAL,) * 2 + (Category.OFFICIAL,)
_LABELS = "file,plate,country,x,y,w,h"

Drawn = tuple[Image, str, Box]
Draw = Callable[[str, Category], Image]
Place = Callable[[Image, np.random.Generator], tuple[Image, Box]]


def motorcycles(count: int, seed: int = 2026) -> Iterator[Drawn]:
    """Pictures with one motorcycle plate in two lines each: old and Mercosul in turn; with text and box."""
    return _pictures(count, seed, two_lines.draw, scenes.motorcycle)


def cars(count: int, seed: int = 2027) -> Iterator[Drawn]:
    """Pictures with one car plate in one line each: old and Mercosul in turn; with text and box."""
    return _pictures(count, seed, plates.draw, scenes.car)


def measured(reader: PlateReader) -> dict[str, dict[str, int]]:
    """What an engine reads of 100 cars and of 60 motorcycles: plates, exact, within_one, invented."""
    return {"cars": _counted(reader, cars(100)), "motorcycles": _counted(reader, motorcycles(60))}


def _counted(reader: PlateReader, pictures: Iterable[Drawn]) -> dict[str, int]:
    tally = Tally()
    for picture, text, box in pictures:
        count(tally, [Label(text, box)], reader.read(picture), fold=False, crops=False)
    return {name: getattr(tally, name) for name in ("plates", "exact", "within_one", "invented")}


def _pictures(count: int, seed: int, draw: Draw, place: Place) -> Iterator[Drawn]:
    for number in range(count):
        chance = np.random.default_rng((seed, number))
        text = _text("LLLNNNN" if number % 2 else "LLLNLNN", chance)
        category = _CATEGORIES[int(chance.integers(len(_CATEGORIES)))]
        picture, box = place(draw(text, category), chance)
        yield picture, text, box


def _text(pattern: str, chance: np.random.Generator) -> str:
    return "".join(chance.choice(list(_LETTERS if kind == "L" else _DIGITS)) for kind in pattern)


def write(folder: Path, pictures: Iterator[Drawn]) -> None:
    """A labelled folder as `evaluate` takes it; what it held before stays."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    rows = [_LABELS]
    for number, (picture, text, box) in enumerate(pictures):
        name = f"{number:04d}.png"
        if not cv2.imwrite(str(folder / "images" / name), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1]):
            raise OSError(f"{folder / 'images' / name} could not be written")
        rows.append(f"{name},{text},BR,{box.x},{box.y},{box.w},{box.h}")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
