"""What the window network learns from: cuts by chance of drawn plates, of photographs, and of ground without plates."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recognition.reads import ALPHABET
from recognition.training.drawing import DrawnPlate, draw_negative, draw_plate
from recognition.training.reader.degrading import degraded, grey_of, shaded
from recognition.training.reader.geometry import bounds, seen_from_aside
from recognition.training.window.photographs import Patch
from recognition.window.geometry import CUT, LENGTH, MARGIN, STRIDE, WINDOW, Bounds, shows, widths_shown

Grey = NDArray[np.uint8]
Generator = np.random.Generator
UNKNOWN = -100  # a character that teaches nothing

_FEWEST, _FRESH = 200, 0.04  # drawn plates to begin with, and the part that is drawn anew
_SHOWN = 0.65  # of the plates are placed so that the window shows them; the others by chance
_READABLE = 0.45 * WINDOW[1]  # pixels of width from which characters are taught
_PLACES = (CUT[0] - WINDOW[0]) // STRIDE + 1
_NO_TEXT = np.full(LENGTH, UNKNOWN, np.int64)
_NO_PLACES = np.full((LENGTH, 2), np.nan, np.float32)
_SIDES = 0.04, 0.55  # of a plate's width beside its characters, and where their middle is in its height
_ONE_LINE = 1.9  # a photographed plate so many times as wide as high has one line


@dataclass(slots=True)
class Sample:
    """A cut (80, 144), whether each window in it shows a plate (3, 3), the columns of the characters (7,).

    `places` (7, 2) is about where the characters are, x and y in parts of the cut; NaN where that is not known.
    """

    cut: Grey
    presence: NDArray[np.float32]
    characters: NDArray[np.int64]
    places: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate in a cut: its `place` in the window, its `corners` in the cut if it has one line, its text if known."""

    place: Bounds
    corners: NDArray[np.float32] | None
    text: str | None


class Batch(NamedTuple):
    """Stacked samples: cuts (n, 1, 80, 144), presence (n, 3, 3), characters (n, 7), places (n, 7, 2)."""

    cuts: Tensor
    presence: Tensor
    characters: Tensor
    places: Tensor


def stacked(samples: list[Sample]) -> Batch:
    """One batch of samples."""
    return Batch(
        torch.from_numpy(np.stack([sample.cut for sample in samples])[:, None]).float(),
        torch.from_numpy(np.stack([sample.presence for sample in samples])),
        torch.from_numpy(np.stack([sample.characters for sample in samples])),
        torch.from_numpy(np.stack([sample.places for sample in samples])),
    )


class Samples:
    """Samples by chance: drawn plates before patches of photographs, photographs, and ground."""

    def __init__(self, patches: list[Patch], grounds: list[Grey], rng: Generator) -> None:
        self.rng, self.patches, self.grounds = rng, patches, grounds
        self.bank: list[DrawnPlate] = []

    def batch(self, size: int) -> Batch:
        return stacked([self.sample() for _ in range(size)])

    def sample(self) -> Sample:
        kind = self.rng.random()
        if kind < 0.40:
            return drawn(self.rng, self._plate(), self._ground())
        if kind < 0.80:
            return photographed(self.rng, self.patches[int(self.rng.integers(len(self.patches)))])
        return nothing(self.rng, self._ground())

    def _plate(self) -> DrawnPlate:
        """A plate of the bank, which grows slowly: drawing one takes ten times as long as learning from it."""
        if len(self.bank) < _FEWEST or self.rng.random() < _FRESH:
            self.bank.append(self._draw())
            return self.bank[-1]
        return self.bank[int(self.rng.integers(len(self.bank)))]

    def _draw(self) -> DrawnPlate:
        """A new plate, one of seven characters if three attempts give one: others teach presence only."""
        plates = (draw_plate(self.rng) for _ in range(3))
        plate = next(plates)
        while len(plate.text) != LENGTH and (another := next(plates, None)):
            plate = another
        return plate

    def _ground(self) -> Grey:
        if self.rng.random() < 0.25:
            return grey_of(self.rng, draw_negative(self.rng))
        return self.grounds[int(self.rng.integers(len(self.grounds)))]


def drawn(rng: Generator, plate: DrawnPlate, ground: Grey) -> Sample:
    """A drawn plate, seen from somewhere, before a ground."""
    corners = seen_from_aside(rng, plate.image.shape[1] / plate.image.shape[0])
    x, y, width, height = bounds(corners)
    place = placed(rng, width / height)
    cut = part_of(rng, ground)
    corners = _moved(corners, (x, y), place[2] / width, place)
    _lay(cut, grey_of(rng, plate.image), corners)
    return finished(rng, cut, Plate(place, corners if plate.lines == 1 else None, plate.text), 0.65)


def _lay(cut: Grey, plate: Grey, corners: NDArray[np.float32]) -> None:
    """Warp the plate into the cut, shrunk by averaging first so that it does not alias."""
    wide = max(8, round(1.2 * float(np.linalg.norm(corners[1] - corners[0]))))
    if wide < plate.shape[1]:
        size = (wide, max(6, round(wide / plate.shape[1] * plate.shape[0])))
        plate = np.asarray(cv2.resize(plate, size, interpolation=cv2.INTER_AREA), np.uint8)
    rows, columns = plate.shape
    flat = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32) - 0.5
    turn = cv2.getPerspectiveTransform(flat, corners - np.float32(0.5))
    way = cv2.INTER_LINEAR
    cv2.warpPerspective(plate, turn, CUT[::-1], dst=cut, flags=way, borderMode=cv2.BORDER_TRANSPARENT)


