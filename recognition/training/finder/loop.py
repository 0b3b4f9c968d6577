"""The training of the finder: steps, running mean of the weights, checkpoints, curves."""

import copy
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

from recognition.training.finder.batches import Batch, loader
from recognition.training.finder.curves import draw_curves
from recognition.training.finder.development import recall_of
from recognition.training.finder.network import FinderNetwork, as_input
from recognition.training.finder.pictures import Picture
from recognition.training.finder.targets import loss_of

STEPS = 4700
RATE = 2.5e-3
LAST_RATE = 3e-5
WARM_UP = 150
BOX_SHARE = 2.0
KEEP = 0.9985  # of the running mean, a step


@dataclass(slots=True)
class Training:
    """All that a stopped training needs to go on. `spent` is in seconds."""

    network: FinderNetwork
    mean: FinderNetwork
    optimiser: torch.optim.Optimizer
    step: int = 0
    spent: float = 0.0
    curves: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def start(cls, seed: int) -> "Training":
        torch.manual_seed(seed)
        network = FinderNetwork().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return cls(network, copy.deepcopy(network), _optimiser(network))

    def save(self, path: Path) -> None:
        state = {name: getattr(self, name).state_dict() for name in ("network", "mean", "optimiser")}
        torch.save({**state, "step": self.step, "spent": self.spent, "curves": self.curves}, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        for name in ("network", "mean", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.spent, self.curves = state["step"], state["spent"], state["curves"]


def train(
    pictures: list[Picture], development: list[Picture], work: Path, minutes: float | None, seed: int
) -> Training:
    """`STEPS` steps, or what fits into `minutes`; goes on from `work`/finder.pt where it is there."""
    torch.set_num_threads(1)
    training = Training.start(seed)
    if (work / "finder.pt").exists():
        training.resume(work / "finder.pt")
    batches = iter(loader(pictures, seed, training.step))
    with tqdm(total=STEPS, initial=training.step, desc="finder", unit="step", mininterval=5) as bar:
        while progress(training, minutes) < 1:
            began = time.monotonic()
            one_step(training, next(batches), progress(training, minutes))
            training.spent += time.monotonic() - began
            bar.update()
            if training.step % 250 == 0:
                _look(training, development, work, bar)
    training.save(work / "finder.pt")
    return training


def progress(training: Training, minutes: float | None) -> float:
    """The part of the training that is done, 0..1."""
    by_time = training.spent / 60 / minutes if minutes else 0.0
    return max(training.step / STEPS, by_time)


def one_step(training: Training, batch: Batch, part: float) -> None:
    for group in training.optimiser.param_groups:
        group["lr"] = rate_at(training.step, part)
    score, box = loss_of(training.network(as_input(batch.pictures)), batch.wanted)
    training.optimiser.zero_grad(set_to_none=True)
    (score + BOX_SHARE * box).backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(training.network.parameters(), 10.0)
    training.optimiser.step()
    training.step += 1
    _follow(training)
    if training.step % 10 == 0:
        training.curves.append({"step": training.step, "score": score.item(), "box": box.item()})


def rate_at(step: int, part: float) -> float:
    """A short rise, then half a cosine."""
    falling = LAST_RATE + (RATE - LAST_RATE) * (1 + math.cos(math.pi * min(1.0, part))) / 2
    return falling * min(1.0, (step + 1) / WARM_UP)


def _follow(training: Training) -> None:
    """Moves the running mean; early on it forgets faster, since the first weights are worth nothing."""
    keep = min(KEEP, (1 + training.step) / (20 + training.step))
    with torch.no_grad():
        for mean, now in zip(_values(training.mean), _values(training.network), strict=True):
            mean.lerp_(now, 1 - keep) if mean.is_floating_point() else mean.copy_(now)


def _values(network: nn.Module) -> list[Tensor]:
    return list(network.state_dict().values())


def _look(training: Training, development: list[Picture], work: Path, bar: "tqdm[None]") -> None:
    recall = recall_of(training.mean, development)
    training.curves.append({"step": training.step, "recall": recall})
    bar.set_postfix(recall=f"{recall:.3f}")
    training.save(work / "finder.pt")
    draw_curves(training.curves, work / "finder.png")


def _optimiser(network: nn.Module) -> torch.optim.Optimizer:
    """Decay on the kernels only: norms and biases need none."""
    kernels = [values for values in network.parameters() if values.ndim > 1]
    others = [values for values in network.parameters() if values.ndim <= 1]
    return torch.optim.AdamW([{"params": kernels, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}], RATE)
