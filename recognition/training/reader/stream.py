"""An endless, seeded stream of batches, made in a process of its own beside the training."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from recognition.cancela.decoding import SLOTS
from recognition.training.drawing import DrawnPlate, draw_negative, draw_style
from recognition.training.reader.photographs import Photograph, Picture
from recognition.training.reader.samples import Sample, drawn, photographed, without_plate
from recognition.training.reader.splicing import Letters, Spliceable, spliced

T = TypeVar("T")

BANK = 3000  # drawn plates that are in use at a time
FRESH = 0.15  # of the drawn samples show a plate drawn for them; the others a further view of one in use


class Batch(NamedTuple):
    """Stacked samples: canvas (n, 1, 128, 192) float, corners (n, 4, 2), box (n, 4), slots (n, 10), presence (n,)."""

    canvas: Tensor
    corners: Tensor
    box: Tensor
    slots: Tensor
    presence: Tensor


@dataclass(frozen=True)
class Mixture:
    """What a sample shows, in parts: drawn plates (by style), photographs (by set), these with new texts, nothing."""

    drawn: dict[str, float]
    photographs: dict[str, float]
    spliced: float
    nothing: float


@dataclass(frozen=True)
class Material:
    """What samples are made of; `plates` and `letters` are needed where the mixture has spliced ones."""

    photographs: list[Photograph]
    grounds: list[Picture]
    plates: list[Spliceable] = field(default_factory=list)
    letters: Letters = field(default_factory=Letters)


class Samples(IterableDataset[Sample]):
    """Samples by chance from a seed; `Mixture` says of what."""

    def __init__(self, material: Material, mixture: Mixture, seed: int) -> None:
        self.material = material
        self.by_set = {name: [p for p in material.photographs if p.source == name] for name in mixture.photographs}
        self.grey = [np.asarray(cv2.cvtColor(ground, cv2.COLOR_BGR2GRAY), np.uint8) for ground in material.grounds]
        self.mixture = mixture
        self.seed = seed

    def __iter__(self) -> Iterator[Sample]:
        rng = np.random.default_rng(self.seed)
        bank: list[DrawnPlate] = []
        mixture = self.mixture
        kinds = ["drawn", "spliced", "nothing", *self.by_set]
        shares = np.array(
            [sum(mixture.drawn.values()), mixture.spliced, mixture.nothing, *mixture.photographs.values()]
        )
        while True:
            yield self._sample(rng, kinds[rng.choice(len(kinds), p=shares / shares.sum())], bank)

    def _sample(self, rng: np.random.Generator, kind: str, bank: list[DrawnPlate]) -> Sample:
        if kind == "drawn":
            return self._drawn(rng, bank)
        if kind == "nothing":
            return without_plate(rng, self._nothing(rng))
        if kind == "spliced":
            chosen = spliced(rng, _any(rng, self.material.plates), self.material.letters)
        else:
            chosen = _any(rng, self.by_set[kind])
        return photographed(rng, chosen.patch, chosen.box, chosen.text)

    def _drawn(self, rng: np.random.Generator, bank: list[DrawnPlate]) -> Sample:
        if len(bank) < BANK and (len(bank) < 64 or rng.random() < 0.5):
            bank.append(self._short(rng))
            plate = bank[-1]
        else:
            index = int(rng.integers(len(bank)))
            if rng.random() < FRESH:
                bank[index] = self._short(rng)
            plate = bank[index]
        return drawn(rng, plate.image, plate.text, _any(rng, self.grey))

    def _short(self, rng: np.random.Generator) -> DrawnPlate:
        """A drawn plate whose text the slots can hold."""
        styles, shares = zip(*self.mixture.drawn.items(), strict=True)
        style = styles[rng.choice(len(styles), p=np.array(shares) / sum(shares))]
        while len((plate := draw_style(style, rng)).text) > SLOTS:
            pass
        return plate

    def _nothing(self, rng: np.random.Generator) -> Picture:
        if rng.random() < 0.35:
            return np.asarray(draw_negative(rng), np.uint8)
        return _any(rng, self.material.grounds)


def _any(rng: np.random.Generator, things: list[T]) -> T:
    return things[int(rng.integers(len(things)))]


def stacked(samples: list[Sample]) -> Batch:
    """One batch of samples."""
    return Batch(
        torch.from_numpy(np.stack([sample.canvas for sample in samples])[:, None]).float(),
        torch.from_numpy(np.stack([sample.corners for sample in samples])),
        torch.from_numpy(np.stack([sample.box for sample in samples])),
        torch.from_numpy(np.stack([sample.slots for sample in samples])),
        torch.tensor([sample.presence for sample in samples]),
    )


def batches(samples: Samples, size: int) -> Iterator[Batch]:
    """Endless batches; one worker, so that the order depends on the seed alone."""
    settings = {"num_workers": 1, "prefetch_factor": 6, "multiprocessing_context": "fork"}
    return iter(DataLoader(samples, size, collate_fn=stacked, **settings))
