"""What a drawing hands over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Colour = tuple[int, int, int]

# Width and height in pixels of the Brazilian sizes.
CAR = (256, 83)
MOTORCYCLE = (200, 170)


@dataclass(frozen=True)
class DrawnPlate:
    """A flat plate, tightly cut: `image` uint8 (h, w, 3) BGR; `text` A-Z and 0-9, at most 10; `lines` 1 or 2."""

    image: Picture
    text: str
    lines: int
    style: str


@dataclass(frozen=True)
class Draft:
    """A plate before wear: the ground with all its decoration, the mask of the letters, and their colour."""

    ground: Picture
    ink: NDArray[np.uint8]
    colour: Colour
    text: str
    lines: int = 1
    embossed: float = 1.0
