"""A folder of pictures as the demonstration's traffic: some of its vehicles registered, readable ones shown early.

A sample of the folder is read once. Of the plates that were read in a Brazilian format, every other one is registered
to an invented unit, so that both sides are seen: vehicles for which the gate opens, and strangers. Plates stay in the
demonstration's own database and go nowhere else.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from tqdm import tqdm

from access.engines import engine
from access.models import Engine
from access.vehicles import VehicleError, find_vehicle, register_vehicle
from premises.models import Condominium, Unit
from recognition import ImageError, decode_image, match_format

SUFFIXES = (".jpg", ".jpeg", ".png")
SAMPLE = 50
SMALLER = 0.87
# After a vehicle that can be read come this many others, so that the traffic is the folder's own.
BETWEEN = 2


def prepare(condominium: Condominium, folder: Path) -> Path:
    """A folder of links to the pictures, in the order in which they shall arrive.

    Raises `FileNotFoundError` where the folder holds no picture.
    """
    pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not pictures:
        raise FileNotFoundError(f"There is no picture ({', '.join(SUFFIXES)}) in {folder}")
    plates = dict(read_some(pictures))
    for number, plate in enumerate(list(plates.values())[::2], start=1):
        register(condominium, plate, f"F{number}")
    return link(order(pictures, list(plates)))


def read_some(pictures: list[Path]) -> Iterator[tuple[Path, str]]:
    """The plates of a sample spread over the folder, where they were read surely enough."""
    sample = pictures[:: max(1, len(pictures) // SAMPLE)]
    for path in tqdm(sample, desc="reading a sample of the pictures", unit=" pictures", leave=False):
        try:
            plate = read_twice(decode_image(path.read_bytes()))
        except ImageError:
            continue  # the recorder's log will show what it could not serve
        if plate and is_brazilian(plate):
            yield path, plate


def read_twice(picture: NDArray[np.uint8]) -> str:
    """The plate of a picture where the picture and a smaller copy of it say the same, else nothing.

    A misread seldom survives other pixels, while the score of a single read does not tell right from wrong.
    """
    reader = engine(Engine.CANCELA)
    smaller = cv2.resize(picture, None, fx=SMALLER, fy=SMALLER, interpolation=cv2.INTER_AREA)
    first, second = reader.read(picture), reader.read(smaller.astype(np.uint8))
    return first[0].text if first and second and first[0].text == second[0].text else ""


def is_brazilian(plate: str) -> bool:
    found = match_format(plate)
    return found is not None and found.country == "BR"


def register(condominium: Condominium, plate: str, number: str) -> None:
    if find_vehicle(condominium, plate):
        return
    unit, _ = Unit.objects.get_or_create(condominium=condominium, block="", number=number)
    try:
        register_vehicle(condominium, plate, by="make run", unit=unit, note="Das fotografias da demonstração")
    except VehicleError:
        return  # on no account a reason not to start


def order(pictures: list[Path], readable: list[Path]) -> list[Path]:
    """Readable pictures spread over the beginning, the others in their own order between and behind them."""
    others = iter([path for path in pictures if path not in set(readable)])
    groups = [[path, *(next(others, None) for _ in range(BETWEEN))] for path in readable]
    mixed = [path for group in groups for path in group if path is not None]
    return mixed + list(others)


def link(pictures: list[Path]) -> Path:
    """Links in var/frames, named so that their order is the arrivals' order."""
    folder: Path = settings.VAR_DIR / "frames"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number, path in enumerate(pictures):
        (folder / f"{number:05d}-{path.name}").symlink_to(path.resolve())
    return folder
