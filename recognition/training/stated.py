"""Whether probabilities mean what they say: what was stated against what was right, and the calibration error."""

import numpy as np
from numpy.typing import NDArray

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
