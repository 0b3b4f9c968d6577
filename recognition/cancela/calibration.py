"""How likely a text is right in every character, learnt from reads of which that is known.

A logistic regression over a handful of measurements of one reading (J. Platt: "Probabilistic outputs", 1999, with
more than one input). Its coefficients lie beside the weights and are fitted by `recognition.training.calibrating`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.cancela.decoding import Decoded
from recognition.reads import POSITION, Probabilities

FILE = Path(__file__).parent / "weights" / "calibration.json"
FEATURES = ("posterior", "margin", "fit", "presence", "sharpness", "size", "weight")
_LEAST, _MOST = 1e-4, 1 - 1e-4  # nothing is certain
_EXPONENTS = np.geomspace(0.02, 20.0, 12, dtype=np.float32)

Floats = NDArray[np.float64]


def features(decoded: Decoded, presence: float, sharpness: float, size: float) -> Floats:
    """The measurements named in `FEATURES`, in that order."""
    return np.array(
        [
            _log_odds(float(np.exp(decoded.posterior))),
            np.clip(decoded.margin, 0.0, 12.0),
            np.clip(decoded.fit, -12.0, 1.0),
            _log_odds(presence),
            sharpness,
            np.log2(np.clip(size, 16.0, 512.0)),
            np.log10(decoded.format.weight),
        ]
    )


def _log_odds(share: float) -> float:
    kept = min(max(share, _LEAST), _MOST)
    return float(np.log(kept / (1 - kept)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """`weights` and `bias` of the regression; features are held within `low` and `high`, the range it has seen."""

    weights: Floats
    bias: float
    low: Floats
    high: Floats

    @classmethod
    def read(cls, path: Path = FILE) -> "Calibration":
        """Raises `FileNotFoundError`, and `ValueError` for coefficients of other features or a damaged file."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            known, bias = tuple(kept["features"]), float(kept["bias"])
            weights, low, high = (np.array(kept[name], np.float64) for name in ("weights", "low", "high"))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error
        if known != FEATURES or not weights.shape == low.shape == high.shape == (len(FEATURES),):
            raise ValueError(f"{path} is of another version: it knows {', '.join(known)}.")
        return cls(weights, bias, low, high)

    @classmethod
    def unfitted(cls) -> "Calibration":
        """What is believed before anything was learnt: the decoder's own share of the text."""
        wide = np.full(len(FEATURES), 1e9)
        return cls(np.array([float(name == "posterior") for name in FEATURES]), 0.0, -wide, wide)

    def write(self, path: Path) -> None:
        kept = {
            "features": FEATURES,
            "weights": np.round(self.weights, 5).tolist(),
            "bias": round(self.bias, 5),
            "low": np.round(self.low, 5).tolist(),
            "high": np.round(self.high, 5).tolist(),
        }
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

    def probability(self, measured: Floats) -> float:
        """That the whole text is right, 0..1."""
        held = np.clip(measured, self.low, self.high)
        odds = float(held @ self.weights) + self.bias
        return float(np.clip(1 / (1 + np.exp(-odds)), _LEAST, _MOST))


def tempered(text: str, probabilities: Probabilities, probability: float) -> Probabilities:
    """The distributions (n, 36) made flatter or steeper, all alike, until the text's own multiply to `probability`.

    What the network says of each place keeps its order; how far it can be believed is what calibration found.
    """
    logs = np.log(np.maximum(probabilities, 1e-9))
    wanted = float(np.log(probability))
    coarse = _EXPONENTS
    reached = _reached(text, logs, coarse)
    after = int(np.clip(np.searchsorted(reached, wanted), 1, len(coarse) - 1))
    fine = np.geomspace(coarse[after - 1], coarse[after], len(coarse), dtype=np.float32)
    powers = np.float32(np.interp(wanted, _reached(text, logs, fine), fine)) * logs
    return np.asarray(np.exp(powers - _log_sum(powers)[:, None]), np.float32)


def _reached(text: str, logs: Probabilities, exponents: Probabilities) -> Probabilities:
    """The log probability of the text for each exponent; it rises with the exponent, or is made to stay."""
    powers = exponents[:, None, None] * logs
    own = powers[:, np.arange(len(text)), [POSITION[character] for character in text]]
    return np.asarray(np.maximum.accumulate((own - _log_sum(powers)).sum(axis=1)), np.float32)


def _log_sum(logs: Any) -> Any:
    """log Σ exp along the last axis; logs of probabilities are not above 0, and one of each row is not far below."""
    return np.log(np.exp(logs).sum(axis=-1))
