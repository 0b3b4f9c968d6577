"""Pictures for these tests, all drawn by the project itself."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from cameras.drawing import plates
from cameras.drawing.backdrop import Light
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.traffic import stranger, vehicle_of
from recognition.reads import Image

NOON = datetime(2026, 1, 1, 12)


def scene(plate: str | None, *, progress: float = 1.0, light: Light = Light.DAY, seed: int = 1) -> bytes:
    """A camera's frame as JPEG: a vehicle with that plate, or the empty road."""
    vehicle = vehicle_of(plate) if plate else None
    return encode(render(Place(light=light, seed=seed), vehicle, progress, NOON + timedelta(milliseconds=37 * seed)))


def plate_crop(plate: str, width: int = 320) -> Image:
    """The plate alone, seen from the front."""
    drawn = plates.draw(plate)
    factor = width / drawn.shape[1]
    return cv2.resize(drawn, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def strangers(count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(count):
        yield stranger(chance)


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def labelled(folder: Path, rows: list[str], pictures: dict[str, bytes]) -> Path:
    """A set as `evaluate` takes it; rows are lines of labels.csv."""
    for name, data in pictures.items():
        write(folder / "images" / name, data)
    folder.mkdir(exist_ok=True)
    (folder / "labels.csv").write_text("\n".join(["file,plate,country,x,y,w,h", *rows]) + "\n")
    return folder
