"""The peer: the weights that `fast-alpr` installs, run as that package runs them, with nothing around them.

So it can be measured where the package is not installed, and no wrapper slows it down. Detection: letterboxed to
416 × 416, kept from a confidence of 0.4 up, the package's default. Reading: the box, stretched to 128 × 64.
"""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition.reads import ALPHABET, Box, Image, Look, Read, certain

DETECTOR, READER = "yolo-v9-t-416-license-plates-end2end1.onnx", "cct_xs_v2_global.onnx"
READER_CONFIG = "cct_xs_v2_global_plate_config.yaml"
_SLOTS, _SIDE, _PLATE = 10, 416, (128, 64)
_LEAST = 0.4
_GREY = (114, 114, 114)


class Peer:
    """A `PlateReader`. `crops`: the picture is a plate already. Raises `FileNotFoundError` without the weights."""

    name, version = "fast-alpr's weights", "yolo-v9-t-416, cct-xs-v2"

    def __init__(self, models: Path, *, crops: bool = False) -> None:
        cv2.setNumThreads(1)
        self._crops = crops
        self._detector, self._reader = _session(models / DETECTOR), _session(models / READER)

    def read(self, image: Image) -> list[Read]:
        boxes = [Box(0, 0, image.shape[1], image.shape[0])] if self._crops else self._boxes(image)
        reads = [self._text(image, box) for box in boxes if box.area > 0]
        return [read for read in reads if read.text]

    def look(self, image: Image) -> Look:
        return Look(self.read(image))

    def _boxes(self, image: Image) -> list[Box]:
        height, width = image.shape[:2]
        batch, scale, left, top = _letterboxed(image)
        (rows,) = self._detector.run(None, {"images": batch})
        sure = rows[rows[:, 6] >= _LEAST][:, 1:5]
        corners = ((sure - [left, top, left, top]) / scale).astype(int)
        corners = np.clip(corners, 0, [width, height, width, height])
        return [Box(int(x), int(y), int(right - x), int(bottom - y)) for x, y, right, bottom in corners]

    def _text(self, image: Image, box: Box) -> Read:
        crop = image[box.y : box.y + box.h, box.x : box.x + box.w]
        fitted = cv2.resize(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), _PLATE, interpolation=cv2.INTER_LINEAR)
        plate, _region = self._reader.run(None, {"input": fitted[None].astype(np.uint8, copy=False)})
        slots = plate.reshape(_SLOTS, len(ALPHABET) + 1)
        text = "".join(f"{ALPHABET}_"[column] for column in slots.argmax(axis=1)).rstrip("_").replace("_", "")
        score = float(slots.max(axis=1).mean())
        return Read(box, text, certain(text, [score] * len(text)), score, None)


def _session(path: Path) -> Any:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _letterboxed(image: Image) -> tuple[NDArray[np.float32], float, float, float]:
    """The batch (1, 3, 416, 416), its scale, and the width of the grey on the left and at the top."""
    height, width = image.shape[:2]
    scale = min(_SIDE / height, _SIDE / width)
    size = round(width * scale), round(height * scale)
    across, down = (_SIDE - size[0]) / 2, (_SIDE - size[1]) / 2
    edges = round(down - 0.1), round(down + 0.1), round(across - 0.1), round(across + 0.1)
    scaled = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    framed = cv2.copyMakeBorder(scaled, *edges, cv2.BORDER_CONSTANT, value=_GREY)
    batch = np.ascontiguousarray(framed.transpose(2, 0, 1)[None, ::-1], np.float32) / np.float32(255)
    return batch, scale, across, down
