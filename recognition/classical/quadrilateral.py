"""Locating by outline: the largest four-cornered contours of a bilaterally filtered, Canny-edged picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from recognition.reads import Box, Image
from recognition.stages import NoStages, Stages

_WIDTH = 480
_CORNERS = 4
_TOLERANCE = 0.018, 0.03  # of the outline's length
_LONGEST_LIST = 30
_MARGIN = 0.05, 0.10


def locate(grey: Image, most: int = 3, stages: Stages | None = None) -> list[Box]:
    """Boxes around four-cornered outlines wider than high, the largest first."""
    stages = stages or NoStages()
    height, width = grey.shape
    factor = min(1.0, _WIDTH / width)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    edges = cv2.Canny(cv2.bilateralFilter(small, 7, 17, 17), 30, 200).astype(np.uint8, copy=False)
    stages.add("quadrilateral-edges", edges)
    outlines, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    largest = sorted(outlines, key=cv2.contourArea, reverse=True)[:_LONGEST_LIST]
    boxes: list[Box] = []
    for outline in largest:
        box = _enlarged(cv2.boundingRect(outline), factor)
        if _four_cornered(outline) and _plausible(box, width) and all(box.overlap(other) < 0.5 for other in boxes):
            boxes.append(box)
    return [box.grown(*_MARGIN, width, height) for box in boxes[:most]]


def _four_cornered(outline: np.ndarray) -> bool:
    length = cv2.arcLength(outline, True)
    return any(len(cv2.approxPolyDP(outline, part * length, True)) == _CORNERS for part in _TOLERANCE)


def _enlarged(rectangle: Sequence[int], factor: float) -> Box:
    return Box(*(round(value / factor) for value in rectangle))


def _plausible(box: Box, width: int) -> bool:
    return 1.1 <= box.w / max(box.h, 1) <= 7 and 0.05 * width <= box.w <= 0.9 * width
