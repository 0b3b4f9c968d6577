"""Training of the finder, the network that says where the plates of a frame are."""

from pathlib import Path

import cv2

from recognition.training.finder.exporting import export
from recognition.training.finder.loop import train
from recognition.training.finder.pictures import load, load_backgrounds


def train_finder(
    plates: Path, work: Path, minutes: float | None = None, seed: int = 1, backgrounds: Path | None = None
) -> Path:
    """Train on the sets under `plates` and write `work`/finder.onnx; `work` also keeps what a restart needs.

    `backgrounds` may hold photographs (*.jpg) without plates; without it a few more false boxes are found.
    """
    cv2.setNumThreads(0)  # before any work: a pool of threads does not survive the fork of the loader
    work.mkdir(parents=True, exist_ok=True)
    pictures = load(plates) + load_backgrounds(backgrounds)
    training = train(pictures, load(plates, development=True), work, minutes, seed)
    return export(training.mean, pictures, work)
