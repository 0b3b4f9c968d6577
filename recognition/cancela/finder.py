"""Where the plates are in a picture: a small fully convolutional network on a reduced copy of the frame."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition import networks
from recognition.reads import Box, Image

WEIGHTS = Path(__file__).parent / "weights" / "finder.onnx"
LONG_SIDE = 448  # finds more small plates than 416 does, for 0.7 ms; 512 adds false boxes
STRIDES = (8, 16)
UNIT = 4.0  # a size of 0 in the network's logarithm means this many cells
PADDING = 114  # the grey of the margin that the network was trained with
_MULTIPLE = 32

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """A place that looks like a plate: its box in pixels of the picture and the network's score, 0..1."""

    box: Box
    score: float


class Finder:
    """Finds plates of any country, one or two lines, from 2.5 % to 90 % of the frame's width.

    The threshold is low on purpose: a missed plate is lost, a false one is rejected by the reader. Calls from several
    threads at once are safe.
    """

    def __init__(
        self, weights: Path | None = None, threads: int = 1, *, threshold: float = 0.25, most: int = 5
    ) -> None:
        """Raise `FileNotFoundError` where the weights are not there."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = networks.load(weights or WEIGHTS, options)
        self._threshold = threshold
        self._most = most

    def find(self, image: Image) -> list[Found]:
        """Plates in height × width × 3 BGR bytes (or height × width grey), best first, overlaps removed."""
        if image.ndim == 2:
            image = np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), np.uint8)
        canvas, scale = fitted(image)
        maps = self._session.run(None, {"picture": blocks(canvas)})
        boxes, scores = decode(maps, self._threshold)
        kept = suppress(boxes, scores, self._most)
        height, width = image.shape[:2]
        return [Found(_box(boxes[i] / scale, width, height), float(scores[i])) for i in kept]


def fitted(image: Image, long_side: int = LONG_SIDE) -> tuple[Image, float]:
    """The picture reduced (or enlarged) to `long_side`, padded right and below to whole strides; and its scale."""
    height, width = image.shape[:2]
    scale = long_side / max(height, width)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    while min(image.shape[0] // down, image.shape[1] // across) >= 2:
        image = halved(image)
    canvas = np.full((_whole(down), _whole(across), 3), PADDING, np.uint8)
    canvas[:down, :across] = cv2.resize(image, (across, down), interpolation=cv2.INTER_LINEAR)
    return canvas, scale


def halved(image: Image) -> Image:
    """Half the size, every pixel the mean of four: OpenCV has a fast path for exactly this ratio."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    half = cv2.resize(image[: height * 2, : width * 2], (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8)


def blocks(canvas: Image) -> Image:
    """Pixels in blocks of two by two: 1 × 12 × half the height × half the width, channel (2 * y + x) * 3 + colour."""
    rows, columns = canvas.shape[0] // 2, canvas.shape[1] // 2
    parts = canvas.reshape(rows, 2, columns, 2, 3).transpose(1, 3, 4, 0, 2)
    return np.ascontiguousarray(parts).reshape(1, 12, rows, columns)


def decode(maps: list[Floats], threshold: float, most: int = 60) -> tuple[Floats, Floats]:
    """The network's maps, one for each of `STRIDES`, as boxes (n × 4: left, top, right, bottom) and scores (n).

    A map is 1 × 5 × rows × columns: score (logit), offset of the centre from the cell's (cells), and size
    (logarithm, in `UNIT` cells). At most `most` boxes of a map, the best.
    """
    parts = [_decode_one(one[0], stride, threshold, most) for one, stride in zip(maps, STRIDES, strict=True)]
    return np.concatenate([boxes for boxes, _ in parts]), np.concatenate([scores for _, scores in parts])


def _decode_one(one: Floats, stride: int, threshold: float, most: int) -> tuple[Floats, Floats]:
    logits = one[0].ravel()
    chosen = np.flatnonzero(logits > np.log(threshold / (1 - threshold)))
    if len(chosen) > most:
        chosen = chosen[np.argpartition(-logits[chosen], most)[:most]]
    rows, columns = np.divmod(chosen, one.shape[2])
    dx, dy, across, down = one[1:].reshape(4, -1)[:, chosen]
    x, y = (columns + 0.5 + dx) * stride, (rows + 0.5 + dy) * stride
    half = np.exp(np.minimum([across, down], 5.0)) * (UNIT * stride / 2)
    boxes = np.stack([x - half[0], y - half[1], x + half[0], y + half[1]], 1).astype(np.float32)
    return boxes, (1 / (1 + np.exp(-logits[chosen]))).astype(np.float32)


def suppress(boxes: Floats, scores: Floats, most: int, overlap: float = 0.4) -> list[int]:
    """Indices of the boxes to keep, best first: none overlaps a better one by more than `overlap` of the smaller."""
    kept: list[int] = []
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 1e-6), axis=1)
    for index in np.argsort(-scores, kind="stable"):
        if len(kept) == most:
            break
        shared = _shared(boxes[index], boxes[kept])
        if not np.any(shared > overlap * np.minimum(areas[index], areas[kept])):
            kept.append(int(index))
    return kept


def _shared(box: Floats, others: Floats) -> Floats:
    """Areas of the intersections of one box with each of the others."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    areas: Floats = np.prod(np.maximum(high - low, 0), axis=1)
    return areas


def _box(edges: Floats, width: int, height: int) -> Box:
    left, top = max(0, round(float(edges[0]))), max(0, round(float(edges[1])))
    right, bottom = min(width, round(float(edges[2]))), min(height, round(float(edges[3])))
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _whole(pixels: int) -> int:
    return -(-pixels // _MULTIPLE) * _MULTIPLE
