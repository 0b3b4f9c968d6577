"""Fitting the calibration: what was measured of a plate, and whether its text was right.

Half of the plates are drawn; no network has seen them, but a machine's drawing is harder to read than it looks. The
others are real ones of the training part, taken anew with worse cameras: the networks know their texts, and are surer
of them than they should be. The two errors go in opposite directions. Real pictures that may only be measured are not
fitted to; they tell, in the diagram and in `calibration-figures.json`, how far the probabilities hold.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognition.cancela.calibration import FEATURES, Calibration
from recognition.cancela.engine import CancelaReader
from recognition.evaluation import read_labels
from recognition.images import decode_image
from recognition.reads import Box, Image, Read
from recognition.training.drawing import DrawnPlate, draw_negative, draw_plate
from recognition.training.reader import degrading, photographs, samples
from recognition.training.reader.photographs import Photograph
from recognition.training.reliability import diagram
from recognition.training.splits import is_held
from recognition.training.stated import Said, calibration_error

COUNT = 5000
EMPTY, REAL = 0.12, 0.44  # of the samples show no plate; a real one
TESTED = 5  # every fifth sample is not fitted to, but tells how well the fit holds
RIDGE = 3.0  # pull of the weights of standardised features towards 0
STEPS = 40
# Sets that tell how far the probabilities hold on real pictures: name, whether the pictures are crops, O and I folded.
UNSEEN = (("br_street", False, False), ("br_gantry_crops", True, False), ("eu_stills", False, True))

_FOLD = str.maketrans("OI", "01")
Floats = NDArray[np.float64]
Shown = tuple[str, Image, Box]  # a plate's text, a grey picture, and where a finder would see the plate


def calibrate(plates: Path, weights: Sequence[Path], work: Path, seed: int, count: int = COUNT) -> Path:
    """Fit to `count` plates; answers calibration.json in `work`, beside a diagram and the figures.

    `weights` are the files finder.onnx, corners.onnx and text.onnx, wherever they lie. `plates` holds the sets of
    photographs: grounds of the training ones lie behind drawn plates; those of `UNSEEN` that are there are measured.
    """
    work.mkdir(parents=True, exist_ok=True)
    for path in weights:
        if path.parent.resolve() != work.resolve():
            shutil.copy(path, work)
    fitted = work / "calibration.json"
    Calibration.unfitted().write(fitted)
    said = collect(CancelaReader(weights=work), plates, seed, count)
    np.savez(work / "outcomes.npz", features=said.features, right=said.right)
    tested = np.arange(len(said.right)) % TESTED == 0
    fit(said.features[~tested], said.right[~tested]).write(fitted)
    measure(work, plates, {"like the fitted ones": said.part(tested)})
    return fitted


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Features (n, k) of regions, and 1 where the decoded text was the right one (n,)."""

    features: Floats
    right: Floats

    def part(self, chosen: NDArray[np.bool_]) -> "Outcomes":
        return Outcomes(self.features[chosen], self.right[chosen])


def collect(reader: CancelaReader, plates: Path, seed: int, count: int) -> Outcomes:
    """What the reader measures of drawn plates before real grounds, of real plates, and of grounds alone."""
    rng = np.random.default_rng(seed)
    shown = tqdm(_shown(plates, rng, count), total=count, desc="calibrate", mininterval=5)
    seen = [(text, reader.observe(picture, [box])[0]) for text, picture, box in shown]
    pairs = [(each.features, float(each.decoded.text == text)) for text, each in seen]
    return Outcomes(np.array([features for features, _ in pairs]), np.array([right for _, right in pairs]))


def _shown(plates: Path, rng: np.random.Generator, count: int) -> Iterator[Shown]:
    grounds = photographs.grounds(plates, rng, each=1)
    known = [each for each in photographs.load(plates, {}) if each.text]
    for lot in rng.random(count):
        ground = grounds[int(rng.integers(len(grounds)))]
        if lot < EMPTY:
            yield _empty(rng, ground)
        elif lot < EMPTY + REAL and known:
            yield _retaken(rng, known[int(rng.integers(len(known)))])
        else:
            yield drawn(rng, draw_plate(rng), ground)


