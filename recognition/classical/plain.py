"""Cascade, crop, Tesseract, and nothing else: what the classical engine is measured against."""

import cv2
import numpy as np

from recognition.classical import cascade
from recognition.classical.ocr import Ocr
from recognition.formats import LONGEST, SHORTEST, match_format
from recognition.reads import Box, Image, Read, certain, text_score

_HEIGHT = 80  # pixels of a crop's height: Tesseract wants letters of about 30


def read(ocr: Ocr, grey: Image, crops: bool) -> list[Read]:
    """What Tesseract reads in the cascade's boxes (or in the whole picture, where it is a crop), the best first."""
    boxes = [Box(0, 0, grey.shape[1], grey.shape[0])] if crops else cascade.locate(grey)
    reads = [read for box in boxes if (read := _read(ocr, grey, box))]
    return sorted(reads, key=lambda each: each.score, reverse=True)


def _read(ocr: Ocr, grey: Image, box: Box) -> Read | None:
    part = grey[box.y : box.y + box.h, box.x : box.x + box.w]
    factor = _HEIGHT / box.h
    crop = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
    (symbols,) = ocr.lines([crop])
    text = "".join(symbol.character for symbol in symbols)
    if not SHORTEST <= len(text) <= LONGEST:
        return None
    probabilities = certain(text, [min(max(symbol.confidence, 1 / 36), 0.999) for symbol in symbols])
    row = match_format(text)
    return Read(box, text, probabilities, text_score(text, probabilities), row.name if row else None)
