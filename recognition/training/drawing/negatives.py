"""Things that look like plates and are none: what a finder brings home from grilles, walls, signs and captions."""

from collections.abc import Callable

import cv2
import numpy as np

from recognition.training.drawing import america, mercosul, old_brazilian, texts
from recognition.training.drawing.chance import pick, weighted
from recognition.training.drawing.faces import any_face
from recognition.training.drawing.lettering import Area, loose, set_line
from recognition.training.drawing.paint import frame, paint, plain, vary
from recognition.training.drawing.plate import Colour, Draft, Picture
from recognition.training.drawing.wear import compose, noise_field

WORDS = (
    "TAXI", "TOYOTA", "VOLVO", "FIAT", "HONDA", "SCANIA", "MERCEDES", "PARE", "STOP", "BRASIL", "TURBO", "DIESEL",
    "ESCOLAR", "AMBULANCIA", "POLICIA", "ENTRADA", "SAIDA", "OPEN", "HOTEL", "FARMACIA", "MERCADO", "PADARIA", "EXIT",
    "ESTACIONAMENTO", "VENDE SE", "ALUGA SE", "BOSCH", "MICHELIN", "PIZZARIA", "FLEX", "HYBRID", "CUIDADO",
)  # fmt: skip
# Telephones, dates and times, serial numbers, lines of buses, captions of cameras: never the length of a plate.
NUMBERS = (
    "NN NNNNN-NNNN",
    "NNNN-NN-NN NN-NN-NN",
    "NN-NN-NNNN NN-NN-NN",
    "NNN",
    "NN",
    "N",
    "NNNNNNNNNNNNN",
    "LN",
    "LLL",
    "LL",
)
SCRIPTS = (cv2.FONT_HERSHEY_SCRIPT_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_ITALIC)


def draw_negative(rng: np.random.Generator) -> Picture:
    """uint8 (h, w, 3) BGR, about as large as a plate; never a text that a plate could have."""
    return weighted(_KINDS, rng)(rng)


def _colour(rng: np.random.Generator) -> Colour:
    tone = int(rng.integers(0, 256))
    return vary((tone, tone, tone), rng, 30)


def _size(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(50, 170)), 256


def _worn(image: Picture, rng: np.random.Generator) -> Picture:
    """The picture under the same weather as a plate, without letters."""
    return compose(Draft(image, np.zeros(image.shape[:2], np.uint8), (0, 0, 0), ""), rng)


def _grille(rng: np.random.Generator) -> Picture:
    """Bars across, often upright ones too, in waves or straight."""
    height, width = _size(rng)
    image = plain(height, width, _colour(rng))
    step, line = int(rng.integers(4, 24)), _colour(rng)
    for y in range(0, height, step):
        cv2.line(image, (0, y), (width, y + int(rng.integers(-2, 3))), line, int(rng.integers(1, step)))
    for x in range(0, width, step * int(rng.integers(1, 4))) if rng.random() < 0.6 else ():
        cv2.line(image, (x, 0), (x, height), line, int(rng.integers(1, step)))
    return _worn(image, rng)


