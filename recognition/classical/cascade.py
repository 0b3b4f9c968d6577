"""Locating by a trained cascade of Haar features, `haarcascade_russian_plate_number`, which OpenCV's wheel brings."""

from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from recognition.reads import Box, Image

_FILE = "haarcascade_russian_plate_number.xml"
_WIDTH = 512  # the frame is searched at this width: enough for a plate of a twelfth of it
_SMALLEST = (40, 13)
_MARGIN = 0.12, 0.20  # the cascade was trained on tight boxes
_LOCK = Lock()  # a classifier keeps its working pictures: one thread at a time


@cache
def _cascade() -> cv2.CascadeClassifier:
    path = Path(cv2.__file__).parent / "data" / _FILE
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise RuntimeError(f"OpenCV's cascade {path} cannot be loaded")
    return cascade


def locate(grey: Image, most: int = 4) -> list[Box]:
    """Boxes of what looks like a plate, the surest first."""
    height, width = grey.shape
    factor = min(1.0, _WIDTH / width)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    with _LOCK:
        boxes, _, weights = _cascade().detectMultiScale3(
            small, scaleFactor=1.15, minNeighbors=2, minSize=_SMALLEST, outputRejectLevels=True
        )
    surest = np.argsort(np.asarray(weights).ravel())[::-1][:most]
    found = [Box(*(int(value / factor) for value in boxes[index])) for index in surest]
    return [box.grown(*_MARGIN, width, height) for box in found]
