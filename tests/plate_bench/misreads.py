"""Pictures of what was misread: the plate's crop, what stands on it, what was read. They hold photographs of plates."""

import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from recognition.evaluation import pairs
from recognition.images import decode_image
from recognition.reads import Box, Image
from tests.plate_bench.running import Shot

Misread = tuple[Path, Box | None, str, str]  # picture, where, what stands there, what was read; empty: nothing

_WIDE, _HIGH, _WRITING = 240, 110, 46
_ACROSS, _DOWN = 6, 12
_ROOT = Path(__file__).resolve().parents[2]


def is_private(folder: Path) -> bool:
    """Whether nothing in that folder can be committed: it lies outside the repository, or git ignores it."""
    inside = folder.resolve()
    if not inside.is_relative_to(_ROOT):
        return True
    asked = subprocess.run(["git", "check-ignore", "-q", str(inside / "x")], cwd=_ROOT, check=False)
    return asked.returncode == 0 or (asked.returncode == 128 and inside.is_relative_to(_ROOT / "var"))


def write_sheets(folder: Path, shots: Sequence[Shot]) -> list[Path]:
    """A sheet for each set and entrant with misreads, more where they are many: `<set>-<entrant>-<number>.jpg`."""
    folder.mkdir(parents=True, exist_ok=True)
    found: defaultdict[str, list[Misread]] = defaultdict(list)
    for shot in shots:
        found[f"{shot.test_set.folder}-{shot.entrant}"] += misreads(shot)
    return [path for name, rows in found.items() for path in _write(folder, name, rows)]


def misreads(shot: Shot) -> Iterator[Misread]:
    """Plates that were missed or not read exactly, then reads that belong to no plate."""
    legible = [label for label in shot.labels if label.text]
    reads = shot.answer.reads
    matched = {id(label): (distance, read) for distance, label, read in pairs(legible, reads, fold=shot.test_set.fold)}
    for label in legible:
        distance, read = matched.get(id(label), (1, None))
        if distance:
            yield shot.path, label.box, label.text, read.text if read else ""
    taken = [read for _, read in matched.values()]
    if len(legible) == len(shot.labels) or not shot.test_set.crops:
        yield from ((shot.path, read.box, "", read.text) for read in reads if read not in taken)


def _write(folder: Path, name: str, rows: Sequence[Misread]) -> Iterator[Path]:
    page = _ACROSS * _DOWN
    for number, start in enumerate(range(0, len(rows), page), start=1):
        path = folder / f"{name.replace(' ', '_')}-{number}.jpg"
        if not cv2.imwrite(str(path), _sheet([_tile(*row) for row in rows[start : start + page]])):
            raise OSError(f"{path} could not be written")
        yield path


def _sheet(tiles: list[Image]) -> Image:
    empty = np.full_like(tiles[0], 255)
    lines = [tiles[at : at + _ACROSS] for at in range(0, len(tiles), _ACROSS)]
    return np.vstack([np.hstack(line + [empty] * (_ACROSS - len(line))) for line in lines])


def _tile(path: Path, box: Box | None, truth: str, read: str) -> Image:
    """The crop, fitted; below it the truth in black and the read in red."""
    tile = np.full((_HIGH + _WRITING, _WIDE, 3), 255, np.uint8)
    crop = _crop(path, box)
    factor = min((_WIDE - 6) / crop.shape[1], (_HIGH - 6) / crop.shape[0])
    size = max(1, round(crop.shape[1] * factor)), max(1, round(crop.shape[0] * factor))
    tile[3 : 3 + size[1], 3 : 3 + size[0]] = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    for text, line, colour in ((truth or "(no plate)", 1, (0, 0, 0)), (read or "(nothing)", 2, (0, 0, 200))):
        cv2.putText(tile, text, (6, _HIGH + 20 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1, cv2.LINE_AA)
    return tile


def _crop(path: Path, box: Box | None) -> Image:
    image = decode_image(path.read_bytes())
    if box is None:
        return image
    seen = box.grown(0.15, 0.3, image.shape[1], image.shape[0])
    part = image[seen.y : seen.y + seen.h, seen.x : seen.x + seen.w]
    return part if part.size else image
