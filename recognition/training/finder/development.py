"""How many plates of the development pictures are found, while the training runs."""

import numpy as np
import torch
from numpy.typing import NDArray

from recognition.cancela.finder import decode, fitted, suppress
from recognition.training.finder.network import FinderNetwork, as_input
from recognition.training.finder.pictures import Picture

Floats = NDArray[np.float32]


def recall_of(network: FinderNetwork, pictures: list[Picture], overlap: float = 0.5, most: int = 3) -> float:
    """The part of all plates that one of the `most` best boxes of their picture covers with `overlap`."""
    network.eval()
    hits = [hit for picture in pictures for hit in _hits(network, picture, overlap, most)]
    return float(np.mean(hits)) if hits else 0.0


def overlaps(box: Floats, others: Floats) -> Floats:
    """Intersection over union of one box with each of the others."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.maximum(high - low, 0).prod(1)
    areas = (others[:, 2:] - others[:, :2]).prod(1) + (box[2:] - box[:2]).prod()
    result: Floats = shared / np.maximum(areas - shared, 1e-6)
    return result


def _hits(network: FinderNetwork, picture: Picture, overlap: float, most: int) -> list[bool]:
    canvas, scale = fitted(picture.levels[0])
    with torch.no_grad():
        maps = network(as_input(torch.from_numpy(canvas[None])))
    boxes, scores = decode([one.numpy() for one in maps], 0.05)
    kept = boxes[suppress(boxes, scores, most)] / scale
    return [bool(np.any(overlaps(plate, kept) >= overlap)) for plate in picture.plates]
