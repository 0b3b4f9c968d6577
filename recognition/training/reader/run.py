"""`train_reader`: from the sets to corners.onnx and text.onnx."""

import itertools
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from recognition.training import curves
from recognition.training.drawing import STYLES
from recognition.training.reader import export, loop, photographs, splicing
from recognition.training.reader.stream import Material, Mixture, Samples, batches

BATCH = 64
EXAMPLES = 400  # canvases by which the layers' ranges are chosen
STEPS = 22_000
STEPS_A_MINUTE = 110  # of one core; how long a training of some minutes is said in steps, for its rate falls with them
# First everything that is drawn, and photographs as they are.
FIRST = Mixture(
    {style: 0.56 * share for style, share in STYLES.items()},
    {"br_street": 0.15, "br_cars": 0.15, "ro_dashcam": 0.035, "in_phone": 0.015},
    0.0,
    0.09,
)
# Once the networks know enough to take real plates apart, these come mostly with new texts, and the drawn ones more
# from the rest of the world.
ABROAD = Mixture(
    {
        "br_mercosul": 0.055, "br_old": 0.055, "br_mercosul_moto": 0.08, "br_old_moto": 0.085,
        "in_one": 0.115, "in_two": 0.08, "eu": 0.1, "gb": 0.02, "us": 0.14, "other": 0.03,
    },
    {"br_street": 0.065, "br_cars": 0.04, "ro_dashcam": 0.03, "in_phone": 0.02},
    0.1,
    0.125,
)  # fmt: skip
# While the rate falls to nothing, what is met at home.
HOME = Mixture(
    {
        "br_mercosul": 0.1, "br_old": 0.1, "br_mercosul_moto": 0.07, "br_old_moto": 0.075,
        "in_one": 0.08, "in_two": 0.055, "eu": 0.07, "gb": 0.015, "us": 0.09, "other": 0.025,
    },
    {"br_street": 0.1, "br_cars": 0.055, "ro_dashcam": 0.025, "in_phone": 0.015},
    0.145,
    0.115,
)  # fmt: skip
# What is shown until which part of the steps.
PHASES = ((0.35, FIRST), (0.8, ABROAD), (1.0, HOME))


def train_reader(plates: Path, labels: Path, work: Path, minutes: float | None, seed: int) -> Path:
    """Train, resuming what `work` holds, and write the ONNX files there; answers that folder.

    `labels` is a JSON file of texts by "set/file" for the sets that have none; what is not in it teaches boxes only.
    With `minutes` it trains about that long, else `STEPS` steps.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(0)  # its threads would not survive the fork of the stream
    torch.manual_seed(seed)
    work.mkdir(parents=True, exist_ok=True)
    steps = round(minutes * STEPS_A_MINUTE) if minutes else STEPS
    plan = loop.Plan(steps, again=round(steps * PHASES[0][0]))
    state = loop.begin(plan, work)
    known = photographs.load(plates, json.loads(labels.read_text(encoding="utf-8")))
    ground = photographs.grounds(plates, np.random.default_rng(seed))
    for share, mixture in PHASES:
        end = round(steps * share)
        if state.step < end:
            opened = splicing.prepare(state.mean.eval(), known) if mixture.spliced else ([], splicing.Letters())
            samples = Samples(Material(known, ground, *opened), mixture, seed + state.step)
            loop.train(state, plan, batches(samples, BATCH), end, work)
    curves.draw(state.curve, work / "reader.png")
    examples = itertools.islice(Samples(Material(known, ground), FIRST, seed), EXAMPLES)
    return export.write(state.mean, [example.canvas for example in examples], work)
