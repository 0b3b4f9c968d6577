"""What colours are named around the plates of real pictures: `python -m tests.bench_colours FOLDER... [--sheet FILE]`.

No set of pictures that we know has the colours of its cars, so that this counts how often a colour is named at all, and
draws a sheet of those that could contradict a registered one, for somebody to look at and count what is wrong.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from access.colours import CONTRADICTS, Seen, seen_in
from recognition import Box, ImageError, PlateReader, decode_image, load_engine
from recognition.reads import Image

TILE = 200, 150
ACROSS = 8


def seen_of(folder: Path, engine: PlateReader) -> Iterator[tuple[Image, Box, Seen | None]]:
    """Every picture of a folder in which a plate is read, and the colour around it."""
    for file in sorted(folder.rglob("*.jpg")):
        try:
            data = file.read_bytes()
            image = decode_image(data)
        except ImageError:
            continue
        if reads := engine.read(image):
            yield image, reads[0].box, seen_in(data, reads[0].box)


def tile(image: Image, box: Box, words: str) -> Image:
    """The plate and what is around it, with the words over it."""
    height, width = image.shape[:2]
    left, right = max(0, box.x - box.w), min(width, box.x + 2 * box.w)
    top, bottom = max(0, box.y - 3 * box.h), min(height, box.y + 3 * box.h)
    small = cv2.resize(image[top:bottom, left:right], TILE)
    for colour, thick in (((0, 0, 0), 3), ((0, 255, 255), 1)):
        cv2.putText(small, words, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, thick)
    return np.asarray(small, np.uint8)


def sheet(tiles: list[Image]) -> Image:
    blank = np.zeros((TILE[1], TILE[0], 3), np.uint8)
    whole = [*tiles, *[blank] * (-len(tiles) % ACROSS)]
    return np.vstack([np.hstack(whole[at : at + ACROSS]) for at in range(0, len(whole), ACROSS)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--sheet", type=Path, help="a picture to write, of those that could contradict")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    tiles: list[Image] = []
    engine = load_engine("cancela")
    for image, box, seen in (each for folder in options.folders for each in seen_of(folder, engine)):
        counts[seen.colour if seen else "none"] += 1
        if seen and seen.colour in CONTRADICTS:
            tiles.append(tile(image, box, f"{len(tiles) + 1} {seen.colour} {seen.confidence}"))
    print(json.dumps({"plates": counts.total(), "could_contradict": len(tiles), "colours": counts}))  # noqa: T201
    if options.sheet and tiles:
        cv2.imwrite(str(options.sheet), sheet(tiles))


if __name__ == "__main__":
    main()
