"""Watching a lane: one picture of its camera fetched, read, and taken in."""

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from access import engines, passages
from access.models import Lane
from access.reading import read_picture
from access.regions import region_of
from cameras.models import Source
from cameras.problems import Problem
from cameras.snapshots import SnapshotError, fetch
from recognition import EngineError, ImageError, PlateReader

logger = logging.getLogger("access")

# Longer than a tick can take: the task is killed before (see tasks.py). A lock left by a killed worker ends by itself.
LOCK_SECONDS = 30
# A camera that fails does so at every tick; its health stands on its own row.
QUIET_SECONDS = 60
# Ticks that queued up behind a slow one come all at once; one of them is enough.
PACE = 0.3
# While a vehicle is undecided: how long a tick goes on looking, for how many pictures more, and how fast. A lane that
# looks once a second then has its second picture after a fifth of one.
BURST_SECONDS = 1.5
MOST_MORE = 4
PAUSE = 0.1


def watch(lane_id: int, engine: Callable[[str], PlateReader] = engines.engine) -> None:
    """One tick of a lane. Does nothing where the lane is gone or switched off, or is being watched already.

    What a camera, a picture, an engine's name or a missing cache can do wrong is logged, not raised.
    """
    lane = _lane(lane_id)
    if lane is None or lane.camera.source == Source.UPLOAD:
        return
    try:
        _watch_alone(lane, engine)
    except RedisError as error:
        # Without the cache nobody knows who watches which lane; a watch that had begun ends by itself.
        logger.warning("%s: the cache does not answer: %s", lane, error)


def _watch_alone(lane: Lane, engine: Callable[[str], PlateReader]) -> None:
    if not _is_due(lane):
        return
    with _alone(lane) as is_alone:
        if is_alone:
            _look(lane, engine)


def _lane(lane_id: int) -> Lane | None:
    rows = Lane.objects.select_related("camera__recorder", "gate__controller", "condominium")
    return rows.filter(pk=lane_id, is_active=True).first()


def _look(lane: Lane, engine: Callable[[str], PlateReader]) -> None:
    """One picture; and while a vehicle in it is undecided some more, at the pace that the recorder allows."""
    until = time.monotonic() + BURST_SECONDS
    try:
        reader = engine(lane.engine)
        undecided = _see(lane, reader)
        for _ in range(MOST_MORE):
            if not undecided or time.monotonic() > until:
                return
            undecided = _see_again(lane, reader)
    except (SnapshotError, ImageError, EngineError) as error:
        passages.end_gone(lane, timezone.now())
        _complain(lane, error)


def _see(lane: Lane, reader: PlateReader, *, soon: bool = False) -> bool:
    """Take one picture in. Whether a vehicle in it still waits for its decision."""
    frame = fetch(lane.camera, soon=soon)
    picture, reads = read_picture(frame.data, frame.taken_at, reader, frame.digest, region=region_of(lane.region))
    return any(not passage.outcome for passage in passages.observe(lane, picture, reads, reader, timezone.now()))


def _see_again(lane: Lane, reader: PlateReader) -> bool:
    """The next picture of a burst. A recorder that has none yet is given a moment; the camera is not blamed."""
    time.sleep(PAUSE)
    try:
        return _see(lane, reader, soon=True)
    except SnapshotError as error:
        if error.code != Problem.SAME_FRAME:
            raise
        return lane.camera.source != Source.FOLDER


def _complain(lane: Lane, error: SnapshotError | ImageError | EngineError) -> None:
    code = getattr(error, "code", "engine")
    if lane.camera.source == Source.FOLDER and code == Problem.SAME_FRAME:
        return  # nothing new was put there, as it should be while nobody comes
    if cache.add(f"lane-complaint-{lane.pk}-{code}", 1, QUIET_SECONDS):
        logger.warning("%s: no picture: %s", lane, error)


@contextmanager
def _alone(lane: Lane) -> Iterator[bool]:
    """Whether nobody else watches this lane now; what was taken is given back, by whoever took it only."""
    key, token = f"lane-watch-{lane.pk}", secrets.token_hex(8)
    taken = cache.add(key, token, LOCK_SECONDS)
    try:
        yield taken
    finally:
        if taken and cache.get(key) == token:
            cache.delete(key)


def _is_due(lane: Lane) -> bool:
    key, now = f"lane-begun-{lane.pk}", time.time()
    begun = cache.get(key)
    if begun is not None and 0 <= now - begun < PACE * float(lane.interval):
        return False
    cache.set(key, now, 600)
    return True
