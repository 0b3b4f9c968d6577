"""What the two networks are punished for."""

import torch
from torch import Tensor
from torch.nn import functional

from recognition.cancela.decoding import BLANK
from recognition.training.reader.stream import Batch

CORNERS, BOX, TEXT, PRESENCE, COUNT = 12.0, 2.0, 1.0, 0.5, 0.15


def corner_loss(corners: Tensor, batch: Batch) -> Tensor:
    """Smooth distance from marked corners; where only a box is known, of the corners' bounding box from it."""
    marked = ~batch.corners[:, 0, 0].isnan()
    boxed = ~batch.box[:, 0].isnan()
    loss = corners.new_zeros(())
    if marked.any():
        share = marked.float().mean()
        loss = loss + CORNERS * share * functional.smooth_l1_loss(corners[marked], batch.corners[marked], beta=0.02)
    if boxed.any():
        own = torch.cat([corners.amin(dim=1), corners.amax(dim=1)], dim=1)[boxed]
        loss = loss + BOX * boxed.float().mean() * functional.smooth_l1_loss(own, batch.box[boxed], beta=0.05)
    return loss


def text_loss(characters: Tensor, batch: Batch) -> Tensor:
    """Cross entropy over all slots with a known character; blanks weigh less, there are many of them."""
    weight = characters.new_ones(characters.shape[2])
    weight[-1] = 0.3
    return functional.cross_entropy(characters.flatten(0, 1), batch.slots.flatten(), weight, ignore_index=-100)


def presence_loss(presence: Tensor, batch: Batch) -> Tensor:
    return functional.binary_cross_entropy_with_logits(presence, batch.presence)


def count_loss(count: Tensor, batch: Batch) -> Tensor:
    """Distance of the counted characters from those of known texts."""
    known = batch.slots[:, 0] >= 0
    true = ((batch.slots >= 0) & (batch.slots < BLANK)).sum(dim=1).float()
    return functional.smooth_l1_loss(count[known], true[known], beta=0.5) if known.any() else count.new_zeros(())


def total(corners: Tensor, seen: tuple[Tensor, Tensor, Tensor], batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """The weighted sum, and its parts for the curves."""
    characters, presence, count = seen
    parts = {
        "corners": corner_loss(corners, batch),
        "count": COUNT * count_loss(count, batch),
        "text": TEXT * text_loss(characters, batch),
        "presence": PRESENCE * presence_loss(presence, batch),
    }
    return torch.stack(list(parts.values())).sum(), {name: float(part.detach()) for name, part in parts.items()}
