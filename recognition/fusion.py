"""The frames of one passage, read one by one, made into one read.

The distributions of the frames are multiplied, place by place (a logarithmic pool; C. Genest, J. Zidek: "Combining
probability distributions", 1986). That would be right if frames were independent witnesses. They are not: the same
dirt, angle and light deceive each of them, and two frames of a vehicle that stands are nearly the same pixels. So
each frame has a weight, that of the best linear combination of witnesses whose errors are correlated as those of the
frames are assumed to be: the more alike their plates look, the more. The same pixels twice count once.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.formats import match_format
from recognition.quality import CROP
from recognition.reads import ALPHABET, POSITION, Image, Probabilities, Read, text_score

# Fitted by `recognition.training.passages` to passages made of the training pictures.
SHARED = 0.35  # correlation of the errors of two frames that look nothing alike: dirt, angle, typeface
REACH = 0.50  # difference of two plates (of their contrast) at which the rest of it has fallen to a third
UNKNOWN = 0.40  # correlation where no crops tell

_LEAST = 1e-5  # no frame may veto a character for ever
_OTHER_LENGTH = 0.1  # of the misreads, those that have any given other length
_GLIMPSE = 32, 12  # columns, rows in which two plates are compared: pixel noise is averaged out
_RIDGE = 1e-6  # keeps the same frame twice solvable

Floats = NDArray[np.float64]


def fuse(reads: Sequence[Read]) -> Read:
    """One read of several of the same plate; raises `ValueError` for none.

    Reads of unlike length cannot be compared place by place: the length is kept that explains all reads best, those of
    another length as misreads. Where every read has a calibrated probability the fused one has: the product of its
    characters', as in the reads themselves, times the share of its length. Box, corners and crop are those of the
    surest frame of that length. A read without text says nothing.
    """
    if not reads:
        raise ValueError("There is no read to fuse.")
    first, reads = reads[0], [read for read in reads if read.text]
    if len(reads) < 2:
        return reads[0] if reads else first
    weights = _weights(reads)
    pooled, share = _likeliest_length(reads, weights)
    text = "".join(ALPHABET[column] for column in pooled.argmax(axis=1))
    row = match_format(text)
    best = max((read for read in reads if len(read.text) == len(text)), key=lambda read: read.certainty)
    calibrated = all(read.probability is not None for read in reads)
    return Read(
        box=best.box,
        text=text,
        probabilities=pooled,
        score=text_score(text, pooled),
        format=row.name if row else None,
        probability=_product(text, pooled) * share if calibrated else None,
        corners=best.corners,
        crop=best.crop,
        sharpness=best.sharpness,
        size=best.size,
    )


def pool(distributions: Sequence[Probabilities], weights: Floats) -> Probabilities:
    """The weighted product of distributions of one shape (n, 36), its rows summing to 1."""
    logs = np.log(np.clip(np.stack(distributions), _LEAST, 1.0))
    product = np.tensordot(weights, logs, axes=1)
    raised = np.exp(product - product.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _product(text: str, probabilities: Probabilities) -> float:
    own = probabilities[np.arange(len(text)), [POSITION[character] for character in text]]
    return float(np.prod(own.astype(np.float64)))


def _likeliest_length(reads: Sequence[Read], weights: Floats) -> tuple[Probabilities, float]:
    """The pooled distributions of the likeliest length, and that length's share of the evidence for all lengths."""
    lengths = sorted({len(read.text) for read in reads})
    pools = [_of_length(reads, weights, length) for length in lengths]
    evidence = np.array([_evidence(reads, weights, length) for length in lengths])
    shares = np.exp(evidence - np.logaddexp.reduce(evidence))
    best = int(shares.argmax())
    return pools[best], float(shares[best])


def _of_length(reads: Sequence[Read], weights: Floats, length: int) -> Probabilities:
    chosen = [index for index, read in enumerate(reads) if len(read.text) == length]
    return pool([reads[index].probabilities for index in chosen], weights[chosen])


def _evidence(reads: Sequence[Read], weights: Floats, length: int) -> float:
    """The log likelihood of all reads if the plate has that many characters."""
    right = np.clip([read.certainty for read in reads], _LEAST, 1 - _LEAST)
    same = np.array([len(read.text) == length for read in reads])
    return float(weights @ np.where(same, np.log(right), np.log((1 - right) * _OTHER_LENGTH)))


def _weights(reads: Sequence[Read]) -> Floats:
    """How much each read counts (n,): 1 alone; together the number of independent frames they are worth.

    For correlations R that is R⁻¹·1, the weights of the best linear unbiased estimate (A. Aitken, 1935).
    """
    correlation = _correlations(reads)
    correlation[np.diag_indices_from(correlation)] += _RIDGE
    return np.asarray(np.maximum(np.linalg.solve(correlation, np.ones(len(reads))), 0.0))


def _correlations(reads: Sequence[Read]) -> Floats:
    """How much the errors of each two reads go together (n, n)."""
    glimpses = [_glimpse(read) for read in reads]
    matrix = np.eye(len(reads))
    for i, one in enumerate(glimpses):
        for j, other in enumerate(glimpses[:i]):
            matrix[i, j] = matrix[j, i] = _correlation(one, other)
    return matrix


def _correlation(one: Floats | None, other: Floats | None) -> float:
    if one is None or other is None:
        return UNKNOWN
    difference = float(np.sqrt(np.square(one - other).mean()))
    return SHARED + (1 - SHARED) * float(np.exp(-difference / REACH))


def _glimpse(read: Read) -> Floats | None:
    """The plate reduced to few pixels of mean 0 and deviation 1."""
    if read.crop is None:
        return None
    small = _reduced(read.crop).astype(np.float64)
    return np.asarray((small - small.mean()) / (small.std() + 1.0))


def _reduced(crop: Image) -> Image:
    return np.asarray(cv2.resize(crop, _GLIMPSE, interpolation=cv2.INTER_AREA), np.uint8)


def glimpse_of(read: Read) -> bytes | None:
    """What `fuse` needs of a read's crop, to be kept in its place: 384 bytes."""
    return None if read.crop is None else _reduced(read.crop).tobytes()


def crop_of(glimpse: bytes | memoryview | None) -> Image | None:
    """A crop (48, 128) that gives the same glimpse again."""
    if glimpse is None:
        return None
    columns, rows = _GLIMPSE
    small = np.frombuffer(glimpse, np.uint8).reshape(rows, columns)
    return small.repeat(CROP[1] // rows, axis=0).repeat(CROP[0] // columns, axis=1)
