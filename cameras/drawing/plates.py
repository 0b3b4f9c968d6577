"""Brazilian number plates, drawn to measure: 400 by 130 mm, Mercosul and the grey one before it."""

from bisect import bisect_right
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cameras.drawing import letters

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

WIDTH_MM, HEIGHT_MM = 400, 130
# Pixels for a millimetre of the drawn plate; vehicles scale it down from there.
SCALE = 2.0


class Category(StrEnum):
    PRIVATE = "private"
    COMMERCIAL = "commercial"
    OFFICIAL = "official"
    SPECIAL = "special"
    DIPLOMATIC = "diplomatic"
    COLLECTION = "collection"


WHITE: Colour = (244, 246, 246)
BLACK: Colour = (26, 24, 24)
BLUE: Colour = (150, 64, 12)

# Mercosul plates differ by the colour of their letters and rim (BGR).
INK: dict[Category, Colour] = {
    Category.PRIVATE: BLACK,
    Category.COMMERCIAL: (36, 32, 190),
    Category.OFFICIAL: (150, 72, 20),
    Category.SPECIAL: (70, 120, 24),
    Category.DIPLOMATIC: (40, 140, 190),
    Category.COLLECTION: (120, 120, 120),
}
# The plates before it, by ground and letters.
OLD: dict[Category, tuple[Colour, Colour]] = {
    Category.PRIVATE: ((184, 180, 176), BLACK),
    Category.COMMERCIAL: ((44, 40, 176), WHITE),
    Category.OFFICIAL: (WHITE, BLACK),
    Category.SPECIAL: ((84, 124, 36), WHITE),
    Category.DIPLOMATIC: ((150, 92, 30), WHITE),
    Category.COLLECTION: ((40, 38, 38), (190, 190, 190)),
}
# The first letters of a range tell where a plate was first registered (Contran's series); a town of it.
TOWNS: list[tuple[str, str]] = [
    ("AAA", "PR LONDRINA"), ("BFA", "SP CAMPINAS"), ("GKJ", "MG CONTAGEM"), ("HOL", "MA IMPERATRIZ"),
    ("HQF", "MS DOURADOS"), ("HTX", "CE FORTALEZA"), ("HZB", "SE ARACAJU"), ("IAQ", "RS PELOTAS"),
    ("JDP", "DF BRASILIA"), ("JKS", "BA SALVADOR"), ("JTA", "PA SANTAREM"), ("JWF", "AM MANAUS"),
    ("JXZ", "MT CUIABA"), ("KAV", "GO GOIANIA"), ("KFD", "PE RECIFE"), ("KMF", "RJ PETROPOLIS"),
    ("LVF", "PI TERESINA"), ("LWR", "SC BLUMENAU"), ("MMN", "PB JOAO PESSOA"), ("MOX", "ES VITORIA"),
    ("MUA", "AL MACEIO"), ("MVL", "TO PALMAS"), ("MXH", "RN NATAL"), ("MZN", "AC RIO BRANCO"),
]  # fmt: skip


def is_old(text: str) -> bool:
    """Whether a plate's text has the old layout, LLLNNNN; anything else is drawn as Mercosul."""
    return len(text) == 7 and text[:3].isalpha() and text[3:].isdigit()


@lru_cache(maxsize=64)
def draw(text: str, category: Category = Category.PRIVATE) -> Picture:
    """A plate as BGR, shape (260, 800, 3), in the layout that its text tells. Do not write into it."""
    canvas = _old(text, category) if is_old(text) else _mercosul(text, category)
    canvas.flags.writeable = False
    return canvas


def _mm(value: float) -> int:
    return round(value * SCALE)


def _box(canvas: Picture, corner: tuple[float, float], size: tuple[float, float], colour: Colour) -> None:
    """Fill a rectangle given in millimetres."""
    x, y = _mm(corner[0]), _mm(corner[1])
    canvas[y : y + _mm(size[1]), x : x + _mm(size[0])] = colour


def _blank(ground: Colour) -> Picture:
    return np.full((_mm(HEIGHT_MM), _mm(WIDTH_MM), 3), ground, np.uint8)


def _rim(canvas: Picture, colour: Colour, inset: float, width: float) -> None:
    """A thin stamped line along the edge."""
    corner = (_mm(WIDTH_MM - inset), _mm(HEIGHT_MM - inset))
    cv2.rectangle(canvas, (_mm(inset), _mm(inset)), corner, colour, _mm(width), cv2.LINE_AA)


