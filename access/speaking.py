"""How much one picture speaks for a plate. Pure."""

from collections.abc import Sequence

import numpy as np

from recognition import ALPHABET, PlateError, spellings

Rows = Sequence[Sequence[float]]


def speaks_for(probabilities: Rows, plate: str) -> float:
    """The probability 0..1 that by this picture alone every character is that of the plate, in its likelier spelling.

    `probabilities` (n, 36) over `ALPHABET`. A text of another length says nothing for it; nor does what is no plate.
    """
    try:
        written = spellings(plate)
    except PlateError:
        return 0.0
    return max((_likelihood(probabilities, text) for text in written), default=0.0)


def _likelihood(probabilities: Rows, text: str) -> float:
    if len(probabilities) != len(text):
        return 0.0
    places = [ALPHABET.index(character) for character in text]
    return float(np.prod([row[place] for row, place in zip(probabilities, places, strict=True)]))
