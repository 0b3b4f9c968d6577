"""The finder beside the detector of fast-alpr, on whatever sets are there (run as a module)."""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition.cancela.finder import Finder
from recognition.reads import Image
from recognition.training.finder.development import overlaps
from recognition.training.finder.pictures import boxes_of, kept_back, read, rows_of
from recognition.training.splits import is_held

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float32]
Detector = Callable[[Image], tuple[Floats, Floats]]  # a picture to edges (n × 4) and scores, best first

WHOLE_SETS = ("eu_stills", "us_security", "in_web", "seed_groups")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a detector said about one picture, and what is there."""

    boxes: Floats
    scores: Floats
    plates: Floats


def ours(weights: Path | None) -> Detector:
    finder = Finder(weights, threshold=0.05)

    def detect(image: Image) -> tuple[Floats, Floats]:
        found = finder.find(image)
        edges = [(f.box.x, f.box.y, f.box.x + f.box.w, f.box.y + f.box.h) for f in found]
        return np.array(edges, np.float32).reshape(-1, 4), np.array([f.score for f in found], np.float32)

    return detect


def fast_alpr(weights: Path) -> Detector:
    """The detector that fast-alpr uses, as its package feeds it: 416 × 416, grey margins, RGB 0..1."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])

    def detect(image: Image) -> tuple[Floats, Floats]:
        height, width = image.shape[:2]
        scale = 416 / max(height, width)
        across, down = round(width * scale), round(height * scale)
        left, top = (416 - across) // 2, (416 - down) // 2
        canvas = np.full((416, 416, 3), 114, np.uint8)
        canvas[top : top + down, left : left + across] = cv2.resize(image, (across, down))
        rows = np.asarray(session.run(None, {"images": cv2.dnn.blobFromImage(canvas, 1 / 255, swapRB=True)})[0])
        rows = rows[np.argsort(-rows[:, 6])]
        return ((rows[:, 1:5] - [left, top, left, top]) / scale).astype(np.float32), rows[:, 6].astype(np.float32)

    return detect


def pictures_of(plates: Path, name: str) -> "Iterator[tuple[Path, Floats]]":
    """Files and plates of a set's part for measuring; `name` is "no_plate" or a set."""
    folder = plates / name
    boxes = boxes_of(folder)
    for file in dict.fromkeys(row["file"] for row in rows_of(folder) if _measured(name, row)):
        yield folder / "images" / file, np.array(boxes.get(file, []), np.float32).reshape(-1, 4)


def _measured(name: str, row: dict[str, str]) -> bool:
    if name == "br_street":
        return bool(row["x"]) and is_held(row["plate"])
    return name in (*WHOLE_SETS, "no_plate") or kept_back(name, row["file"])


def answers_of(detect: Detector, plates: Path, name: str) -> list[Answer]:
    made = []
    for path, labelled in pictures_of(plates, name):
        image = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        made.append(Answer(*detect(np.asarray(image, np.uint8)), labelled))
    return made


def recall(answers: Sequence[Answer], overlap: float, most: int = 3, least_score: float = 0.0) -> float:
    """The part of the labelled plates that one of the `most` best boxes covers."""
    hits = []
    for answer in answers:
        boxes = answer.boxes[:most][answer.scores[:most] >= least_score]
        hits += [bool(np.any(overlaps(plate, boxes) >= overlap)) for plate in answer.plates]
    return float(np.mean(hits)) if hits else float("nan")


def strict_score(answers: Sequence[Answer], pictures_a_false_box: int = 20) -> float:
    """The score above which there is at most one false box (IoU < 0.3 with all plates) in so many pictures."""
    false = sorted((score for answer in answers for score in _false_scores(answer)), reverse=True)
    allowed = len(answers) // pictures_a_false_box
    return float(false[allowed]) + 1e-6 if len(false) > allowed else 0.0


def _false_scores(answer: Answer) -> list[float]:
    pairs = zip(answer.boxes, answer.scores, strict=True)
    return [float(score) for box, score in pairs if not np.any(overlaps(box, answer.plates) >= 0.3)]


def false_boxes(answers: Sequence[Answer], least_score: float) -> float:
    """Boxes on 100 pictures that have no plate."""
    return 100 * sum(int((answer.scores >= least_score).sum()) for answer in answers) / max(1, len(answers))


def milliseconds(detectors: dict[str, Detector], frames: Sequence[Image], rounds: int = 12) -> dict[str, float]:
    """CPU time, median, of each detector for a frame; in turns, so that what else the machine does hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in detectors}
    for number in range(rounds * len(frames)):
        for name, detect in detectors.items():
            began = time.thread_time()
            detect(frames[number % len(frames)])
            taken[name].append((time.thread_time() - began) * 1000)
    return {name: float(np.median(times[len(detectors) :])) for name, times in taken.items()}


def frames_of(plates: Path, count: int = 6) -> list[Image]:
    """Pictures of br_cars enlarged to 1280 × 960."""
    paths = [path for path, _ in pictures_of(plates, "br_cars")][:count]
    return [np.asarray(cv2.resize(read(path)[0], (1280, 960)), np.uint8) for path in paths]


def table(detectors: dict[str, Detector], plates: Path) -> "Iterator[str]":
    sets = [name for name in ("br_street", "br_cars", "ro_dashcam", *WHOLE_SETS) if (plates / name).is_dir()]
    yield f"{'set':12} {'engine':10} {'plates':>6}   IoU 0.5 / 0.3: three boxes   one false box in 20"
    for name in sets:
        for engine, detect in detectors.items():
            answers = answers_of(detect, plates, name)
            least = strict_score(answers)
            figures = [100 * recall(answers, o, least_score=s) for s in (0.0, least) for o in (0.5, 0.3)]
            count = sum(len(answer.plates) for answer in answers)
            shown = "{:15.1f} / {:.1f} {:18.1f} / {:.1f}".format(*figures)
            yield f"{name:12} {engine:10} {count:6}   {shown}   (score {least:.2f})"
    if (plates / "no_plate").is_dir():
        for engine, detect in detectors.items():
            answers = answers_of(detect, plates, "no_plate")
            shown = "   ".join(f"score {s}: {false_boxes(answers, s):.1f}" for s in (0.1, 0.15, 0.2, 0.3, 0.5))
            yield f"no_plate, false boxes in 100 pictures, {engine:10} {shown}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plates", type=Path, default=Path("../shared/plates"))
    parser.add_argument("--weights", type=Path, nargs="*", default=[], help="other weights of ours to compare")
    parser.add_argument("--peer", type=Path, help="weights of fast-alpr's detector")
    options: Any = parser.parse_args(arguments)
    detectors = {path.stem: ours(path) for path in options.weights} or {"cancela": ours(None)}
    if options.peer:
        detectors["fast-alpr"] = fast_alpr(options.peer)
    for line in table(detectors, options.plates):
        print(line, flush=True)
    for name, taken in milliseconds(detectors, frames_of(options.plates)).items():
        print(f"{name}: {taken:.1f} ms of CPU a frame of 1280 × 960, one thread")


if __name__ == "__main__":
    main()
