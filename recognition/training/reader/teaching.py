"""Texts for plates that nobody transcribed, as a plate reader of others (MIT-licensed weights) reads them.

A text is kept only if differently cut crops agree, the teacher is sure, and it is written as the set's country writes.
The teacher is cct-xs-v2-global of fast-plate-ocr: uint8 (n, 64, 128, 3) RGB → (n, 10, 37).
"""

import re
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition.training.reader import photographs
from recognition.training.reader.photographs import Box, Picture

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
WRITTEN = {
    "br_cars": r"[A-Z]{3}[0-9][0-9A-Z][0-9]{2}",
    "ro_dashcam": r"[A-Z]{1,2}[0-9]{2,3}[A-Z]{3}",
    "in_phone": r"[A-Z]{2}[0-9]{1,2}[A-Z]{1,3}[0-9]{4}",
}
SURE = 0.85


def label(plates: Path, teacher: Path) -> dict[str, str]:
    """Texts by "set/file" for the plates of the sets without texts."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(teacher), options, providers=["CPUExecutionProvider"])
    found = {}
    for name, written in WRITTEN.items():
        for file, _, box in photographs.rows(plates / name):
            picture = photographs.picture_of(plates / name / "images" / file)
            text = agreed(session, picture, box)
            if text and re.fullmatch(written, text):
                found[f"{name}/{file}"] = text
    return found


def agreed(session: onnxruntime.InferenceSession, picture: Picture, box: Box) -> str | None:
    """The text that two of three crops agree on and are sure of; None otherwise."""
    crops = np.stack([_crop(picture, box, share) for share in (0.01, 0.06, 0.13)])
    slots = np.asarray(session.run(None, {session.get_inputs()[0].name: crops})[0])
    texts = ["".join(CHARACTERS[column] for column in row).rstrip("_") for row in slots.argmax(axis=2)]
    sure = slots.max(axis=2).mean(axis=1)
    for text in set(texts):
        likes = [index for index, other in enumerate(texts) if other == text]
        if len(likes) >= 2 and max(sure[likes]) > SURE:
            return text
    return None


def _crop(picture: Picture, box: Box, share: float) -> NDArray[np.uint8]:
    x, y, width, height = box
    dx, dy = width * share, height * share
    rows, columns = picture.shape[:2]
    part = picture[
        max(0, int(y - dy)) : min(rows, int(y + height + dy) + 1),
        max(0, int(x - dx)) : min(columns, int(x + width + dx) + 1),
    ]
    return np.asarray(cv2.cvtColor(cv2.resize(part, (128, 64)), cv2.COLOR_BGR2RGB), np.uint8)
