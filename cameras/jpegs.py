"""Is it a whole JPEG picture of a sane size? Answered before anything large is decoded."""

import io
import struct

from django.utils.translation import gettext as _
from PIL import Image

from cameras.problems import Problem, SnapshotError

BEGIN, END = b"\xff\xd8", b"\xff\xd9"
MAX_PIXELS = 40_000_000
# Start-of-frame markers: FFC0 to FFCF without the three that mean something else.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that is whole and can be decoded.

    Raises `SnapshotError`: empty, not_an_image, truncated, too_large.
    """
    if not data:
        raise SnapshotError(Problem.EMPTY)
    if not data.startswith(BEGIN):
        page = data[:512].lstrip().lower().startswith((b"<!doctype", b"<html"))
        raise SnapshotError(Problem.NOT_AN_IMAGE, _("It is a web page.") if page else "")
    # Some cameras pad their pictures to a block.
    if not data.rstrip(b"\0\r\n").endswith(END):
        raise SnapshotError(Problem.TRUNCATED)
    width, height = _declared(data)
    if width * height > MAX_PIXELS:
        raise SnapshotError(Problem.TOO_LARGE, _("It has %(w)d × %(h)d pixels.") % {"w": width, "h": height})
    _decode_small(data)
    return width, height


def _declared(data: bytes) -> tuple[int, int]:
    """The size that the frame header declares (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise SnapshotError(Problem.TRUNCATED)


def _decode_small(data: bytes) -> None:
    """Decode at an eighth of the size: reads every byte, needs a sixty-fourth of the memory."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            picture.draft("L", (picture.width // 8, picture.height // 8))
            picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        # Pillow says OSError for what is missing and SyntaxError for what is broken.
        raise SnapshotError(Problem.TRUNCATED) from error
