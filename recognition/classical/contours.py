"""Locating by morphology: dark writing on a light ground has many upright edges close together.

Black-hat finds the writing, Scharr its upright edges, closing joins them to a patch, a mask of what is light keeps
patches that lie on a light ground, and the aspect ratio of what remains decides.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from recognition.reads import Box, Image
from recognition.stages import NoStages, Stages

_WIDTH = 640
_LARGEST = 0.25  # of the frame's area
_SMALLEST = 40 * 10  # pixels at the working width
_MARGIN = 0.10, 0.25
_FINE, _COARSE = (17, 5), (25, 7)
_SAME = 0.7  # overlap at which two passes have found one patch


@dataclass(frozen=True, slots=True)
class Limits:
    """The aspect ratio, width over height, that a plate's box may have. Raises `ValueError` where none could."""

    least: float = 1.3
    most: float = 7.0

    def __post_init__(self) -> None:
        if not 0 < self.least < self.most:
            raise ValueError(f"No plate is between {self.least:g} and {self.most:g} times as wide as high.")


def locate(grey: Image, limits: Limits | None = None, most: int = 8, stages: Stages | None = None) -> list[Box]:
    """Boxes of plate-like patches, those with the most edges first, found with a fine and with a coarse closing."""
    limits, stages = limits or Limits(), stages or NoStages()
    height, width = grey.shape
    factor = min(1.0, _WIDTH / width)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    edges = _writing(small.astype(np.uint8, copy=False))
    light = _light(small.astype(np.uint8, copy=False))
    stages.add("contours-edges", edges)
    boxes: list[Box] = []
    for name, patches in (
        ("fine", cv2.bitwise_and(_patches(edges, _FINE), light)),
        ("coarse", _patches(edges, _COARSE)),
    ):
        stages.add(f"contours-{name}", patches.astype(np.uint8, copy=False))
        for box in _boxes(patches.astype(np.uint8, copy=False)):
            if _plausible(box, limits, patches.size) and all(box.overlap(other) < _SAME for other in boxes):
                boxes.append(box)
    boxes.sort(key=lambda box: int(edges[box.y : box.y + box.h, box.x : box.x + box.w].sum()), reverse=True)
    return [_enlarged(box, factor).grown(*_MARGIN, width, height) for box in boxes[:most]]


def _writing(grey: Image) -> Image:
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (17, 7))
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    edges = np.abs(cv2.Scharr(dark, cv2.CV_32F, 1, 0))
    edges = edges / max(float(np.percentile(edges, 99.5)), 1.0) * 255
    return np.clip(edges, 0, 255).astype(np.uint8)


def _light(grey: Image) -> Image:
    """What is lighter than its surroundings: a plate in the shade is darker than the road in the sun."""
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    light = cv2.adaptiveThreshold(closed, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 101, 0)
    return cv2.dilate(light, np.ones((5, 5), np.uint8)).astype(np.uint8, copy=False)


def _patches(edges: Image, closing: tuple[int, int]) -> Image:
    """The edges joined to patches by a closing of that width and height."""
    smooth = cv2.GaussianBlur(edges, (5, 5), 0)
    closed = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, closing))
    _, patches = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return cv2.morphologyEx(patches, cv2.MORPH_OPEN, np.ones((3, 7), np.uint8)).astype(np.uint8, copy=False)


def _boxes(patches: Image) -> list[Box]:
    outlines, _ = cv2.findContours(patches, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [Box(*(int(value) for value in cv2.boundingRect(outline))) for outline in outlines]


def _plausible(box: Box, limits: Limits, frame: int) -> bool:
    return limits.least <= box.w / box.h <= limits.most and _SMALLEST <= box.area <= _LARGEST * frame


def _enlarged(box: Box, factor: float) -> Box:
    return Box(*(round(value / factor) for value in (box.x, box.y, box.w, box.h)))


def clear_border(ink: Image) -> Image:
    """The ink without what touches the picture's edge: frames, shadows, the car's body."""
    _, labels = cv2.connectedComponents(ink, connectivity=8)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.where(np.isin(labels, touching), 0, ink).astype(np.uint8)
