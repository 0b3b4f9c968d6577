"""Whether probabilities mean what they say: the calibration error, and the diagram that shows it."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

mpl.use("Agg")

from matplotlib import pyplot as plt

BINS = 10  # of equal width

Floats = NDArray[np.float64]
Said = tuple[Floats, Floats]  # probabilities, and 1 where the text was right, 0 where it was not


def bins_of(said: Said) -> list[tuple[float, float, int]]:
    """For every bin that is not empty: the mean probability, the part that was right, and how many."""
    probabilities, right = said
    index = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    groups = [index == number for number in range(BINS) if (index == number).any()]
    return [(float(probabilities[group].mean()), float(right[group].mean()), int(group.sum())) for group in groups]


def calibration_error(said: Said) -> float:
    """Expected calibration error (M. Naeini and others, 2015): the mean distance in a bin, weighted by its size."""
    count = len(said[0])
    return sum(abs(mean - part) * number / count for mean, part, number in bins_of(said)) if count else 0.0


def diagram(sets: Mapping[str, Said], path: Path) -> None:
    """The reliability diagram of several sets as a PNG; the area of a point shows how many reads it stands for."""
    figure, axes = plt.subplots(figsize=(7, 6.4), dpi=110)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    for name, said in sets.items():
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
