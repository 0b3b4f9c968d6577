"""The test picture of a lane: asked for by a person, kept in the cache while the sitting lasts, and nowhere else."""

import base64
from dataclasses import dataclass

from django.core.cache import cache

from access.models import Lane
from cameras.advice import ADVICE
from cameras.snapshots import Frame, SnapshotError

KEPT = 1800  # seconds


@dataclass(frozen=True)
class Shown:
    """A picture within a page."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Trouble:
    """Why there is no picture, and what to do about it."""

    problem: str
    advice: str


def shown(frame: Frame) -> Shown:
    return Shown(f"data:image/jpeg;base64,{base64.b64encode(frame.data).decode()}", frame.width, frame.height)


def trouble(error: SnapshotError) -> Trouble:
    return Trouble(error.message, str(ADVICE.get(error.code, "")))


def keep(lane: Lane, frame: Frame) -> Shown:
    picture = shown(frame)
    cache.set(_key(lane), picture, KEPT)
    return picture


def kept(lane: Lane) -> Shown | None:
    """The lane's last test picture, where it is not too long ago."""
    found = cache.get(_key(lane))
    return found if isinstance(found, Shown) else None


def _key(lane: Lane) -> str:
    # With the channel: a camera that was turned to another has no picture yet.
    return f"setup-picture-{lane.pk}-{lane.camera.recorder_id}-{lane.camera.channel}"
