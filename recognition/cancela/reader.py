"""Boxes of a frame → corners → rectified plates → characters: two small networks, all boxes of a frame together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition import networks
from recognition.cancela.cropping import cut, surroundings
from recognition.quality import CROP
from recognition.reads import Box, Image

WEIGHTS = Path(__file__).parent / "weights"
PLATE = (48, 192)  # rows, columns of a rectified plate as the network sees it: ten narrow letters need the columns
MARGIN = (3.0, 6.0)  # of these, beyond the plate's corners
# A second look starts from the corners that the first found, so that a bad box costs little; both count. It is not
# worth its time where the first saw no plate, nor where it was as sure of the whole text as this.
HOPELESS = 0.3
SURE = 0.95

Floats = NDArray[np.float32]
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the networks see in one box.

    `corners` (4, 2) in pixels of the frame, clockwise from the plate's top left. `crop` (48, 128) uint8, rectified.
    `characters` (10, 37): a distribution a slot over `ALPHABET` and, last, "nothing". `presence`, 0..1: a whole plate.
    """

    corners: Floats
    crop: Image
    characters: Floats
    presence: float


class TextReader:
    """Loads corners.onnx and text.onnx once. May be shared by threads; keeps nothing between calls."""

    def __init__(self, weights: Path | None = None, threads: int = 1) -> None:
        folder = weights or WEIGHTS
        self._corners = _session(folder / "corners.onnx", threads)
        self._text = _session(folder / "text.onnx", threads)

    def read(self, frame: Image, boxes: Sequence[Box]) -> list[Reading]:
        """One reading a box; `frame` is uint8, grey (rows, columns) or BGR (rows, columns, 3)."""
        readings = self._pass(frame, [(float(box.x), float(box.y), float(box.w), float(box.h)) for box in boxes])
        again = [index for index, reading in enumerate(readings) if reading.presence > HOPELESS and _doubtful(reading)]
        seconds = self._pass(frame, [_bounds(readings[index].corners) for index in again])
        for index, second in zip(again, seconds, strict=True):
            readings[index] = _both(readings[index], second)
        return readings

    def _pass(self, frame: Image, regions: Sequence[Region]) -> list[Reading]:
        """What the networks see in regions (x, y, width, height), all of them together."""
        if not regions:
            return []
        corners, crops = self._rectify(frame, regions)
        characters, presence = self._text.run(None, {"plate": crops[:, None].astype(np.float32)})
        return [
            Reading(quadrilateral, _shown(crop), slots, float(present))
            for quadrilateral, crop, slots, present in zip(
                corners, crops, np.asarray(characters), np.asarray(presence), strict=True
            )
        ]

    def _rectify(self, frame: Image, regions: Sequence[Region]) -> tuple[Floats, Image]:
        """The corners (n, 4, 2) in pixels of the frame, and the rectified plates (n, 48, 192)."""
        pairs = [cut(frame, surroundings(*region)) for region in regions]
        canvases = np.stack([canvas for canvas, _ in pairs])
        shares = np.asarray(self._corners.run(None, {"canvas": canvases[:, None].astype(np.float32)})[0])
        sides = np.array([canvases.shape[2], canvases.shape[1]], np.float32)
        crops = [flattened(canvas, share * sides) for canvas, share in zip(canvases, shares, strict=True)]
        shown = np.stack([window for _, window in pairs])
        return shares * shown[:, None, 2:] + shown[:, None, :2], np.stack(crops)


def flattened(canvas: Image, corners: Floats) -> Image:
    """The plate (48, 192) between corners given in pixels of the canvas, seen from the front."""
    rows, columns = PLATE
    left, top, right, bottom = MARGIN[1], MARGIN[0], columns - MARGIN[1], rows - MARGIN[0]
    target = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32) - 0.5
    turn = cv2.getPerspectiveTransform((corners - 0.5).astype(np.float32), target)
    flat = cv2.warpPerspective(canvas, turn, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def _shown(plate: Image) -> Image:
    """The rectified plate as it is kept and measured, whatever the network's own size (48, 128)."""
    return np.asarray(cv2.resize(plate, CROP, interpolation=cv2.INTER_AREA), np.uint8)


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return networks.load(path, options)


def _bounds(corners: Floats) -> Region:
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), max(4.0, float(high[0] - low[0])), max(3.0, float(high[1] - low[1]))


def _doubtful(reading: Reading) -> bool:
    return float(np.prod(reading.characters.max(axis=1))) < SURE


def _both(first: Reading, second: Reading) -> Reading:
    """Two looks at one plate: corners and crop of the second, distributions multiplied, each counting half."""
    characters = np.sqrt(first.characters * second.characters) + 1e-9
    shares = characters / characters.sum(axis=1, keepdims=True)
    return Reading(second.corners, second.crop, shares.astype(np.float32), (first.presence + second.presence) / 2)
