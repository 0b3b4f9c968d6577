"""The training of the window network: resumable, seeded, with a bar; what it has learned is measured as it goes."""

import copy
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from recognition.training.window.network import WindowNetwork
from recognition.training.window.samples import UNKNOWN, Batch, Samples

BATCH = 64
_KEEP_EVERY = 50  # steps between checkpoints and measurements
_RATE = 2.5e-3
_WARM = 0.03  # of the training
_MEAN = 0.995
_GUIDED = 0.4  # of the training


@dataclass
class Plan:
    """The length of a training: `steps`, or so many `minutes` of the processor; both count from the very beginning."""

    steps: int
    minutes: float | None = None


@dataclass
class State:
    """All that a later run needs to go on. `mean` is the running mean of the weights: that is what is used."""

    network: WindowNetwork
    mean: WindowNetwork
    optimizer: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    curve: list[dict[str, float]] = field(default_factory=list)


def begin(folder: Path) -> State:
    """A fresh state, or that of the folder's checkpoint."""
    network = WindowNetwork().to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network).requires_grad_(False).eval()
    state = State(network, mean, torch.optim.AdamW(network.parameters(), _RATE, weight_decay=0.01))
    if (folder / "window.pt").is_file():
        saved = torch.load(folder / "window.pt", weights_only=True)
        for name in ("network", "mean", "optimizer"):
            getattr(state, name).load_state_dict(saved[name])
        state.step, state.seconds, state.curve = saved["step"], saved["seconds"], saved["curve"]
    return state


def _keep(state: State, folder: Path) -> None:
    """Write the checkpoint, whole or not at all."""
    saved = {name: getattr(state, name).state_dict() for name in ("network", "mean", "optimizer")}
    torch.save(saved | {"step": state.step, "seconds": state.seconds, "curve": state.curve}, folder / "window.tmp")
    (folder / "window.tmp").replace(folder / "window.pt")
    (folder / "window-curve.json").write_text(json.dumps(state.curve), encoding="utf-8")


def train(state: State, plan: Plan, samples: Samples, kept_back: Batch, folder: Path) -> WindowNetwork:
    """Train to the plan's end; `kept_back` is measured at every checkpoint."""
    state.network.train()
    with tqdm(
        total=1.0, desc="window", mininterval=10, bar_format="{l_bar}{bar}| {elapsed}<{remaining}{postfix}"
    ) as bar:
        while (done := _done(state, plan)) < 1:
            bar.update(done - bar.n)
            began = time.process_time()
            parts = _step(state, samples.batch(BATCH), done)
            state.step += 1
            if state.step % _KEEP_EVERY == 0:
                measured = measure(state.mean, kept_back)
                state.curve.append({"step": state.step, **parts, **measured})
                bar.set_postfix(exact=measured["exact"])
                _keep(state, folder)
            state.seconds += time.process_time() - began
    _keep(state, folder)
    return state.mean


def _done(state: State, plan: Plan) -> float:
    return state.seconds / (60 * plan.minutes) if plan.minutes else state.step / plan.steps


def rate_at(done: float) -> float:
    """Linear warm-up, then a cosine down to a hundredth."""
    falling = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * max(0.0, done - _WARM) / (1 - _WARM)))
    return _RATE * min(1.0, done / _WARM + 0.01) * falling


def _step(state: State, batch: Batch, done: float) -> dict[str, float]:
    for group in state.optimizer.param_groups:
        group["lr"] = rate_at(done)
    presence, characters, looks = losses(state.network(batch.cuts), batch)
    state.optimizer.zero_grad(set_to_none=True)
    (2 * presence + characters + guidance_at(done) * looks).backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), 5.0)
    state.optimizer.step()
    _average(state, min(_MEAN, (state.step + 1) / (state.step + 20)))
    return {"presence_loss": presence.item(), "character_loss": characters.item(), "look_loss": looks.item()}


def guidance_at(done: float) -> float:
    """How much it counts that the seven look where the characters are: at first much, later nothing.

    Left alone the seven take a third of the training to agree on who looks where.
    """
    return 30 * max(0.0, 1 - done / _GUIDED)


def losses(answers: tuple[Tensor, Tensor, Tensor], batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Of presence, characters and looks: two cross-entropies and a distance; what nobody knows does not count."""
    presence, characters, looks = answers
    there = functional.binary_cross_entropy_with_logits(presence, batch.presence)
    flat = batch.characters.flatten()
    known = (flat != UNKNOWN).sum().clamp(min=1)
    written = functional.cross_entropy(characters.flatten(0, 1), flat, ignore_index=UNKNOWN, reduction="sum")
    placed = ~batch.places[:, 0, 0].isnan()
    away = functional.l1_loss(looks[placed], batch.places[placed]) if placed.any() else looks.sum() * 0
    return there, written / known, away


def _average(state: State, share: float) -> None:
    for kept, new in zip(state.mean.state_dict().values(), state.network.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - share)
        else:
            kept.copy_(new)


@torch.inference_mode()
def measure(network: WindowNetwork, batch: Batch) -> dict[str, float]:
    """Parts of the windows of a batch: plates read exactly, plates seen, other windows taken for plates."""
    presence, characters, _ = network(batch.cuts)
    known = (batch.characters != UNKNOWN).all(dim=1)
    right = (characters.argmax(dim=2) == batch.characters).all(dim=1)[known]
    seen, there = presence[:, 1, 1] > 0, batch.presence[:, 1, 1] > 0
    parts = {"exact": right, "seen": seen[there], "invented": seen[~there]}
    return {name: round(part.float().mean().item(), 4) for name, part in parts.items()}
