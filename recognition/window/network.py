"""The trained network at run time: where a picture shows plates, and what their characters are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from recognition import networks
from recognition.reads import Image, Probabilities
from recognition.window.geometry import CUT, STRIDE, WINDOW, levels

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Window:
    """A place at which the window shows a plate: left, top, right and bottom in pixels of the picture.

    `presence`, 0..1, is the network's probability, `cut` (80, 144) what it saw.
    """

    edges: tuple[float, float, float, float]
    presence: float
    cut: Image


class Network:
    """Two ONNX files of one training: presence.onnx slides, characters.onnx reads. Threads may share one object."""

    def __init__(self, weights: Path | None = None, threads: int = 1) -> None:
        """Raise `FileNotFoundError` where the weights are not there."""
        folder = weights or WEIGHTS
        self._presence = _session(folder / "presence.onnx", threads)
        self._characters = _session(folder / "characters.onnx", threads)

    def slide(self, grey: Image, threshold: float, most: int) -> list[Window]:
        """The windows of all scales that show a plate with at least that probability, the surest first."""
        found = [window for scale, level in levels(grey) for window in self._at(scale, level, threshold)]
        return sorted(found, key=lambda window: window.presence, reverse=True)[:most]

    def _at(self, scale: float, level: Image, threshold: float) -> list[Window]:
        (answer,) = self._presence.run(None, {"cut": level[None, None].astype(np.float32)})
        places = np.asarray(answer)[0, 1:-1, 1:-1]  # those at the rim have no whole cut
        chosen = np.argwhere(places >= threshold)
        return [_window(level, int(row), int(column), scale, float(places[row, column])) for row, column in chosen]

    def characters(self, cuts: Sequence[Image]) -> Probabilities:
        """The probabilities (n, 7, 36) of the characters of cuts (80, 144)."""
        (answer,) = self._characters.run(None, {"cut": np.stack(cuts)[:, None].astype(np.float32)})
        return np.asarray(answer, np.float32)


def _window(level: Image, row: int, column: int, scale: float, presence: float) -> Window:
    """The window at a place of a level; the level begins one margin above and left of the picture, as the cut does."""
    top, left = row * STRIDE, column * STRIDE
    edges = (left / scale, top / scale, (left + WINDOW[1]) / scale, (top + WINDOW[0]) / scale)
    return Window(edges, presence, level[top : top + CUT[0], left : left + CUT[1]])


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return networks.load(path, options)
