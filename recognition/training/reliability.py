"""The reliability diagram: probabilities against what was right, as a picture."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np

from recognition.training.stated import Said, bins_of, calibration_error

mpl.use("Agg")

from matplotlib import pyplot as plt


def diagram(sets: Mapping[str, Said], path: Path) -> None:
    """The reliability diagram of several sets as a PNG; the area of a point shows how many reads it stands for."""
    figure, axes = plt.subplots(figsize=(7, 6.4), dpi=110)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    for name, said in sets.items():
        if not len(said[0]):  # a network that learned for a minute reads nothing
            continue
        means, parts, numbers = (np.array(column) for column in zip(*bins_of(said), strict=True))
        label = f"{name}: {len(said[0])} reads, error {calibration_error(said):.3f}"
        (line,) = axes.plot(means, parts, linewidth=1, alpha=0.6)
        axes.scatter(means, parts, s=12 + 400 * numbers / len(said[0]), color=line.get_color(), label=label, alpha=0.8)
    axes.set(
        xlabel="probability that the engine states",
        ylabel="part of these that is right",
        xlim=(0, 1.02),
        ylim=(0, 1.02),
    )
    axes.legend(loc="upper left", fontsize=8)
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)
