"""From the bytes of a file to a picture, refusing what is none before any memory is spent on it."""

import struct

import cv2
import numpy as np

from recognition.reads import Image

MAX_PIXELS = 40_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start-of-frame markers, ITU T.81 table B.1
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


class ImageError(ValueError):
    """Bytes that are no usable picture.

    `code` is one of "empty", "not_an_image", "too_large", "truncated".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def decode_image(data: bytes, *, max_pixels: int = MAX_PIXELS) -> Image:
    """A JPEG or PNG as height × width × 3 BGR bytes; raises `ImageError`.

    The size is taken from the header, so that a small file which would unpack to gigabytes is refused unread.
    An orientation noted in EXIF is ignored: recorders do not write one, and boxes stay those of the stored picture.
    """
    width, height = _size(data)
    if width * height > max_pixels:
        raise ImageError("too_large", f"The picture has {width} × {height} pixels; {max_pixels} is the limit.")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise ImageError("not_an_image", "The picture is damaged and cannot be decoded.") from error
    if image is None:
        raise ImageError("not_an_image", "The picture is damaged and cannot be decoded.")
    return image.astype(np.uint8, copy=False)


def check_picture(image: Image) -> None:
    """Raise `ValueError` where an array is not height × width (× 3, BGR) bytes with a pixel at least."""
    has_shape = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    if image.dtype != np.uint8 or not has_shape or not image.size:
        raise ValueError(
            f"A picture is height × width × 3 of uint8, or height × width, not {image.shape} of {image.dtype}."
        )


def grey_of(image: Image) -> Image:
    """A BGR picture in grey; one that is grey already as it is."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def _size(data: bytes) -> tuple[int, int]:
    if not data:
        raise ImageError("empty", "The file is empty.")
    if data.startswith(_PNG):
        return _png_size(data)
    if data.startswith(_JPEG):
        return _jpeg_size(data)
    raise ImageError("not_an_image", "The file is neither a JPEG nor a PNG picture.")


def _truncated() -> ImageError:
    return ImageError("truncated", "The picture ends before its end: the file was cut off.")


def _png_size(data: bytes) -> tuple[int, int]:
    if len(data) < 24 or b"IEND" not in data[-32:]:
        raise _truncated()
    width, height = struct.unpack(">II", data[16:24])
    return _positive(width, height)


def _positive(width: int, height: int) -> tuple[int, int]:
    if width == 0 or height == 0:
        raise ImageError("not_an_image", "The picture has no pixels.")
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height from the frame header; the end-of-image marker must follow the first scan."""
    size: tuple[int, int] | None = None
    at = 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise ImageError("not_an_image", "The picture is damaged: its segments do not follow one another.")
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _FRAMES and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = _positive(width, height)
        if marker == 0xDA:
            return _scanned(data, at, size)
        at += 2 + length
    raise _truncated()


def _scanned(data: bytes, at: int, size: tuple[int, int] | None) -> tuple[int, int]:
    if size is None:
        raise ImageError("not_an_image", "The picture is damaged: it has a scan but no frame header.")
    if data.rfind(b"\xff\xd9") < at:
        raise _truncated()
    return size
