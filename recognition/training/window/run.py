"""`train_window`: from the sets of photographs to presence.onnx and characters.onnx."""

from pathlib import Path

import cv2
import numpy as np
import torch

from recognition.training.reader.photographs import grounds
from recognition.training.window import export, loop, photographs
from recognition.training.window.samples import Batch, Samples, photographed, stacked

STEPS = 5_000
_MEASURED = 500  # cuts that the training is watched by


def train_window(plates: Path, work: Path, minutes: float | None, seed: int, texts: Path | None = None) -> Path:
    """Train, resuming what `work` holds, and write presence.onnx, characters.onnx and window-curves.png there.

    `plates` holds the sets of photographs; `texts` is a table (set, file, plate) of what is written on those without
    texts. With `minutes` it trains that long, else `STEPS` steps: then the weights depend on the seed alone. Answers
    `work`.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(seed)
    work.mkdir(parents=True, exist_ok=True)
    state = loop.begin(work)
    known = photographs.texts_of(texts) if texts else {}
    patches = photographs.load(plates, known, checked=False)
    ground = [_grey(each) for each in grounds(plates, np.random.default_rng(seed))]
    samples = Samples(patches, ground, np.random.default_rng((seed, state.step)))
    network = loop.train(state, loop.Plan(STEPS, minutes), samples, _kept_back(plates, known), work)
    export.draw_curves(state.curve, work / "window-curves.png")
    return export.write(network, work)


def _grey(picture: np.ndarray) -> photographs.Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _kept_back(plates: Path, known: dict[str, str]) -> Batch:
    """Always the same cuts of photographs that are not learned from."""
    rng = np.random.default_rng(0)
    patches = photographs.load(plates, known, checked=True)
    return stacked([photographed(rng, patches[index % len(patches)]) for index in range(_MEASURED)])
