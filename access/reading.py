"""From the bytes of a picture to reads, timed."""

import time
from datetime import datetime

from access.evidence import Picture
from access.regions import Region, read_in
from recognition import PlateReader, Read, decode_image


def read_picture(
    data: bytes, taken_at: datetime, engine: PlateReader, digest: str = "", *, region: Region | None = None
) -> tuple[Picture, list[Read]]:
    """Decode and read, within the region where one is given. Raises `recognition.ImageError` for no usable picture."""
    image = decode_image(data)
    begun = time.perf_counter()
    reads = read_in(region, image, engine)
    read_ms = round((time.perf_counter() - begun) * 1000)
    picture = Picture(data, taken_at, digest, read_ms) if digest else Picture.of(data, taken_at, read_ms)
    return picture, reads
