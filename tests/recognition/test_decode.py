"""From bytes to a picture: what is none is refused, with a reason, before memory is spent on it."""

import resource
import struct
import zlib

import cv2
import numpy as np
import pytest

from recognition import ImageError, decode_image


def _encoded(suffix: str, height: int = 48, width: int = 64) -> bytes:
    picture = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    return cv2.imencode(suffix, picture)[1].tobytes()


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred kilobytes that unpacks to width × height pixels."""
    rows = zlib.compressobj(9)
    line = bytes(1 + width // 8)
    body = b"".join(rows.compress(line) for _ in range(height)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", body) + _png_chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_jpeg_and_a_png_become_bgr(suffix: str) -> None:
    image = decode_image(_encoded(suffix))
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.dtype(np.uint8)


def test_a_grey_png_of_sixteen_bits_becomes_bgr_of_eight() -> None:
    data = cv2.imencode(".png", np.full((8, 9), 40_000, np.uint16))[1].tobytes()
    image = decode_image(data)
    assert (image.shape, int(image[0, 0, 0])) == ((8, 9, 3), 156)
    assert image.dtype == np.dtype(np.uint8)


def test_bytes_behind_the_end_of_a_jpeg_do_not_matter() -> None:
    assert decode_image(_encoded(".jpg") + b"\0" * 100).shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n1 0 obj\n", "not_an_image"),
        (b"<html><body>Login</body></html>", "not_an_image"),
        (b"GIF89a\x01\x00\x01\x00", "not_an_image"),
        (_encoded(".bmp"), "not_an_image"),
        (b"\xff\xd8\xff", "truncated"),
        (_encoded(".jpg")[:-200], "truncated"),
        (_encoded(".jpg")[:100], "truncated"),
        (_encoded(".png")[:-200], "truncated"),
        (b"\x89PNG\r\n\x1a\n", "truncated"),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00garbage" + b"\0" * 50, "not_an_image"),
    ],
)
def test_what_is_no_whole_picture_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(ImageError) as caught:
        decode_image(data)
    assert (caught.value.code, str(caught.value).endswith(".")) == (code, True)


def test_a_thumbnail_within_a_cut_off_jpeg_does_not_pass_for_its_end() -> None:
    whole, thumbnail = _encoded(".jpg"), _encoded(".jpg", 8, 8)
    segment = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    with pytest.raises(ImageError) as caught:
        decode_image(whole[:2] + segment + whole[2:-300])
    assert caught.value.code == "truncated"


def test_a_bomb_of_200_megapixels_is_refused_from_its_header() -> None:
    bomb = _bomb(20_000, 10_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImageError) as caught:
        decode_image(bomb)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (caught.value.code, grown < 50_000) == ("too_large", True)  # unpacked it is 600 MB


def test_a_jpeg_that_claims_200_megapixels_is_refused_too() -> None:
    data = bytearray(_encoded(".jpg"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 10_000, 20_000)
    with pytest.raises(ImageError) as caught:
        decode_image(bytes(data))
    assert caught.value.code == "too_large"


def test_the_limit_is_the_callers_to_set() -> None:
    assert decode_image(_encoded(".jpg"), max_pixels=48 * 64).shape == (48, 64, 3)
    with pytest.raises(ImageError) as caught:
        decode_image(_encoded(".jpg"), max_pixels=48 * 64 - 1)
    assert caught.value.code == "too_large"