def _mercosul(text: str, category: Category) -> Picture:
    """Blue band of 30 mm with BRASIL, letters of 65 mm, hints of emblem, flag, QR code and BR."""
    canvas, ink = _blank(WHITE), INK[category]
    _waves(canvas)
    _box(canvas, (0, 0), (WIDTH_MM, 30), BLUE)
    _write(canvas, "BRASIL", 200, 7, (15, 17), gap=4.5, stroke=3.4, colour=WHITE)
    _emblem(canvas)
    _flag(canvas)
    _qr(canvas, text)
    _write(canvas, "BR", 24, 108, (8, 11), gap=2, stroke=2.2, colour=ink)
    _write(canvas, text, 211, 46, (41, 65), gap=8.5, stroke=10, colour=ink)
    _rim(canvas, ink, 2.2, 2)
    return canvas


def _old(text: str, category: Category) -> Picture:
    """Grey, letters of 63 mm, LLL·NNNN, and on top the strip that names state and town."""
    ground, ink = OLD[category]
    canvas = _blank(ground)
    _box(canvas, (118, 8), (164, 22), tuple(min(255, value + 12) for value in ground))  # type: ignore[arg-type]
    strip = TOWNS[max(0, bisect_right(TOWNS, (text[:3], "~")) - 1)][1]
    _write(canvas, strip, 200, 12, (8.6, 14), gap=2.4, stroke=2.2, colour=ink)
    _write(canvas, f"{text[:3]}·{text[3:]}", 200, 46, (36, 63), gap=9, stroke=9, colour=ink, dot=14)
    _rim(canvas, ink, 3, 1.6)
    for x in (20, 380):
        cv2.circle(canvas, (_mm(x), _mm(19)), _mm(4), (120, 120, 120), -1, cv2.LINE_AA)
    return canvas


def _write(
    canvas: Picture,
    text: str,
    middle: float,
    top: float,
    cell: tuple[float, float],
    *,
    gap: float,
    stroke: float,
    colour: Colour,
    dot: float | None = None,
) -> None:
    """Write centred on `middle`, all in millimetres; `dot` is the narrower width of the middle dot."""
    widths = [dot if dot is not None and character == "·" else cell[0] for character in text]
    x = middle - (sum(widths) + gap * (len(text) - 1)) / 2
    for character, width in zip(text, widths, strict=True):
        size = (width * SCALE, cell[1] * SCALE)
        style = {"gap": 0.0, "stroke": stroke * SCALE}
        letters.write(canvas, character, x * SCALE, top * SCALE, size, colour=colour, **style)
        x += width + gap


def _waves(canvas: Picture) -> None:
    """The pale wavy print of the ground."""
    x = np.arange(0, canvas.shape[1], 4)
    for base in range(80, canvas.shape[0], 36):
        points = np.stack([x, base + 9 * np.sin(x / 60.0)], axis=1).astype(np.int32)
        cv2.polylines(canvas, [points], False, (236, 238, 236), 2, cv2.LINE_AA)


def _emblem(canvas: Picture) -> None:
    """Three stars over a curve, as the emblem of the union has them, only hinted at."""
    for x, y in ((20, 18), (27, 12), (34, 18)):
        cv2.circle(canvas, (_mm(x), _mm(y)), _mm(1.8), WHITE, -1, cv2.LINE_AA)
    cv2.ellipse(canvas, (_mm(27), _mm(19)), (_mm(13), _mm(5)), 0, 15, 165, (90, 170, 60), _mm(2), cv2.LINE_AA)


def _flag(canvas: Picture) -> None:
    """Green field, yellow rhombus, blue disc."""
    _box(canvas, (357, 6), (28, 19), (60, 140, 20))
    rhombus = np.array([[371, 8], [383, 15.5], [371, 23], [359, 15.5]]) * SCALE
    cv2.fillConvexPoly(canvas, rhombus.astype(np.int32), (40, 210, 240), cv2.LINE_AA)
    cv2.circle(canvas, (_mm(371), _mm(15.5)), _mm(4), (140, 50, 10), -1, cv2.LINE_AA)


def _qr(canvas: Picture, text: str) -> None:
    """Something that looks like a QR code, 15 modules wide, the same for the same text; it says nothing."""
    dots = np.random.default_rng(list(text.encode())).integers(0, 2, (15, 15)).astype(np.uint8)
    for row, column in ((0, 0), (0, 10), (10, 0)):
        dots[row : row + 5, column : column + 5] = 1
        dots[row + 1 : row + 4, column + 1 : column + 4] = 0
        dots[row + 2, column + 2] = 1
    side = _mm(18)
    code = cv2.resize(((1 - dots) * 215 + 20).astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    y, x = _mm(38), _mm(14)
    canvas[y : y + side, x : x + side] = code[:, :, None]
