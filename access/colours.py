"""Colours of vehicles: what people wrote, and what a picture shows around the plate. Pure.

A picture is believed seldom: colours deceive, by lamps, shade, reflections, and plastic parts. It has to be a coloured
one by daylight, for which the plate itself is the reference (its ground is white or grey: a cast of the light shows in
it), and most of what surrounds the plate has to be of one colour. And it only contradicts where no eye would waver.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition import Box
from recognition.reads import Image


class Colour(StrEnum):
    """Classes that a person tells apart at a glance; silver is grey."""

    WHITE = "white"
    GREY = "grey"
    BLACK = "black"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    BROWN = "brown"


# As people write them, in Portuguese and English, without accents: the beginning of a word.
_WORDS = {
    Colour.WHITE: ("branc", "white", "perola", "pearl"),
    Colour.GREY: ("prat", "cinz", "chumbo", "grafit", "silver", "grey", "gray", "graphit", "titani"),
    Colour.BLACK: ("pret", "negr", "black"),
    Colour.RED: ("vermelh", "vinho", "bordo", "red", "wine", "burgund"),
    Colour.ORANGE: ("laranj", "orange", "cobre", "copper"),
    Colour.YELLOW: ("amarel", "yellow", "dourad", "gold"),
    Colour.GREEN: ("verde", "green"),
    Colour.BLUE: ("azul", "blue", "azui"),
    Colour.BROWN: ("marro", "bege", "beige", "brown", "champan", "champagn"),
}

# What the colour of a picture contradicts. Grey and black contradict nothing: bumpers, grilles, shade and tarmac are.
# What lamps, dusk or sun could make of another colour is no contradiction either: a pale blue car may look white.
CONTRADICTS: dict[Colour, frozenset[Colour]] = {
    Colour.WHITE: frozenset({Colour.BLACK, Colour.RED}),
    Colour.RED: frozenset({Colour.WHITE, Colour.GREY, Colour.BLUE, Colour.GREEN, Colour.YELLOW}),
    Colour.BLUE: frozenset({Colour.WHITE, Colour.RED, Colour.ORANGE, Colour.YELLOW, Colour.BROWN}),
    Colour.GREEN: frozenset({Colour.WHITE, Colour.RED, Colour.ORANGE}),
    Colour.YELLOW: frozenset({Colour.BLUE, Colour.RED, Colour.BLACK}),
    Colour.ORANGE: frozenset({Colour.BLUE, Colour.GREEN}),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """The colour around a plate; `confidence` is the share of what surrounds it that is of this colour, 0..1."""

    colour: Colour
    confidence: float


def colour_of(text: str) -> Colour | None:
    """The class of a colour as somebody wrote it; None where it is none, or several ("branco e vermelho")."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    words = re.findall("[a-z]+", plain)
    found = {colour for colour, stems in _WORDS.items() for word in words if word.startswith(stems)}
    return found.pop() if len(found) == 1 else None


def contradicts(seen: Seen | None, registered: str) -> bool:
    """Whether a picture shows surely that this is not a vehicle of the registered colour."""
    own = colour_of(registered)
    return seen is not None and own in CONTRADICTS.get(seen.colour, ())


# --- from a picture -------------------------------------------------------------------------------------

Floats = NDArray[np.float32]

_LEAST_WIDTH = 48  # pixels of a plate, below which there is too little around it
_ENOUGH_WIDTH = 64  # as wide a plate tells as much as a wider one
_REDUCED = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}
_LEAST_ASPECT = 1.8  # a plate of two lines is mostly a motorcycle's: around it is the street
_MOST_CAST = 12.0  # chroma of the plate's ground, above which the light is coloured, or the plate
_PLATE_LIGHT = 50.0, 97.0  # lightness of the plate's ground by day, not burnt out
_ANY_COLOUR = 12.0  # chroma that some of the picture has
_AROUND = 0.6  # of what surrounds the plate that has to be of one colour
_COLOURED = 30.0  # chroma from which on a colour is one
_GREY = 9.0  # chroma up to which it is none
_BRIGHT, _DARK = 0.93, 0.42  # of the lightness of the plate's ground: white from, black up to


