"""The course of a training as a picture."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot

Points = Sequence[dict[str, float]]


def draw(curve: Points, path: Path) -> None:
    """Every figure but "step" over the steps, smoothed, on a logarithmic scale."""
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for name in sorted({name for point in curve for name in point} - {"step"}):
        steps, values = np.array([(point["step"], point[name]) for point in curve if name in point]).T
        axes.plot(steps, smooth(values), label=name)
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    axes.legend(loc="upper right")
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def smooth(values: np.ndarray, width: int = 15) -> np.ndarray:
    """A running mean of at most `width` values, as long as what is given."""
    width = min(width, len(values))
    padded = np.pad(values, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, np.ones(width) / width, "valid")
