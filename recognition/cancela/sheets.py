"""Several crops on one sheet, so that the networks read them in one batch."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from recognition.cancela.reader import Reading
from recognition.reads import Box, Image

# Repeated pixels around each crop, in parts of its size: more than the reader looks beyond a box, so that no crop
# shows beside another.
_AROUND = 0.6


def side_by_side(crops: Sequence[Image]) -> tuple[Image, list[Box]]:
    """A grey sheet with the grey crops below one another, and where each lies on it."""
    framed = [_framed(crop) for crop in crops]
    sheet = np.zeros(
        (sum(each.shape[0] for each in framed), max((each.shape[1] for each in framed), default=0)), np.uint8
    )
    places: list[Box] = []
    top = 0
    for crop, each in zip(crops, framed, strict=True):
        (height, width), (rows, columns) = crop.shape, each.shape
        sheet[top : top + rows, :columns] = each
        places.append(Box((columns - width) // 2, top + (rows - height) // 2, width, height))
        top += rows
    return sheet, places


def _framed(crop: Image) -> Image:
    height, width = crop.shape
    down, across = round(height * _AROUND) + 2, round(width * _AROUND) + 2
    return np.asarray(cv2.copyMakeBorder(crop, down, down, across, across, cv2.BORDER_REPLICATE), np.uint8)


def moved(reading: Reading, place: Box) -> Reading:
    """A reading of a crop on a sheet as one of the crop alone."""
    return replace(reading, corners=reading.corners - np.array([place.x, place.y], np.float32))
