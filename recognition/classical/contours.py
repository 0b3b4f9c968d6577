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


@dataclass(frozen=True, slots=True)
class Limits:
    """The aspect ratio, width over height, that a plate's box may have."""

    least: float = 1.3
    most: float = 7.0


def locate(grey: Image, limits: Limits | None = None, most: int = 5, stages: Stages | None = None) -> list[Box]:
    """Boxes of plate-like patches, those with the most edges first."""
    limits, stages = limits or Limits(), stages or NoStages()
    height, width = grey.shape
    factor = min(1.0, _WIDTH / width)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    edges = _writing(small.astype(np.uint8, copy=False))
    patches = _patches(edges, _light(small.astype(np.uint8, copy=False)))
    stages.add("contours-edges", edges)
    stages.add("contours-patches", patches)
    boxes = [box for box in _boxes(patches) if _plausible(box, limits, patches.size)]
    boxes.sort(key=lambda box: int(edges[box.y : box.y + box.h, box.x : box.x + box.w].sum()), reverse=True)
    return [_enlarged(box, factor).grown(*_MARGIN, width, height) for box in boxes[:most]]


def _writing(grey: Image) -> Image:
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (17, 7))
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    edges = np.abs(cv2.Scharr(dark, cv2.CV_32F, 1, 0))
    edges = edges / max(float(np.percentile(edges, 99.5)), 1.0) * 255
    return np.clip(edges, 0, 255).astype(np.uint8)


def _light(grey: Image) -> Image:
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel)
    _, light = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return cv2.dilate(light, np.ones((9, 9), np.uint8)).astype(np.uint8, copy=False)


def _patches(edges: Image, light: Image) -> Image:
    smooth = cv2.GaussianBlur(edges, (5, 5), 0)
    closed = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (17, 5)))
    _, patches = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    patches = cv2.morphologyEx(patches, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return cv2.bitwise_and(patches, light).astype(np.uint8, copy=False)


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