def _retaken(rng: np.random.Generator, photograph: Photograph) -> Shown:
    picture, shares, _ = samples.retaken(rng, photograph.patch, photograph.box)
    low, high = (each * picture.shape[::-1] for each in shares)
    return photograph.text or "", picture, _jittered(rng, low, high - low)


def drawn(rng: np.random.Generator, plate: DrawnPlate, ground: Image) -> Shown:
    """A drawn plate as some camera would show it, before a piece of ground."""
    grey = degrading.grey_of(rng, ground)
    picture, shares = samples.seen(rng, plate.image, grey)
    low, high = (each * picture.shape[::-1] for each in (shares.min(axis=0), shares.max(axis=0)))
    return plate.text, picture, _jittered(rng, low, high - low)


def _jittered(rng: np.random.Generator, corner: Floats, size: Floats) -> Box:
    """A box as a finder gives it: a little off."""
    x, y = corner + rng.normal(0, 0.04, 2) * size
    w, h = np.maximum(size * np.exp(rng.normal(0.03, 0.06, 2)), 4)
    return Box(round(x), round(y), round(w), round(h))


def _empty(rng: np.random.Generator, ground: Image) -> Shown:
    shown = draw_negative(rng) if rng.random() < 0.5 else ground
    grey = degrading.degraded(rng, degrading.grey_of(rng, shown))
    return "", grey, Box(0, 0, grey.shape[1], grey.shape[0])


def fit(features: Floats, right: Floats) -> Calibration:
    """Logistic regression by Newton's method, with a ridge on all but the bias."""
    low, high = np.percentile(features, [0.5, 99.5], axis=0)
    held = np.clip(features, low, high)
    mean, scale = held.mean(axis=0), np.maximum(held.std(axis=0), 1e-6)
    design = np.column_stack([(held - mean) / scale, np.ones(len(held))])
    pull = np.diag([*[RIDGE] * len(FEATURES), 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (said - right) + pull @ weights
        weights -= np.linalg.solve((design.T * (said * (1 - said))) @ design + pull, slope)
    own = weights[:-1] / scale
    return Calibration(own, float(weights[-1] - own @ mean), low, high)


def measure(weights: Path, plates: Path, drawn: dict[str, Outcomes]) -> dict[str, float]:
    """The calibration error of each set; written with the diagram into `weights`."""
    calibration = Calibration.read(weights / "calibration.json")
    said: dict[str, Said] = {
        name: (np.array([calibration.probability(row) for row in outcomes.features]), outcomes.right)
        for name, outcomes in drawn.items()
    }
    for name, crops, fold in UNSEEN:
        if (plates / name / "labels.csv").is_file():
            said[name] = _said_of(CancelaReader(weights=weights, crops=crops), plates / name, fold)
    errors = {name: round(calibration_error(each), 4) for name, each in said.items()}
    errors["all unseen photographs"] = round(calibration_error(_together(said, drawn)), 4)
    (weights / "calibration-figures.json").write_text(json.dumps(errors, indent=1) + "\n", encoding="utf-8")
    diagram(said, weights / "reliability.png")
    return errors


def _together(said: dict[str, Said], drawn: dict[str, Outcomes]) -> Said:
    real = [each for name, each in said.items() if name not in drawn]
    empty = np.zeros(0)
    return (
        np.concatenate([empty, *(probabilities for probabilities, _ in real)]),
        np.concatenate([empty, *(right for _, right in real)]),
    )


def _said_of(reader: CancelaReader, folder: Path, fold: bool) -> Said:
    """What is said of every labelled plate that was read; of br_street only of the held third."""
    pairs = []
    for path, labels in tqdm(read_labels(folder).items(), desc=folder.name, mininterval=5):
        texts = [label.text for label in labels if label.text and (folder.name != "br_street" or is_held(label.text))]
        if texts:
            pairs += [_right(read, texts, fold) for read in reader.read(decode_image(path.read_bytes()))[:1]]
    probabilities, right = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(probabilities, np.float64), np.array(right, np.float64)


def _right(read: Read, texts: Sequence[str], fold: bool) -> tuple[float, float]:
    given, known = (read.text, list(texts))
    if fold:
        given, known = given.translate(_FOLD), [text.translate(_FOLD) for text in known]
    return read.certainty, float(given in known)
