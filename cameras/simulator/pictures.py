"""What the simulated channels show: drawn traffic, or the pictures of a folder."""

import csv
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path

import cv2

from cameras.drawing import scenes, traffic
from cameras.drawing.backdrop import Light
from cameras.drawing.scenes import Place
from cameras.drawing.traffic import Arrival, Road
from cameras.drawing.vehicles import Vehicle

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
LIGHTS = (Light.DAY, Light.CLOUDS, Light.DUSK)


@dataclass(frozen=True)
class Photograph:
    """A given picture that stands for one vehicle's arrival; `plate` where its folder's labels say it."""

    path: Path
    plate: str | None = None


Visitor = Vehicle | Photograph


@dataclass(frozen=True)
class Shown:
    """A picture as the recorder sends it, and what is on it."""

    data: bytes
    plate: str | None
    visitor: Visitor | None


class Channel:
    """One camera of the recorder with its road."""

    def __init__(self, number: int, title: str, road: Road[Visitor]) -> None:
        self.number, self.title, self.road = number, title, road
        self.place = Place(title, LIGHTS[(number - 1) % len(LIGHTS)], seed=number)
        # The first picture takes ten times as long as the others; nobody shall wait for it.
        show(self.place, None, 0.0)

    def frame(self, now: float) -> Shown:
        """The picture of this moment; no two are the same, byte by byte."""
        return show(self.place, self.road.at(now), now)


def show(place: Place, arrival: Arrival[Visitor] | None, now: float) -> Shown:
    clock = datetime.fromtimestamp(now).astimezone()
    if arrival is not None and isinstance(arrival.visitor, Photograph):
        stamp = f"{place.caption} {clock.isoformat(timespec='microseconds')}"
        return Shown(stamped(photograph(arrival.visitor.path), stamp), arrival.visitor.plate, arrival.visitor)
    vehicle = arrival.visitor if arrival is not None and isinstance(arrival.visitor, Vehicle) else None
    progress = arrival.progress(now) if arrival is not None else 0.0
    data = scenes.encode(scenes.render(place, vehicle, progress, clock))
    # The caption is no finer than a millisecond; two requests within one shall differ all the same.
    return Shown(stamped(data, f"{now:.7f}"), vehicle.plate if vehicle else None, vehicle)


def photograph(path: Path) -> bytes:
    """A file as JPEG: its own bytes, or converted where it is none. Raises `ValueError` if it is no picture."""
    data = path.read_bytes()
    if data.startswith(b"\xff\xd8"):
        return data
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path.name} is not a picture")
    return scenes.encode(picture.astype("uint8"), quality=95)


def stamped(jpeg: bytes, comment: str) -> bytes:
    """The same JPEG with a comment segment: other bytes, not a pixel changed."""
    text = comment.encode()
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + jpeg[2:]


def photographs(folder: Path) -> list[Photograph]:
    """The pictures of a folder in the order of their names; raises `ValueError` where there are none."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    labels = _labels(folder)
    found = [
        Photograph(path, labels.get(path.name))
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    if not found:
        raise ValueError(f"{folder} has no JPEG or PNG pictures")
    return found


def _labels(folder: Path) -> dict[str, str]:
    """Plates by file name from a labels.csv in the folder or beside it; empty where there is none."""
    for path in (folder / "labels.csv", folder.parent / "labels.csv"):
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as lines:
                return {row["file"]: row["plate"] for row in csv.DictReader(lines) if row.get("plate")}
    return {}


def from_folder(folder: Path, channel: int, channels: int) -> Callable[[], Visitor]:
    """One photograph after another, for ever; the channels share them out."""
    mine = photographs(folder)
    turns: Iterator[Visitor] = cycle(mine[channel - 1 :: channels] or mine)
    return lambda: next(turns)


def from_plan(plates: list[str], unknown_share: float, seed: int, channel: int) -> Callable[[], Visitor]:
    """Drawn vehicles for ever; every channel shuffles the plates its own way."""
    mine = list(plates)
    random.Random(f"{seed}-{channel}").shuffle(mine)  # noqa: S311  # pictures, not secrets
    vehicles = traffic.plan(mine, unknown_share=unknown_share, seed=seed * 1000 + channel)
    return lambda: next(vehicles)
