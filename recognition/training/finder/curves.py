"""The course of a training as a picture."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot

from recognition.training.curves import smooth


def draw_curves(curves: Sequence[dict[str, float]], path: Path) -> None:
    """Both losses (smoothed, left) and the recall on the development pictures (right) over the steps."""
    figure, left = pyplot.subplots(figsize=(8, 4.5))
    for name in ("score", "box"):
        points = [(point["step"], point[name]) for point in curves if name in point]
        if points:
            steps, values = np.array(points).T
            left.plot(steps, smooth(values), label=f"{name} loss")
    left.set(xlabel="step", ylabel="loss", yscale="log")
    left.legend(loc="lower left")
    right = left.twinx()
    recall = [(point["step"], point["recall"]) for point in curves if "recall" in point]
    if recall:
        right.plot(*np.array(recall).T, "k.-")
    right.set(ylabel="recall at IoU 0.5, three candidates", ylim=(0, 1))
    figure.savefig(path, dpi=100)
    pyplot.close(figure)
