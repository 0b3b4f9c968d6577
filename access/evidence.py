"""Evidence pictures: the very frame that was read, the plate cut out of it, and small ones for lists.

A frame is written before the row that names it is committed. Crop and thumbnail can be made again from the frame, so
they are written afterwards: no gate waits for them.
"""

import hashlib
import io
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal, get_args

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from access.models import Detection
from recognition import Box

logger = logging.getLogger(__name__)

# What is made of a frame: small for lists, larger for a screen on which a person decides.
SIZES = {"thumb": (320, 240), "screen": (640, 480)}
SMALL_QUALITY = 78
# A margin around the plate, in parts of its size: what tells a person whose plate it is.
MARGIN = (0.25, 0.5)

Small = Literal["thumb", "screen"]
Kind = Literal["frame", "crop", "thumb", "screen"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as it was received. `digest` is the SHA-256 (hex) of `data`; `read_ms` what reading it took."""

    data: bytes
    taken_at: datetime
    digest: str
    read_ms: int = 0

    @classmethod
    def of(cls, data: bytes, taken_at: datetime, read_ms: int = 0) -> "Picture":
        return cls(data, taken_at, hashlib.sha256(data).hexdigest(), read_ms)


def keep_frame(detection: Detection, picture: Picture) -> str:
    """Write the frame of a detection that is not saved yet, and name it there. Returns its name."""
    suffix = "png" if picture.data.startswith(b"\x89PNG") else "jpg"
    name = f"{detection.taken_at:%H%M%S}-{picture.digest[:12]}.{suffix}"
    detection.frame_digest = picture.digest
    detection.frame.save(name, ContentFile(picture.data), save=False)
    return detection.frame.name or ""


def keep_crop(detection: Detection, data: bytes) -> None:
    """Cut the plate out of a frame's bytes and keep it. What fails is logged: the frame is the evidence."""
    try:
        content = ContentFile(cut(data, Box(*detection.box)))
        detection.crop.save(f"{detection.taken_at:%H%M%S}-{detection.pk}-plate.jpg", content, save=False)
        Detection.objects.filter(pk=detection.pk).update(crop=detection.crop.name)
    except (OSError, ValueError, TypeError):
        logger.exception("The plate of detection %s could not be cut out", detection.pk)


def cut(data: bytes, box: Box) -> bytes:
    """The box with its margin as a JPEG."""
    with Image.open(io.BytesIO(data)) as frame:
        wide = box.grown(*MARGIN, *frame.size)
        part = frame.crop((wide.x, wide.y, wide.x + wide.w, wide.y + wide.h))
        return _jpeg(part)


def read(detection: Detection, kind: Kind) -> bytes | None:
    """A picture of a detection; None where it is not, or no longer, kept. A small one is made when first asked for."""
    if kind == "thumb" or kind == "screen":
        return _smaller(detection, kind)
    return _content((detection.frame if kind == "frame" else detection.crop).name)


def is_intact(detection: Detection) -> bool:
    """Whether the frame is still the one that was read, byte for byte."""
    data = read(detection, "frame")
    return data is not None and hashlib.sha256(data).hexdigest() == detection.frame_digest


def _smaller(detection: Detection, kind: Small) -> bytes | None:
    source = detection.frame.name or detection.crop.name
    if not source:
        return None
    name = small_name(source, kind)
    kept = _content(name)
    if kept is not None:
        return kept
    data = _content(source)
    if data is None:
        return None
    small = shrink(data, kind)
    default_storage.save(name, ContentFile(small))
    return small


def shrink(data: bytes, kind: Small = "thumb") -> bytes:
    """A picture made small, as a JPEG."""
    with Image.open(io.BytesIO(data)) as frame:
        frame.draft("RGB", SIZES[kind])
        frame.thumbnail(SIZES[kind])
        return _jpeg(frame, SMALL_QUALITY)


def small_name(source: str, kind: Small) -> str:
    return str(PurePosixPath(source).with_suffix(f".{kind}.jpg"))


def discard(names: Iterable[str]) -> None:
    """Remove frames, and what was made of them, that no row names any more."""
    for name in filter(None, names):
        default_storage.delete(name)
        for kind in get_args(Small):
            default_storage.delete(small_name(name, kind))


def folder_of(name: str) -> str:
    """The folder of a passage, in which all its pictures of a day are, and nothing else."""
    return str(PurePosixPath(name).parent)


def remove(folders: Iterable[str], names: Iterable[str]) -> int:
    """Remove whole folders of passages, and single pictures. What fails is logged; returns how many were left."""
    return sum(not _tried(_remove_folder, folder) for folder in folders) + sum(
        not _tried(default_storage.delete, name) for name in names if name
    )


def remove_if_empty(folder: str) -> None:
    if not any(default_storage.listdir(folder)):
        _tried(default_storage.delete, folder)


def _remove_folder(folder: str) -> None:
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)


def _tried(remove: Callable[[str], None], name: str) -> bool:
    try:
        remove(name)
    except OSError:
        logger.exception("%s could not be removed", name)
        return False
    return True


def _content(name: str | None) -> bytes | None:
    if not name or not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        return bytes(file.read())


def _jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