def _fence(rng: np.random.Generator) -> Picture:
    """Upright bars, as of fences, radiators and stairs: from afar they look like letters I and H."""
    height, width = _size(rng)
    image = plain(height, width, _colour(rng))
    line, top = _colour(rng), int(rng.uniform(0, 0.4) * height)
    step = int(rng.integers(8, 40))
    for x in range(0, width, step):
        at = x + int(rng.integers(-2, 3))
        cv2.line(image, (at, top), (at, height - top), line, int(rng.integers(1, max(2, step // 2))))
    return _worn(image, rng)


def _blank(rng: np.random.Generator) -> Picture:
    """A plate without its letters, or a plain panel."""
    grounds: tuple[Callable[[np.random.Generator], Picture], ...] = (
        lambda chance: mercosul.ground_of_car(chance).copy(),
        lambda chance: old_brazilian.ground_of_car(chance)[0].copy(),
        lambda chance: america.printed_ground(chance).copy(),
    )
    if rng.random() < 0.6:
        return _worn(pick(grounds, rng)(rng), rng)
    image = plain(*_size(rng), _colour(rng))
    frame(image, _colour(rng), rng.uniform(1, 5), int(rng.integers(1, 4)), 6)
    return _worn(image, rng)


def _lettered(text: str, rng: np.random.Generator) -> Picture:
    height, width = _size(rng)
    image = plain(height, width, _colour(rng))
    if rng.random() < 0.4:
        frame(image, _colour(rng), rng.uniform(1, 5), int(rng.integers(1, 3)), 6)
    ink = np.zeros((height, width), np.uint8)
    letters = height * rng.uniform(0.25, 0.8)
    left = rng.uniform(4, 60)
    set_line(ink, text, Area(left, (height - letters) / 2, width - 2 * left, letters), loose(any_face(rng), rng), rng)
    return compose(Draft(image, ink, _colour(rng), "", embossed=float(rng.random() < 0.4)), rng)


def _word(rng: np.random.Generator) -> Picture:
    return _lettered(pick(WORDS, rng), rng)


def _number(rng: np.random.Generator) -> Picture:
    return _lettered(texts.fill(pick(NUMBERS, rng), rng), rng)


def _script(rng: np.random.Generator) -> Picture:
    """Slanting and joined writing, as of brands and stickers."""
    height, width = _size(rng)
    ink = np.zeros((height, width), np.uint8)
    text = pick(WORDS, rng).capitalize()
    size, thickness = rng.uniform(1.0, 2.6), int(rng.integers(1, 6))
    cv2.putText(ink, text, (int(rng.integers(2, 60)), round(height * 0.7)), pick(SCRIPTS, rng), size, 255, thickness)
    image = paint(plain(height, width, _colour(rng)), ink, _colour(rng))
    return _worn(image, rng)


def _wall(rng: np.random.Generator) -> Picture:
    """Bricks, tiles, stone."""
    height, width = _size(rng)
    field = noise_field(height, width, int(rng.integers(4, 80)), rng)
    image = (np.array(_colour(rng)) * (0.5 + 0.5 * field[..., None])).clip(0, 255).astype(np.uint8)
    step, joint = int(rng.integers(10, 40)), _colour(rng)
    for row, y in enumerate(range(0, height, step)):
        cv2.line(image, (0, y), (width, y), joint, 1)
        for x in range(row % 2 * step, width, step * 2):
            cv2.line(image, (x, y), (x, y + step), joint, 1)
    return _worn(image, rng)


def _lamp(rng: np.random.Generator) -> Picture:
    """Tail lamps, mirrors, blots of light."""
    height, width = _size(rng)
    image = plain(height, width, vary((30, 20, 150), rng, 30) if rng.random() < 0.6 else _colour(rng))
    for _ in range(int(rng.integers(2, 9))):
        centre = int(rng.integers(0, width)), int(rng.integers(0, height))
        axes = int(rng.integers(5, 90)), int(rng.integers(5, 50))
        cv2.ellipse(image, centre, axes, float(rng.uniform(0, 180)), 0, 360, _colour(rng), -1)
    return _worn(np.asarray(cv2.blur(image, (5, 5)), np.uint8), rng)


def _scenery(rng: np.random.Generator) -> Picture:
    """Edges of houses, kerbs, poles and windows, on flat ground: what an empty road offers."""
    height, width = _size(rng)
    image = plain(height, width, _colour(rng))
    for _ in range(int(rng.integers(1, 7))):
        x, y = int(rng.integers(-40, width)), int(rng.integers(-30, height))
        corners = np.array([(x, y), (x + 90, y), (x + 90, y + 50), (x, y + 50)]) + rng.integers(-60, 60, (4, 2))
        cv2.fillPoly(image, [corners.astype(np.int32)], _colour(rng), cv2.LINE_AA)
    if rng.random() < 0.5:
        step, wide, tall = int(rng.integers(14, 60)), int(rng.integers(4, 20)), int(rng.integers(6, 30))
        y, tone = int(rng.integers(0, height)), _colour(rng)
        for x in range(int(rng.integers(0, step)), width, step):
            cv2.rectangle(image, (x, y), (x + wide, y + tall), tone, -1)
    return _worn(image, rng)


_KINDS: tuple[tuple[Callable[[np.random.Generator], Picture], float], ...] = (
    (_grille, 0.12), (_fence, 0.08), (_blank, 0.14), (_word, 0.15), (_number, 0.13), (_script, 0.07), (_wall, 0.08),
    (_lamp, 0.07), (_scenery, 0.16),
)  # fmt: skip
