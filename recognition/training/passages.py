"""What fusing is worth: passages made of real pictures, read frame by frame and fused.

A passage is one labelled plate of a set, seen several times: each time a little elsewhere, nearer or farther, turned,
in other light, blurred or shaken, with noise of its own and compressed anew. Every frame is found and read as at run
time, from the part of the picture around the plate. The error of single frames is set against that of the same
frames fused, and the fused probability against what was right.

    python -m recognition.training.passages SET [SET …]
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from recognition.cancela.engine import CancelaReader
from recognition.evaluation import Label, read_labels
from recognition.fusion import fuse
from recognition.images import decode_image
from recognition.reads import Image, Read
from recognition.training.reader import degrading
from recognition.training.splits import is_held
from recognition.training.stated import calibration_error

FRAMES = 3
AROUND = 1.6  # of the plate's size on each side: what a frame shows of the picture
LONGEST = 640  # pixels of a frame's longer side

Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Passage:
    """The plate, and the best read of each frame that was read."""

    text: str
    frames: int
    reads: tuple[Read, ...]


def passages_of(
    reader: CancelaReader, folder: Path, seed: int, *, held: bool | None = None, limit: int | None = None
) -> Iterator[Passage]:
    """A passage for every labelled plate; `held` takes one side of the split of br_street only."""
    rng = np.random.default_rng(seed)
    for path, labels in list(read_labels(folder).items())[:limit]:
        image = decode_image(path.read_bytes())
        for label in labels:
            if label.text and (held is None or is_held(label.text) == held):
                part = _part(image, label)
                found = (reader.read(frame_of(rng, part))[:1] for _ in range(FRAMES))
                yield Passage(label.text, FRAMES, tuple(read for reads in found for read in reads))


def _part(image: Image, label: Label) -> Image:
    """The plate with much around it."""
    if label.box is None:
        return image
    height, width = image.shape[:2]
    down = AROUND * max(1.0, label.box.w / (3 * max(1, label.box.h)))
    box = label.box.grown(AROUND, down, width, height)
    part = image[box.y : box.y + box.h, box.x : box.x + box.w]
    scale = min(1.0, LONGEST / max(part.shape[:2]))
    return part if scale == 1 else np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def frame_of(rng: Generator, image: Image) -> Image:
    """The picture as the next frame of a camera might show it: moved by little, with blur and noise of its own."""
    height, width = image.shape[:2]
    scale, angle = float(np.exp(rng.normal(-0.1, 0.1))), float(rng.normal(0, 1.2))
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale), np.float64)
    shift = np.column_stack([np.zeros((2, 2)), rng.normal(0, 0.02, 2) * (width, height)])
    moved = cv2.warpAffine(
        image, turn + shift, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return _spoilt(rng, np.asarray(moved, np.uint8))


def _spoilt(rng: Generator, frame: Image) -> Image:
    spread = abs(float(rng.normal(0, 0.004))) * frame.shape[1]
    if spread > 0.3:
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), spread), np.uint8)
    if rng.random() < 0.5:
        frame = degrading.shaken(rng, frame)
    light = float(np.exp(rng.normal(0, 0.25)))
    noise = rng.normal(0, abs(rng.normal(0, 9)), frame.shape)
    frame = np.asarray(np.clip(frame * light + noise, 0, 255), np.uint8)
    _, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 90))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def figures(passages: Sequence[Passage]) -> dict[str, float]:
    """Errors of one frame and of all, in parts of the frames and passages; and calibration of the fused reads.

    A frame or a passage in which nothing was read counts as wrong.
    """
    frames = sum(passage.frames for passage in passages)
    right = sum(read.text == passage.text for passage in passages for read in passage.reads)
    fused = [(passage.text, fuse(passage.reads)) for passage in passages if passage.reads]
    hits = np.array([float(read.text == text) for text, read in fused])
    stated = np.array([read.certainty for _, read in fused])
    held = np.clip(stated, 1e-6, 1 - 1e-6)
    return {
        "passages": len(passages),
        "error of one frame": round(1 - right / frames, 4),
        "error of the frames fused": round(1 - float(hits.sum()) / len(passages), 4),
        "calibration error, fused": round(calibration_error((stated, hits)), 4),
        "log loss, fused": round(float(-np.mean(np.where(hits > 0, np.log(held), np.log(1 - held)))), 4),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m recognition.training.passages", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET", help="folders with images/ and labels.csv")
    parser.add_argument("--weights", type=Path, help="the folder of the weights (default: the product's own)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, help="pictures of each set")
    options = parser.parse_args()
    for folder in options.sets:
        reader = CancelaReader(weights=options.weights, crops=folder.name.endswith("_crops"))
        held = True if folder.name == "br_street" else None
        made = passages_of(reader, folder, options.seed, held=held, limit=options.limit)
        print(json.dumps({"set": folder.name, **figures(list(tqdm(made, desc=folder.name, mininterval=5)))}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
