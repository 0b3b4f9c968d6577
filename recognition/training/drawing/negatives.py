"""Things that look like plates and are none."""

import cv2
import numpy as np

from recognition.training.drawing import texts
from recognition.training.drawing.lettering import Area, set_line
from recognition.training.drawing.paint import frame, paint, plain, vary
from recognition.training.drawing.plate import Draft, Picture
from recognition.training.drawing.wear import compose, noise_field
from recognition.training.drawing.world import _loose, any_face


def draw_negative(rng: np.random.Generator) -> Picture:
    """uint8 (h, w, 3) BGR, about as large as a plate: grilles, blank plates, brands, captions, walls, lamps."""
    kinds = (_grille, _blank, _brand, _long, _wall, _lamp)
    return kinds[int(rng.choice(len(kinds), p=(0.2, 0.15, 0.2, 0.2, 0.15, 0.1)))](rng)


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    return vary((int(rng.integers(0, 256)),) * 3, rng, 20)


def _size(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(50, 130)), 256


def _grille(rng: np.random.Generator) -> Picture:
    height, width = _size(rng)
    image = plain(height, width, _colour(rng))
    step = int(rng.integers(4, 24))
    line = _colour(rng)
    for y in range(0, height, step):
        cv2.line(image, (0, y), (width, y), line, max(1, step // 3))
    if rng.random() < 0.5:
        for x in range(0, width, step * 2):
            cv2.line(image, (x, 0), (x, height), line, max(1, step // 3))
    return compose(_nothing(image), rng)


def _nothing(image: Picture) -> Draft:
    return Draft(image, np.zeros(image.shape[:2], np.uint8), (0, 0, 0), "", 1, 0.0)


def _blank(rng: np.random.Generator) -> Picture:
    image = plain(*_size(rng), _colour(rng))
    if rng.random() < 0.6:
        frame(image, _colour(rng), 3, 2, 6)
    return compose(_nothing(image), rng)


def _lettered(text: str, rng: np.random.Generator) -> Picture:
    height, width = _size(rng)
    image = plain(height, width, _colour(rng))
    ink = np.zeros((height, width), np.uint8)
    letters = height * rng.uniform(0.3, 0.8)
    set_line(ink, text, Area(8, (height - letters) / 2, width - 16, letters), _loose(any_face(rng), rng), rng)
    return compose(Draft(image, ink, _colour(rng), ""), rng)


def _brand(rng: np.random.Generator) -> Picture:
    return _lettered(texts.fill("A" * int(rng.integers(1, 4)), rng), rng)


def _long(rng: np.random.Generator) -> Picture:
    return _lettered(texts.fill(texts.pick(("NN NNNNN-NNNN", "NNNN-NN-NN NN-NN-NN", "LLLLL LLLLLLL"), rng), rng), rng)


def _wall(rng: np.random.Generator) -> Picture:
    height, width = _size(rng)
    field = noise_field(height, width, int(rng.integers(4, 80)), rng)
    image = (np.array(_colour(rng)) * (0.5 + 0.5 * field[..., None])).clip(0, 255).astype(np.uint8)
    step = int(rng.integers(10, 40))
    for row, y in enumerate(range(0, height, step)):
        cv2.line(image, (0, y), (width, y), (90, 90, 90), 1)
        for x in range(row % 2 * step, width, step * 2):
            cv2.line(image, (x, y), (x, y + step), (90, 90, 90), 1)
    return compose(_nothing(image), rng)


def _lamp(rng: np.random.Generator) -> Picture:
    height, width = _size(rng)
    image = plain(height, width, vary((30, 20, 150), rng, 30))
    for _ in range(int(rng.integers(2, 9))):
        centre = int(rng.integers(0, width)), int(rng.integers(0, height))
        cv2.ellipse(image, centre, (int(rng.integers(5, 50)), int(rng.integers(5, 30))), 0, 0, 360, _colour(rng), -1)
    return compose(_nothing(cv2.blur(image, (5, 5))), rng)