def seen_in(data: bytes, box: Box) -> Seen | None:
    """As `seen_around`, of a picture's bytes that were read before; decoded no larger than needed: a gate waits."""
    reduced = max((by for by in _REDUCED if box.w >= by * _ENOUGH_WIDTH), default=1)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), _REDUCED[reduced] | cv2.IMREAD_IGNORE_ORIENTATION)
    if image is None:
        return None
    small = Box(*(round(side / reduced) for side in (box.x, box.y, box.w, box.h)))
    return seen_around(image.astype(np.uint8, copy=False), small)


def seen_around(image: Image, box: Box) -> Seen | None:
    """The colour of the bodywork around the plate in a picture (BGR); None where the picture is not good enough."""
    if box.w < _LEAST_WIDTH or box.w < _LEAST_ASPECT * box.h or not _is_coloured(image):
        return None
    light = _light(image, box)
    around = _around(image, box)
    if light is None or around is None:
        return None
    classes = _classes(around, light)
    names, counts = np.unique(classes, return_counts=True)
    best = int(counts.argmax())
    share = float(counts[best]) / len(classes)
    return Seen(Colour(str(names[best])), round(share, 2)) if names[best] and share >= _AROUND else None


def _is_coloured(image: Image) -> bool:
    """Whether there is any colour in the picture: an infrared one has none, and in it red paint is white."""
    step = max(1, image.shape[1] // 160)
    lab = _lab(image[::step, ::step])
    return len(lab) > 0 and float(np.quantile(np.hypot(lab[:, 1], lab[:, 2]), 0.95)) >= _ANY_COLOUR


def _light(image: Image, box: Box) -> float | None:
    """The lightness of the plate's ground; None where it is dark, burnt out or coloured."""
    lab = _lab(image[box.y + box.h // 4 : box.y + box.h, box.x : box.x + box.w])
    if not len(lab):
        return None
    ground = lab[lab[:, 0] >= np.quantile(lab[:, 0], 0.6)]
    lightness, cast = float(np.median(ground[:, 0])), float(np.hypot(*np.median(ground[:, 1:], axis=0)))
    least, most = _PLATE_LIGHT
    return lightness if least <= lightness <= most and cast <= _MOST_CAST else None


def _around(image: Image, box: Box) -> Floats | None:
    """What is above and beside the plate (m, 3); None where the picture ends too near."""
    width = image.shape[1]
    left, right = box.x - round(0.7 * box.w), box.x + box.w + round(0.7 * box.w)
    top = box.y - round(2.2 * box.h)
    if left < 0 or top < 0 or right > width:
        return None
    gap = max(3, box.h // 3)
    above = image[top : box.y - gap, left:right]
    beside = [
        image[box.y : box.y + box.h, left : box.x - gap],
        image[box.y : box.y + box.h, box.x + box.w + gap : right],
    ]
    parts = [_lab(part) for part in (above, *beside) if part.size]
    return np.concatenate(parts) if parts else None


def _lab(part: Image) -> Floats:
    """CIE Lab, lightness 0..100 (m, 3), of a part made small: noise and letters are averaged out."""
    if not part.size:
        return np.zeros((0, 3), np.float32)
    rows, columns = part.shape[:2]
    scale = min(1.0, 48 / max(rows, columns))
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB).reshape(-1, 3), np.float32)


_HUES = ((45.0, Colour.RED), (68.0, Colour.ORANGE), (105.0, Colour.YELLOW), (190.0, Colour.GREEN), (305.0, Colour.BLUE))


def _classes(lab: Floats, light: float) -> NDArray[np.str_]:
    """The class of each pixel, empty where it is between two."""
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    named = np.full(len(lab), "", "<U6")
    grey, bright = chroma <= _GREY, lab[:, 0] / light
    named[grey] = Colour.GREY
    named[grey & (bright >= _BRIGHT)] = Colour.WHITE
    named[grey & (bright <= _DARK)] = Colour.BLACK
    coloured = (chroma >= _COLOURED) & (lab[:, 0] >= 15)
    names = np.array([colour for _end, colour in _HUES] + [Colour.RED])
    named[coloured] = names[np.searchsorted([end for end, _colour in _HUES], hue[coloured])]
    named[coloured & (named == Colour.ORANGE) & (lab[:, 0] < 45)] = Colour.BROWN
    return named
