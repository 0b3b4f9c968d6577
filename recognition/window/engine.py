"""The engine "window": a window of 128 × 64 pixels, slid over the picture at several scales.

After M. Earl, "Number plate recognition with TensorFlow" (2016), with a network of today: what windows of one plate say
is fused, and read within the formats of plates of seven characters.
"""

from pathlib import Path

import cv2
import numpy as np

from recognition.formats import FORMATS, Format
from recognition.images import grey_of
from recognition.quality import look_at
from recognition.reads import Box, Image, Look, Read, Unread
from recognition.window.decoding import Decoded, decode
from recognition.window.geometry import CUT, WINDOW, scaled
from recognition.window.grouping import Group, fuse, group
from recognition.window.network import Network, Window

_MOST_WINDOWS, _MOST_IN_GROUP, _MOST_GROUPS = 80, 10, 4
_CROP_SHARES = 0.62, 0.70, 0.78  # of the window's width that a crop is brought to


class WindowReader:
    """Plates of seven characters (Brazil, the United Kingdom, others), in one or two lines.

    weights     a folder with presence.onnx and characters.onnx instead of the shipped ones
    crops       the picture is a plate already: do not locate
    threads     of the processor, for each network
    threshold   the probability of presence from which a window counts
    least       the score that a text needs to be answered
    formats     the rows of `formats.FORMATS` that may be answered

    Raises `FileNotFoundError` where weights are missing, `EngineUnavailable` where they are damaged.
    """

    name = "window"
    version = "1"

    def __init__(
        self,
        *,
        weights: Path | None = None,
        crops: bool = False,
        threads: int = 1,
        threshold: float = 0.5,
        least: float = 0.5,
        formats: tuple[Format, ...] = FORMATS,
    ) -> None:
        cv2.setNumThreads(1)
        self._network = Network(weights, threads)
        self._crops, self._threshold, self._least = crops, threshold, least
        self._formats = formats

    def read(self, image: Image) -> list[Read]:
        """The plates of a BGR picture, the best first."""
        return self.look(image).reads

    def look(self, image: Image) -> Look:
        """The same, and the places that look like a plate and could not be read."""
        grey = grey_of(image)
        height, width = grey.shape
        boxes, reads = [], []
        for each in self._groups(grey):
            boxes.append(Box(0, 0, width, height) if self._crops else each.box(width, height))
            decoded = self._decode(each)
            if decoded and decoded.score >= self._least:
                reads.append(_read(decoded, boxes[-1]))
        reads.sort(key=lambda read: read.score, reverse=True)
        return look_at(grey, reads, boxes, otherwise=Unread.FORMAT_UNKNOWN)

    def _groups(self, grey: Image) -> list[Group]:
        if self._crops:
            return [Group([_around(grey, share) for share in _CROP_SHARES])]
        windows = self._network.slide(grey, self._threshold, _MOST_WINDOWS)
        return group(windows, _MOST_IN_GROUP)[:_MOST_GROUPS]

    def _decode(self, plate: Group) -> Decoded | None:
        characters = self._network.characters([window.cut for window in plate.windows])
        return decode(fuse(characters, [window.presence for window in plate.windows]), self._formats)


def _read(decoded: Decoded, box: Box) -> Read:
    return Read(box, decoded.text, decoded.probabilities, decoded.score, decoded.format.name)


def _around(crop: Image, share: float) -> Window:
    """The window in whose middle a crop lies, taking `share` of its width or of its height."""
    factor = min(share * WINDOW[1] / crop.shape[1], share * WINDOW[0] / crop.shape[0])
    plate = scaled(crop, factor)
    above, left = ((full - side) // 2 for full, side in zip(CUT, plate.shape, strict=True))
    below, right = CUT[0] - above - plate.shape[0], CUT[1] - left - plate.shape[1]
    cut = cv2.copyMakeBorder(plate, above, below, left, right, cv2.BORDER_REPLICATE)
    height, width = crop.shape
    return Window((0, 0, width, height), 1.0, cut.astype(np.uint8, copy=False))