def photographed(rng: Generator, patch: Patch) -> Sample:
    """A photograph's plate, turned and sheared a little, where `placed` wants it."""
    x, y, width, height = patch.box
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    moved = _jittered(rng, corners, width, height)
    left, top, across, down = bounds(moved)
    place = placed(rng, across / down)
    moved = _moved(moved, (left, top), place[2] / across, place)
    turn = cv2.getPerspectiveTransform(corners, moved)
    picture = _reduced(patch.picture, place[2] / across)
    cut = cv2.warpPerspective(picture, turn, CUT[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    one_line = width > _ONE_LINE * height
    return finished(rng, np.asarray(cut, np.uint8), Plate(place, moved if one_line else None, patch.text), 0.5)


def _moved(
    corners: NDArray[np.float32], origin: tuple[float, float], scale: float, place: Bounds
) -> NDArray[np.float32]:
    """Corners in pixels of a cut: from around `origin`, scaled, to where the window is to have them."""
    to = np.array([place[0] + MARGIN, place[1] + MARGIN])
    return np.asarray((corners - np.array(origin)) * scale + to, np.float32)


def placed(rng: Generator, aspect: float) -> Bounds:
    """Where in the window a plate `aspect` times as wide as high is to lie: x, y, width, height in its pixels."""
    least, most = widths_shown(aspect)
    rows, columns = WINDOW
    if rng.random() < _SHOWN:
        width = float(rng.uniform(least, most))
        height = width / aspect
        return float(rng.uniform(0, columns - width)), float(rng.uniform(0, rows - height)), width, height
    width = float(np.exp(rng.uniform(np.log(0.5 * least), np.log(1.5 * most))))
    height = width / aspect
    x, y = rng.uniform(-0.7 * width, columns - 0.3 * width), rng.uniform(-0.7 * height, rows - 0.3 * height)
    return float(x), float(y), width, height


def part_of(rng: Generator, ground: Grey) -> Grey:
    """Some part of a ground, as a cut."""
    share = rng.uniform(0.5, 1.0)
    rows, columns = (max(4, int(side * share)) for side in ground.shape)
    top, left = (
        int(rng.integers(0, full - part + 1)) for full, part in zip(ground.shape, (rows, columns), strict=True)
    )
    part = ground[top : top + rows, left : left + columns]
    way = cv2.INTER_AREA if columns > CUT[1] else cv2.INTER_LINEAR
    return np.array(cv2.resize(part, CUT[::-1], interpolation=way), np.uint8)


def nothing(rng: Generator, ground: Grey) -> Sample:
    """A cut that shows no plate."""
    return finished(rng, part_of(rng, ground), None, 0.7)


def finished(rng: Generator, cut: Grey, plate: Plate | None, strength: float) -> Sample:
    """The cut as a camera would have it, with what there is to learn from it."""
    if rng.random() < 0.12:
        cut = shaded(rng, cut)
    cut = degraded(rng, cut, strength)
    if cut.shape != CUT:
        cut = np.asarray(cv2.resize(cut, CUT[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    if plate is None:
        return Sample(cut, np.zeros((_PLACES, _PLACES), np.float32), _NO_TEXT, _NO_PLACES)
    presence = presence_at(plate.place)
    if plate.text is None or not is_readable(plate.place):
        return Sample(cut, presence, _NO_TEXT, _NO_PLACES)
    return Sample(cut, presence, characters_of(plate.text), places_of(plate))


def places_of(plate: Plate) -> NDArray[np.float32]:
    """About where seven characters of one line are: evenly spread, the dot of old plates left out of account."""
    if plate.corners is None or plate.text is None or len(plate.text) != LENGTH:
        return _NO_PLACES
    across = _SIDES[0] + (1 - 2 * _SIDES[0]) * (np.arange(LENGTH)[:, None] + 0.5) / LENGTH
    a, b, c, d = plate.corners
    upper, lower = a + (b - a) * across, d + (c - d) * across
    return np.asarray((upper + (lower - upper) * _SIDES[1]) / CUT[::-1], np.float32)


def presence_at(place: Bounds) -> NDArray[np.float32]:
    """1 for each window of a cut that shows a plate at `place`, 0 for the others."""
    x, y, width, height = place
    offsets = [STRIDE * (index - _PLACES // 2) for index in range(_PLACES)]
    return np.array([[shows((x - dx, y - dy, width, height)) for dx in offsets] for dy in offsets], np.float32)


def is_readable(place: Bounds) -> bool:
    """Whether a plate lies within the cut, and is wide enough to be read."""
    x, y, width, height = place
    inside = x >= -MARGIN and y >= -MARGIN and x + width <= WINDOW[1] + MARGIN and y + height <= WINDOW[0] + MARGIN
    return inside and width >= min(_READABLE, widths_shown(width / height)[0])


def characters_of(text: str) -> NDArray[np.int64]:
    """The columns of seven characters; unknown for texts of another length."""
    return np.array([ALPHABET.index(character) for character in text], np.int64) if len(text) == LENGTH else _NO_TEXT


def _jittered(rng: Generator, corners: NDArray[np.float32], width: float, height: float) -> NDArray[np.float32]:
    moved = corners + rng.normal(0, 1, (4, 2)) * [width * 0.02, height * 0.05]
    lift = rng.normal(0, 0.15) * height
    return np.asarray(moved + np.array([[0, -lift], [0, lift], [0, lift], [0, -lift]]) / 2, np.float32)


def _reduced(picture: Grey, scale: float) -> Grey:
    """The picture, smoothed where it is to be shrunk by much."""
    if scale > 0.7:
        return picture
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / scale), np.uint8)
