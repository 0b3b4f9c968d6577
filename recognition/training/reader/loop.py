"""The training of corner network and text network: resumable, seeded, with a bar and curves."""

import copy
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

from recognition.training.reader.losses import total
from recognition.training.reader.networks import Both, rectify
from recognition.training.reader.stream import Batch

KEEP_EVERY = 500  # steps between checkpoints
ALONE = 500  # first steps, in which drawn plates are rectified by their true corners


@dataclass
class Plan:
    """How long, how fast. `steps` is the whole length, also after resuming; at `again` the rate rises a second time.

    A second, lower descent ends lower than one long one (I. Loshchilov, F. Hutter: "SGDR", 2017).
    """

    steps: int
    again: int
    rate: float = 2.0e-3
    second: float = 1.2e-3
    warm: int = 300
    through: float = 0.3  # of the text's gradient that reaches the corner network
    average: float = 0.999


@dataclass
class State:
    """All that a later run needs to go on."""

    both: Both
    mean: Both
    optimizer: torch.optim.Optimizer
    step: int = 0
    curve: list[dict[str, float]] = field(default_factory=list)


def begin(plan: Plan, folder: Path) -> State:
    """A fresh state, or that of the folder's checkpoint."""
    both = Both().to(memory_format=torch.channels_last)  # faster on processors
    optimizer = torch.optim.AdamW(both.parameters(), plan.rate, weight_decay=0.02)
    state = State(both, copy.deepcopy(both).requires_grad_(False), optimizer)
    kept = folder / "reader.pt"
    if kept.is_file():
        saved = torch.load(kept, weights_only=True)
        both.load_state_dict(saved["both"])
        state.mean.load_state_dict(saved["mean"])
        optimizer.load_state_dict(saved["optimizer"])
        state.step, state.curve = saved["step"], saved["curve"]
    return state


def keep(state: State, folder: Path) -> None:
    """Write the checkpoint, whole or not at all."""
    saved = {
        "both": state.both.state_dict(),
        "mean": state.mean.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "step": state.step,
        "curve": state.curve,
    }
    torch.save(saved, folder / "reader.tmp")
    (folder / "reader.tmp").replace(folder / "reader.pt")
    (folder / "reader-curve.json").write_text(json.dumps(state.curve), encoding="utf-8")


def train(state: State, plan: Plan, stream: Iterator[Batch], until: int, folder: Path) -> None:
    """Train until the step `until` of the plan. `state.mean`, the running mean of the weights, reads best."""
    state.both.train()
    for step in tqdm(range(state.step, until), initial=state.step, total=plan.steps, desc="reader", mininterval=10):
        for group in state.optimizer.param_groups:
            group["lr"] = rate_at(step, plan)
        parts = _step(state, plan, next(stream), step)
        state.step = step + 1
        if state.step % 50 == 0:
            state.curve.append({"step": state.step, **parts})
        if state.step % KEEP_EVERY == 0:
            keep(state, folder)
    keep(state, folder)


def _step(state: State, plan: Plan, batch: Batch, step: int) -> dict[str, float]:
    corners = state.both.corners(batch.canvas)
    used = corners.detach() + plan.through * (corners - corners.detach())
    seen = state.both.text.counted(rectify(batch.canvas, _rectified_by(used, batch, step)))
    loss, parts = total(corners, seen, batch)
    state.optimizer.zero_grad(set_to_none=True)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"The loss of step {step} is {float(loss.detach())}.")
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.both.parameters(), 5.0)
    state.optimizer.step()
    _average(state.mean, state.both, min(plan.average, (step + 1) / (step + 100)))
    return parts


def _rectified_by(corners: Tensor, batch: Batch, step: int) -> Tensor:
    """The corners that the warp takes, jittered: predicted; at first, and for a third of drawn plates, true ones."""
    known = ~batch.corners[:, 0, 0].isnan()
    true = known & (torch.rand(len(known)) < (1.0 if step < ALONE else 0.35))
    chosen = torch.where(true[:, None, None], torch.nan_to_num(batch.corners), corners)
    size = (corners.amax(dim=1) - corners.amin(dim=1)).detach()[:, None]
    return chosen + torch.randn_like(chosen) * size * torch.tensor([0.012, 0.03])


def _average(mean: nn.Module, model: nn.Module, share: float) -> None:
    for kept, new in zip(mean.state_dict().values(), model.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - share)
        else:
            kept.copy_(new)


def rate_at(step: int, plan: Plan) -> float:
    """Linear warm-up, then a cosine down to a hundredth; from `again` on another, from `second`."""
    if step < plan.warm:
        return plan.rate * (step + 1) / plan.warm
    if step < plan.again:
        return plan.rate * _descent((step - plan.warm) / max(1, plan.again - plan.warm))
    return plan.second * _descent((step - plan.again) / max(1, plan.steps - plan.again))


def _descent(done: float) -> float:
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(done * math.pi))
