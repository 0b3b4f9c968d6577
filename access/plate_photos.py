"""A photo of a plate, taken to fill in a form: read, answered, and kept nowhere."""

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

from access import engines
from recognition import ALPHABET, DEFAULT, ImageError, Look, Read, Unread, decode_image, is_possible

# From here on the plate is filled in without a question.
SURE = 0.9
MOST = 4
# The plate of a photo that somebody took of it is large: more pixels only take longer.
LONGEST_SIDE = 1920
LONGEST_BYTES = 15 * 1024 * 1024
# Another character is offered where it is at least so likely as part of the likeliest.
LIKELY = 0.02

_UNREAD: dict[Unread, Any] = {
    Unread.NO_PLATE: _("No plate was found in the photo. Take it from the front, two steps away, or type the plate."),
    Unread.TOO_SMALL: _("The plate is too small in the photo. Go nearer and take it again, or type the plate."),
    Unread.TOO_BLURRED: _("The photo is blurred. Hold the phone still and take it again, or type the plate."),
    Unread.TOO_DARK: _("The photo is too dark. Take it with more light, or type the plate."),
    Unread.FORMAT_UNKNOWN: _("A plate was found, but its text is like no plate that we know. Please type it."),
}
_UNUSABLE: dict[str, Any] = {
    "too_large": _("The photo is too large. Take a smaller one, or type the plate."),
    "truncated": _("The photo did not arrive whole. Try again, or type the plate."),
}
_NO_PHOTO = _("This file is no photo that can be read. Take another one, or type the plate.")


@dataclass(frozen=True, slots=True)
class PlatePhoto:
    """What a photo says: plates, the likeliest first. `problem` is for people where there is none."""

    plates: tuple[str, ...] = ()
    is_sure: bool = False
    problem: str = ""


def read_photo(data: bytes) -> PlatePhoto:
    """Read the plate of a phone's photo. Raises `recognition.EngineError` where no recognition is installed."""
    if len(data) > min(LONGEST_BYTES, settings.UPLOAD_MAX_BYTES):
        return PlatePhoto(problem=str(_UNUSABLE["too_large"]))
    reader = engines.engine(DEFAULT)
    try:
        look = reader.look(_upright(data))
    except (ImageError, OSError, Image.DecompressionBombError) as error:
        return PlatePhoto(problem=str(_UNUSABLE.get(getattr(error, "code", ""), _NO_PHOTO)))
    return _told(look)


def _told(look: Look) -> PlatePhoto:
    if look.unread is not None:
        return PlatePhoto(problem=str(_UNREAD[look.unread]))
    first = look.reads[0]
    plates = dict.fromkeys([*candidates(first), *(read.text for read in look.reads[1:])])
    is_sure = first.certainty >= SURE and is_possible(first.text)
    return PlatePhoto(tuple(plates)[:MOST], is_sure)


def candidates(read: Read) -> list[str]:
    """The text, and what it may be instead where one character is doubtful, the likeliest first."""
    others: list[tuple[float, str]] = []
    for place, row in enumerate(read.probabilities):
        taken = float(row[ALPHABET.index(read.text[place])])
        for index in np.argsort(row)[::-1][:3]:
            other = read.text[:place] + ALPHABET[index] + read.text[place + 1 :]
            if other != read.text and row[index] >= LIKELY * taken and is_possible(other):
                others.append((float(row[index]) / max(taken, 1e-6), other))
    return [read.text, *(text for _likely, text in sorted(others, reverse=True))]


def _upright(data: bytes) -> Any:
    """The photo as the phone showed it, no larger than is worth reading. Its size is checked before it is unpacked."""
    image = decode_image(data)
    with Image.open(io.BytesIO(data)) as photo:
        turn = photo.getexif().get(0x0112, 1)
    image = _turned(image, turn)
    part = LONGEST_SIDE / max(image.shape[:2])
    return image if part >= 1 else cv2.resize(image, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)


_TURNS = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}


def _turned(image: Any, turn: int) -> Any:
    """Phones note in EXIF how they were held; the mirrored ones are of no camera that takes plates."""
    return cv2.rotate(image, _TURNS[turn]) if turn in _TURNS else image
