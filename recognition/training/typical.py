"""What the reader makes of drawn Brazilian plates that no network has seen: what `recognition.typical` keeps."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

from recognition.cancela.engine import CancelaReader
from recognition.reads import ALPHABET, Image, Read
from recognition.training.calibrating import Shown, drawn
from recognition.training.drawing import DrawnPlate, draw_style
from recognition.training.reader import photographs
from recognition.typical import KnownReads, write

COUNT = 3000
STYLES = {"br_mercosul": 0.47, "br_old": 0.47, "br_mercosul_moto": 0.03, "br_old_moto": 0.03}
LENGTH = 7  # characters of all of them
NARROWEST = 70  # pixels of a plate: what a camera at a gate gives at least


def write_typical(plates: Path, weights: Path, seed: int, count: int = COUNT) -> Path:
    """Read `count` drawn plates before real grounds with the weights of a folder, and write reads.npz there."""
    rng = np.random.default_rng((seed, 7))
    reader = CancelaReader(weights=weights)
    grounds = photographs.grounds(plates, rng, each=1)
    styles = rng.choice(list(STYLES), count, p=list(STYLES.values()))
    truths, kept = [], []
    for style in tqdm(styles, desc="typical", mininterval=5):
        text, picture, box = _wide(rng, draw_style(style, rng), grounds)
        judged = reader.judge(reader.observe(picture, [box])[0])
        if isinstance(judged, Read) and len(judged.text) == len(text):
            truths.append([ALPHABET.index(character) for character in text])
            kept.append(judged.probabilities)
    told = np.array(truths, np.intp).reshape(-1, LENGTH), np.array(kept, np.float32).reshape(-1, LENGTH, len(ALPHABET))
    write(KnownReads(*told, count - len(kept)), weights / "reads.npz")
    return weights / "reads.npz"


def _wide(rng: np.random.Generator, plate: DrawnPlate, grounds: list[Image]) -> Shown:
    """A view of the plate that is wide enough."""
    while (shown := drawn(rng, plate, grounds[int(rng.integers(len(grounds)))]))[2].w < NARROWEST:
        pass
    return shown
