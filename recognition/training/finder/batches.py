"""Endless batches, each made from the seed and its own number alone, so that a stopped training goes on as it was."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from recognition.reads import Image
from recognition.training.finder.looks import seen
from recognition.training.finder.pasting import Stock, paste
from recognition.training.finder.pictures import Picture
from recognition.training.finder.scenes import Scene, scene_of
from recognition.training.finder.targets import targets_of

# Height, width and pictures of a batch, and how often it comes. Small canvases hold as many plates as large ones and
# cost half as much.
SHAPES = (
    (320, 416, 16, 0.32),
    (256, 416, 20, 0.14),
    (416, 320, 16, 0.05),
    (416, 416, 12, 0.04),
    (224, 288, 32, 0.30),
    (256, 256, 32, 0.15),
)
SHARES = {"br_street": 0.26, "br_cars": 0.25, "ro_dashcam": 0.2, "in_phone": 0.14, "background": 0.15}


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures n × height × width × 3, and for each stride the wanted maps n × 7 × rows × columns."""

    pictures: Tensor
    wanted: list[Tensor]


class Batches(IterableDataset[Batch]):
    def __init__(self, pictures: list[Picture], seed: int, first: int) -> None:
        self._by_source = {name: [p for p in pictures if p.source == name] for name in SHARES}
        self._seed, self._first = seed, first

    def __iter__(self) -> Iterator[Batch]:
        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        number = self._first
        while True:
            yield self.batch(np.random.default_rng([self._seed, number]))
            number += 1

    def batch(self, rng: np.random.Generator) -> Batch:
        height, width, count, _ = SHAPES[rng.choice(len(SHAPES), p=[shape[3] for shape in SHAPES])]
        stock = Stock.drawn(rng)
        examples = [self.example(height, width, stock, rng) for _ in range(count)]
        wanted = [targets_of(scene.plates, scene.ignored, height, width) for _, scene in examples]
        pictures = torch.from_numpy(np.stack([picture for picture, _ in examples]))
        return Batch(pictures, [torch.from_numpy(np.stack(maps)) for maps in zip(*wanted, strict=True)])

    def example(self, height: int, width: int, stock: Stock, rng: np.random.Generator) -> tuple[Image, Scene]:
        """What the camera delivered, and the scene behind it."""
        ground = self._one("background", rng) if self._by_source["background"] else None
        scene = paste(scene_of(self._one(self._source(rng), rng), height, width, rng, ground), stock, rng)
        return seen(scene, rng), scene

    def _source(self, rng: np.random.Generator) -> str:
        names = [name for name in SHARES if self._by_source[name]]
        shares = np.array([SHARES[name] for name in names])
        return names[rng.choice(len(names), p=shares / shares.sum())]

    def _one(self, source: str, rng: np.random.Generator) -> Picture:
        pictures = self._by_source[source]
        return pictures[rng.integers(len(pictures))]


def loader(pictures: list[Picture], seed: int, first: int) -> DataLoader[Batch]:
    """Batches from `first` on, made in a process of their own."""
    return DataLoader(Batches(pictures, seed, first), batch_size=None, num_workers=1, prefetch_factor=6)
