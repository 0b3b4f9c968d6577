"""What the network should answer, and how far from it it is."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from recognition.cancela.finder import STRIDES, UNIT

Floats = NDArray[np.float32]

RANGES = ((0.0, 96.0), (64.0, 10_000.0))  # widths of plates, pixels, for which each map answers; both in between
_POSITIVE = 0.7  # of the Gaussian's peak


@dataclass(frozen=True, slots=True)
class Target:
    """For one map: score 0..1, weight of a positive cell (else 0), share of the loss of a negative one, the box."""

    score: Floats
    positive: Floats
    counted: Floats
    box: Floats

    @classmethod
    def empty(cls, rows: int, columns: int) -> "Target":
        zeros = np.zeros((rows, columns), np.float32)
        return cls(zeros, zeros.copy(), np.ones_like(zeros), np.zeros((4, rows, columns), np.float32))

    def packed(self) -> Floats:
        return np.concatenate([np.stack([self.score, self.positive, self.counted]), self.box])


def targets_of(plates: Floats, ignored: Floats, height: int, width: int) -> list[Floats]:
    """One 7 × rows × columns array for each stride; boxes are left, top, right, bottom in pixels."""
    made = []
    for stride, (least, most) in zip(STRIDES, RANGES, strict=True):
        target = Target.empty(height // stride, width // stride)
        for box in ignored:
            _leave_out(target, box, stride)
        for box in sorted(plates.tolist(), key=lambda b: (b[0] - b[2]) * (b[3] - b[1])):
            if least <= box[2] - box[0] <= most:
                _place(target, box, stride)
            else:
                _leave_out(target, box, stride)
        made.append(target.packed())
    return made


def _leave_out(target: Target, box: "Floats | list[float]", stride: int) -> None:
    left, top, right, bottom = (float(edge) / stride for edge in box)
    rows = slice(max(0, int(top)), max(0, int(np.ceil(bottom))))
    columns = slice(max(0, int(left)), max(0, int(np.ceil(right))))
    target.counted[rows, columns] = 0.0


def _place(target: Target, box: list[float], stride: int) -> None:
    """A Gaussian as wide and high as the plate; the cells near its peak learn the box, together one plate's weight."""
    rows, columns = target.score.shape
    x, y = (box[0] + box[2]) / 2 / stride, (box[1] + box[3]) / 2 / stride
    across, down = (box[2] - box[0]) / stride, (box[3] - box[1]) / stride
    row, column = min(rows - 1, max(0, int(y))), min(columns - 1, max(0, int(x)))
    down_off = np.maximum(np.abs(np.arange(rows) + 0.5 - y) - 0.25, 0) / max(down / 6, 0.35)
    across_off = np.maximum(np.abs(np.arange(columns) + 0.5 - x) - 0.25, 0) / max(across / 6, 0.35)
    hill = np.exp(-0.5 * (down_off[:, None] ** 2 + across_off[None] ** 2)).astype(np.float32)
    hill[row, column] = 1.0
    np.maximum(target.score, hill, out=target.score)
    chosen = hill > _POSITIVE
    weight = hill * chosen
    target.positive[chosen] = (weight * (np.sqrt(chosen.sum()) / weight.sum()))[chosen]
    target.score[chosen] = 1.0
    target.counted[chosen] = 1.0
    at_row, at_column = np.nonzero(chosen)
    target.box[0][chosen] = x - at_column - 0.5
    target.box[1][chosen] = y - at_row - 0.5
    target.box[2][chosen], target.box[3][chosen] = np.log(across / UNIT), np.log(down / UNIT)


def loss_of(maps: tuple[Tensor, ...], wanted: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Score loss and box loss, each a mean over the plates of the batch."""
    plates = sum(((want[:, 1] > 0).any(2).any(1).sum() for want in wanted), torch.tensor(1.0))
    scores, boxes = [], []
    for made, want in zip(maps, wanted, strict=True):
        scores.append(score_loss(made[:, 0], want[:, 0], want[:, 1], want[:, 2]))
        boxes.append(box_loss(made[:, 1:], want[:, 3:], want[:, 1]))
    return sum(scores, torch.tensor(0.0)) / plates, sum(boxes, torch.tensor(0.0)) / plates


def score_loss(logit: Tensor, score: Tensor, positive: Tensor, counted: Tensor) -> Tensor:
    """Focal loss whose penalty falls towards a plate's middle (Law and Deng, CornerNet, 2018, equation 1)."""
    likely = torch.sigmoid(logit)
    hit = positive * (1 - likely) ** 2 * functional.softplus(-logit)
    false = (positive == 0) * counted * (1 - score) ** 4 * likely**2 * functional.softplus(logit)
    return (hit + false).sum()


def box_loss(made: Tensor, want: Tensor, weight: Tensor) -> Tensor:
    """1 - generalised intersection over union (Rezatofighi and others, 2019) at the cells that carry a weight."""
    at = torch.nonzero(weight > 0, as_tuple=True)
    ours, theirs = _edges(made[at[0], :, at[1], at[2]]), _edges(want[at[0], :, at[1], at[2]])
    low, high = torch.maximum(ours[0], theirs[0]), torch.minimum(ours[1], theirs[1])
    shared = (high - low).clamp(min=0).prod(1)
    union = (ours[1] - ours[0]).prod(1) + (theirs[1] - theirs[0]).prod(1) - shared
    hull = (torch.maximum(ours[1], theirs[1]) - torch.minimum(ours[0], theirs[0])).prod(1)
    overlap = shared / union - (hull - union) / hull
    result: Tensor = ((1 - overlap) * weight[at]).sum()
    return result


def _edges(box: Tensor) -> tuple[Tensor, Tensor]:
    half = torch.exp(box[:, 2:].clamp(-5, 5)) * (UNIT / 2)
    return box[:, :2] - half, box[:, :2] + half
