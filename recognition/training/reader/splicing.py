"""New texts out of real characters: cells of rectified photographs are exchanged between plates of one format.

A few hundred photographs show few texts. Their characters, recombined, show the same paint, dirt and light under
texts that no plate had, rare letters as often as common ones.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from recognition.cancela.cropping import cut, surroundings
from recognition.cancela.reader import MARGIN, PLATE
from recognition.formats import match_format
from recognition.reads import ALPHABET
from recognition.training.reader.networks import Both, rectify
from recognition.training.reader.photographs import Photograph

SIZE = (96, 256)  # rows, columns of a plate while it is taken apart
LEGIBLE = 0.6  # what the network gives a character that may be cut out
EXCHANGED = 0.6  # of the characters of a plate

Grey = NDArray[np.uint8]
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spliceable:
    """A photograph's plate, rectified to `SIZE`; the columns (left, right) of each of its characters."""

    photograph: Photograph
    corners: NDArray[np.float32]
    plate: Grey
    cells: list[Cell]
    legible: list[bool]


@dataclass
class Letters:
    """Cells to choose from: by format, by kind (digit or letter), by character."""

    cells: dict[tuple[str, bool], dict[str, list[Grey]]] = field(default_factory=lambda: defaultdict(dict))

    def draw(self, rng: np.random.Generator, written: str, digit: bool) -> tuple[str, Grey] | None:
        """A character, all equally likely, and one of its pictures; None where none was legible yet."""
        if not (known := self.cells[written, digit]):
            return None
        character = sorted(known)[int(rng.integers(len(known)))]
        return character, known[character][int(rng.integers(len(known[character])))]


def prepare(both: Both, photographs: Sequence[Photograph]) -> tuple[list[Spliceable], Letters]:
    """Rectify all Brazilian plates with a text, and collect their characters."""
    plates, letters = [], Letters()
    for photograph in photographs:
        row = match_format(photograph.text) if photograph.text else None
        if row and row.country == "BR" and photograph.text:
            plates.append(_opened(both, photograph))
            _collect(letters, plates[-1], row.name)
    return plates, letters


def _collect(letters: Letters, opened: Spliceable, written: str) -> None:
    for character, (left, right), legible in zip(
        opened.photograph.text or "", opened.cells, opened.legible, strict=True
    ):
        if legible:
            known = letters.cells[written, character.isdigit()]
            known.setdefault(character, []).append(opened.plate[:, left:right])


@torch.no_grad()
def _opened(both: Both, photograph: Photograph) -> Spliceable:
    grey = np.asarray(cv2.cvtColor(photograph.patch, cv2.COLOR_BGR2GRAY), np.uint8)
    canvas, window = cut(grey, surroundings(*photograph.box))
    given = torch.from_numpy(canvas[None, None]).float()
    shares = both.corners(given)
    plate = rectify(given, shares)
    text = photograph.text or ""
    characters, _ = both.text(plate)
    sure = torch.softmax(characters[0], dim=1).numpy()
    corners = shares[0].numpy() * window[2:] + window[:2]
    legible = [sure[slot, ALPHABET.index(character)] > LEGIBLE for slot, character in enumerate(text)]
    cells = _cells(both.text.centres(plate)[0, : len(text)].numpy())
    return Spliceable(photograph, corners, _flat(grey, corners), cells, [bool(value) for value in legible])


def _cells(centres: NDArray[np.float32]) -> list[Cell]:
    """Columns of each character of a line, from where the slots look (0..1 of the network's picture)."""
    across = (centres * PLATE[1] - MARGIN[1]) / (PLATE[1] - 2 * MARGIN[1]) * SIZE[1]
    half = float(np.median(np.diff(across))) / 2
    return [(max(0, round(x - half)), min(SIZE[1], round(x + half))) for x in (float(value) for value in across)]


def _corners_of_plate() -> NDArray[np.float32]:
    rows, columns = SIZE
    return np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)


def _flat(grey: Grey, corners: NDArray[np.float32]) -> Grey:
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), _corners_of_plate())
    return np.asarray(cv2.warpPerspective(grey, turn, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE), np.uint8)


def spliced(rng: np.random.Generator, opened: Spliceable, letters: Letters) -> Photograph:
    """The photograph with some of its characters exchanged, in grey."""
    text = list(opened.photograph.text or "")
    written = match_format("".join(text))
    plate = opened.plate.copy()
    for slot, (left, right) in enumerate(opened.cells):
        if right - left <= 8 or rng.random() >= EXCHANGED:
            continue
        if drawn := letters.draw(rng, written.name if written else "", text[slot].isdigit()):
            text[slot], cell = drawn
            _exchange(plate, left, right, cell)
    patch = np.asarray(cv2.cvtColor(opened.photograph.patch, cv2.COLOR_BGR2GRAY), np.uint8)
    turn = cv2.getPerspectiveTransform(_corners_of_plate(), opened.corners.astype(np.float32))
    size = (patch.shape[1], patch.shape[0])
    cv2.warpPerspective(plate, turn, size, dst=patch, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    return replace(
        opened.photograph, patch=np.asarray(cv2.cvtColor(patch, cv2.COLOR_GRAY2BGR), np.uint8), text="".join(text)
    )


TOP = 26  # above lie the strip with the town or the band: they stay


def _exchange(plate: Grey, left: int, right: int, cell: Grey) -> None:
    """Lay a cell over columns, its grey levels fitted to those it covers, its edges blended."""
    under = plate[TOP:, left:right].astype(np.float32)
    over = cv2.resize(cell, (right - left, cell.shape[0]))[TOP:].astype(np.float32)
    low, high = np.percentile(under, (5, 90))
    dark, bright = np.percentile(over, (5, 90))
    over = (over - dark) * ((high - low) / max(8.0, bright - dark)) + low
    share = np.minimum(1.0, np.minimum(np.arange(1, right - left + 1), np.arange(right - left, 0, -1)) / 3.0)
    plate[TOP:, left:right] = np.clip(under + (over - under) * share, 0, 255).astype(np.uint8)
