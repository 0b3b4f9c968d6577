"""The frames of one passage, read one by one, made into one read."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from recognition.formats import match_format
from recognition.reads import ALPHABET, Probabilities, Read, text_score

_LEAST = 1e-4  # no frame may veto a character for ever


def fuse(reads: Sequence[Read]) -> Read:
    """One read of several of the same plate; raises `ValueError` for none.

    Reads of unlike length cannot be compared position by position: the length with the greatest sum of scores is
    kept. Its distributions are pooled logarithmically, each weighted by n**-0.5: with weight 1 the frames would
    count as independent witnesses, which frames of one camera, a blink apart, are not; with 1/n a second look would
    add nothing. The box is that of the best frame.
    """
    if not reads:
        raise ValueError("There is no read to fuse.")
    kept = _likeliest_length(reads)
    pooled = pool([read.probabilities for read in kept])
    text = "".join(ALPHABET[column] for column in pooled.argmax(axis=1))
    row = match_format(text)
    best = max(kept, key=lambda read: read.score)
    return Read(best.box, text, pooled, text_score(text, pooled), row.name if row else None)


def pool(distributions: Sequence[Probabilities]) -> Probabilities:
    """The weighted product of distributions of one shape (n, 36), its rows summing to 1."""
    logs = np.log(np.clip(np.stack(distributions), _LEAST, 1.0)).sum(axis=0) / np.sqrt(len(distributions))
    raised = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _likeliest_length(reads: Sequence[Read]) -> list[Read]:
    groups: defaultdict[int, list[Read]] = defaultdict(list)
    for read in reads:
        groups[len(read.text)].append(read)
    return max(groups.values(), key=lambda group: sum(read.score for read in group))
