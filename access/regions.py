"""The region of a lane's picture in which plates are read. Pure: no database.

A region is stored as shares of the picture, [left, top, width, height] from 0 to 1, so that another resolution of the
same camera needs no new one. No region is the whole picture. What is read is the part that was cut out; where a plate
stood is told in pixels of the whole picture, which stays the evidence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recognition import Box, Look, PlateReader, Read
from recognition.reads import Image

# A side of a tenth of the picture is less than what a vehicle needs to be in it.
SMALLEST = 0.1
WHOLE = (0.0, 0.0, 1.0, 1.0)
# What rounding of percents may add up to beside the picture.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture, in shares of it."""

    x: float
    y: float
    w: float
    h: float

    def pixels(self, width: int, height: int) -> Box:
        """The part in a picture of that size."""
        left, top = round(self.x * width), round(self.y * height)
        right, bottom = round((self.x + self.w) * width), round((self.y + self.h) * height)
        return Box(left, top, max(1, min(right, width) - left), max(1, min(bottom, height) - top))


def check(value: object) -> None:
    """Refuse what is no region. Raises `ValidationError`."""
    if value != [] and _region(value) is None:
        raise ValidationError(_("Draw the region within the picture, at least a tenth of it wide and high."))


def rounded(sides: Sequence[float]) -> list[float]:
    """As a region is stored: a hundredth of a hundredth of a picture is less than a pixel."""
    return [round(float(side), 4) for side in sides]


def region_of(value: object) -> Region | None:
    """What is stored with a lane as a region; None for the whole picture, and for what makes no sense."""
    found = _region(value)
    return None if found == Region(*WHOLE) else found


def _region(value: object) -> Region | None:
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        return None
    if not all(isinstance(side, (int, float)) and not isinstance(side, bool) for side in value):
        return None
    if not all(math.isfinite(side) for side in value):
        return None
    found = Region(*map(float, value))
    inside = min(found.x, found.y) >= 0 and max(found.x + found.w, found.y + found.h) <= 1 + ROUNDING
    return found if inside and min(found.w, found.h) >= SMALLEST else None


def read_in(region: Region | None, image: Image, engine: PlateReader) -> list[Read]:
    """The plates within the region, told in the whole picture."""
    if region is None:
        return engine.read(image)
    part = _part(region, image)
    return [_moved(read, part) for read in engine.read(_cut(image, part))]


def look_in(region: Region | None, image: Image, engine: PlateReader) -> Look:
    """The same, and why other places within the region were not read."""
    if region is None:
        return engine.look(image)
    part = _part(region, image)
    look = engine.look(_cut(image, part))
    rejected = [replace(each, box=_shifted(each.box, part)) for each in look.rejected]
    return Look([_moved(read, part) for read in look.reads], rejected)


def _part(region: Region, image: Image) -> Box:
    height, width = image.shape[:2]
    return region.pixels(width, height)


def _cut(image: Image, part: Box) -> Image:
    return np.ascontiguousarray(image[part.y : part.y + part.h, part.x : part.x + part.w])


def _moved(read: Read, part: Box) -> Read:
    corners = read.corners
    if corners is not None:
        corners = corners + np.array([part.x, part.y], corners.dtype)
    return replace(read, box=_shifted(read.box, part), corners=corners)


def _shifted(box: Box, part: Box) -> Box:
    return replace(box, x=box.x + part.x, y=box.y + part.y)


def percents(value: Sequence[float]) -> list[float]:
    """The four sides of a stored region in hundredths, for a person; those of the whole picture where there is none."""
    return [round(100 * side, 1) for side in (value or WHOLE)]
