"""What each policy lets in and keeps waiting, with real reads of plates that were never trained on.

`make bench-tolerance PLATES=folder`: of the held third of br_street every plate comes as a registered vehicle among
999 others, and as a stranger, to registries of 1,000 plates drawn with the letters of the states that these plates come
from, each time others. Once with the whole picture, once with three frames made of it and fused as at a gate.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import django
import numpy as np
from tqdm import tqdm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from access.estimating import opener  # noqa: E402
from access.policies import Policy  # noqa: E402
from access.strangers import Strangers  # noqa: E402
from access.weighing import Roll  # noqa: E402
from recognition import Read, canonical, fuse  # noqa: E402
from recognition.cancela.engine import CancelaReader  # noqa: E402
from recognition.evaluation import read_labels  # noqa: E402
from recognition.images import decode_image  # noqa: E402
from recognition.training.passages import passages_of  # noqa: E402
from recognition.training.splits import is_held  # noqa: E402

POLICIES: dict[str, tuple[str, int | None]] = {
    "exact": (Policy.EXACT, None),
    "strict": (Policy.STRICT, None),
    "balanced": (Policy.BALANCED, None),
    "6 of 7": (Policy.AGREEING, 6),
    "5 of 7": (Policy.AGREEING, 5),
}
Come = tuple[str, Read | None]  # a plate, and what was read of it


def single(folder: Path) -> list[Come]:
    """Every held plate with the best read of its whole picture."""
    reader, come = CancelaReader(), []
    for path, labels in tqdm(read_labels(folder).items(), desc="pictures", mininterval=5):
        texts = [label.text for label in labels if label.text and is_held(label.text)]
        reads = reader.read(decode_image(path.read_bytes())) if texts else []
        come += [
            (text, next((read for read in reads if read.text == text), reads[0] if reads else None)) for text in texts
        ]
    return come


def three(folder: Path) -> list[Come]:
    """Every held plate with three frames, fused."""
    made = tqdm(passages_of(CancelaReader(), folder, 1, held=True), desc="passages", mininterval=5)
    return [(passage.text, fuse(passage.reads) if passage.reads else None) for passage in made]


def measure(come: Sequence[Come], registries: int, registered: int) -> dict[str, dict[str, float]]:
    """Of each policy: opened of 100 registered arrivals, strangers let in of 10,000, of how many."""
    rng = np.random.default_rng(1)
    own = {canonical(text) for text, _ in come}
    near = Strangers.near(sorted(own))
    opened, let_in, mistaken = (dict.fromkeys(POLICIES, 0) for _ in range(3))
    for _ in tqdm(range(registries), desc="registries", mininterval=5):
        others = [key for key in map(canonical, near.draw(rng, registered * 2)) if key not in own][:registered]
        empty = Roll.of(others, near)
        for text, read in come:
            if read is None:
                continue
            full = Roll.of([canonical(text), *others[1:]], near)
            for name, (policy, least) in POLICIES.items():
                who = opener(policy, full, least)(read.text, read.probabilities)
                opened[name] += who == canonical(text)
                mistaken[name] += who not in (None, canonical(text))
                let_in[name] += opener(policy, empty, least)(read.text, read.probabilities) is not None
    trials = registries * len(come)
    return {
        name: {
            "opened of 100": round(100 * opened[name] / trials, 2),
            "strangers of 10000": round(1e4 * let_in[name] / trials, 2),
            "mistaken of 10000": round(1e4 * mistaken[name] / trials, 2),
            "arrivals": trials,
        }
        for name in POLICIES
    }


def weighing(come: Sequence[Come], registered: int = 100_000) -> dict[str, float]:
    """How long one read takes beside so many registered vehicles, in ms."""
    rng = np.random.default_rng(1)
    reads = [read for _, read in come if read is not None]
    near = Strangers.near(sorted({canonical(text) for text, _ in come}))
    keys = list(dict.fromkeys(map(canonical, near.draw(rng, 2 * registered))))[:registered]
    roll, took = Roll.of(keys, near), []
    for read in reads:
        begun = time.perf_counter()
        roll.weigh(read.probabilities)
        took.append(1000 * (time.perf_counter() - begun))
    best, median, p95 = np.percentile(took, (0, 50, 95)).round(2).tolist()
    return {"vehicles": len(keys), "reads": len(reads), "best ms": best, "median ms": median, "p95 ms": p95}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_tolerance", description=__doc__)
    parser.add_argument("--plates", type=Path, default=Path("../shared/plates"))
    parser.add_argument("--registries", type=int, default=100)
    parser.add_argument("--registered", type=int, default=1000, help="plates of each registry")
    options = parser.parse_args()
    for name, come in (("single picture", single), ("three frames", three)):
        found = come(options.plates / "br_street")
        read = sum(read is not None for _, read in found)
        told = {
            "what": name,
            "plates": len(found),
            "read": read,
            **measure(found, options.registries, options.registered),
        }
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
    sys.stdout.write(json.dumps({"what": "weighing", **weighing(found)}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
