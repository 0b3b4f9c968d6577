"""Fetching pictures: the verbs of this app.

    frame = fetch(camera)         # or SnapshotError

One picture costs a device one request (two where it wants a new login), one UPDATE of the camera's row,
and less than three seconds, whatever the device does.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from cameras import asking, folders, health, jpegs, makes, slots
from cameras.health import resume
from cameras.makes import Channel
from cameras.models import Camera, Recorder, Source
from cameras.models import Make as Name
from cameras.problems import Problem, SnapshotError
from premises.journal import Actor

__all__ = ["Channel", "Frame", "SnapshotError", "detect_channels", "fetch", "resume", "test_connection"]

# Channels tried on a recorder that does not list them; so many in a row without a picture end the search.
MOST_CHANNELS, GAP = 32, 2
NO_CHANNEL = asking.ELSEWHERE | {Problem.NOT_AN_IMAGE, Problem.EMPTY, Problem.TRUNCATED}
# A file in a folder that is younger than this may not be complete yet.
STILL_WRITING = timedelta(seconds=10)


@dataclass(frozen=True)
class Frame:
    """One picture, byte by byte as it was received, and when it was taken.

    `taken_at` (aware) is the latest time at which it can have been taken: when the first byte of the
    answer arrived, or when its file was written. It is never later than the receipt.
    """

    data: bytes
    taken_at: datetime
    digest: str
    camera_id: int | None
    width: int
    height: int


def fetch(camera: Camera, *, soon: bool = False) -> Frame:
    """The camera's picture now; its health is written on its row. Raises `SnapshotError`.

    `soon`: it was asked a moment ago, so that it may have no new picture yet, which then is no fault of it.
    """
    begun = time.monotonic()
    try:
        frame = _take(camera, by_hand=False)
        _refuse_repeated(camera, frame)
    except SnapshotError as error:
        if not (soon and error.code == Problem.SAME_FRAME):
            health.note_problem(camera, error)
        raise
    health.note_frame(camera, frame.digest, frame.taken_at, round((time.monotonic() - begun) * 1000))
    return frame


def test_connection(device: Camera | Recorder, actor: Actor | None = None) -> Frame:
    """The picture for a person who asks for it, also of a stopped recorder: one try. Raises `SnapshotError`.

    Where an actor is named and a stopped recorder answers, it is resumed in that name. The message of a
    refused login says how many tries are left.
    """
    begun = time.monotonic()
    camera = device if isinstance(device, Camera) else _first_camera(device)
    try:
        frame = _take(camera, by_hand=True)
    except SnapshotError as error:
        if camera.pk:
            health.note_problem(camera, error)
        raise
    if actor is not None:
        resume(device, actor)
    if camera.pk:
        health.note_frame(camera, frame.digest, frame.taken_at, round((time.monotonic() - begun) * 1000))
    return frame


test_connection.__test__ = False  # type: ignore[attr-defined]  # its name is no test's


def detect_channels(recorder: Recorder) -> list[Channel]:
    """The channels that a recorder lists, or those that answer with a picture. Raises `SnapshotError`."""
    make = makes.of(recorder)

    def ask(path: str) -> str:
        return asking.ask_recorder(recorder.pk, [path], by_hand=True).body.decode("utf-8", "replace")

    try:
        channels = make.channels(ask)
    except SnapshotError as error:
        if error.code not in asking.ELSEWHERE:
            raise
        channels = None
    return channels if channels is not None else _channels_by_trial(recorder)


def _first_camera(recorder: Recorder) -> Camera:
    """A camera of the recorder, or one that is not saved and stands for its first channel."""
    unsaved = Camera(condominium_id=recorder.condominium_id, recorder=recorder, channel=1)
    return recorder.cameras.order_by("channel").first() or unsaved


def _refuse_repeated(camera: Camera, frame: Frame) -> None:
    if frame.digest == camera.last_frame_digest:
        raise SnapshotError(Problem.SAME_FRAME)


def _take(camera: Camera, *, by_hand: bool) -> Frame:
    match camera.source:
        case Source.RECORDER:
            return _from_recorder(camera, by_hand=by_hand)
        case Source.URL:
            return _from_url(camera, by_hand=by_hand)
        case Source.FOLDER:
            return _from_folder(camera)
    raise SnapshotError(Problem.NO_PICTURE)


def _frame(camera: Camera, data: bytes, taken_at: datetime) -> Frame:
    width, height = jpegs.size_of(data)
    return Frame(data, taken_at, hashlib.sha256(data).hexdigest(), camera.pk, width, height)


def _from_recorder(camera: Camera, *, by_hand: bool) -> Frame:
    if camera.recorder is None or camera.recorder.make not in Name.values:
        raise SnapshotError(Problem.NOT_FOUND)
    paths = makes.of(camera.recorder).picture_paths(camera.channel)
    answer = asking.ask_recorder(camera.recorder.pk, paths, by_hand=by_hand)
    return _frame(camera, answer.body, answer.at)


def _from_url(camera: Camera, *, by_hand: bool) -> Frame:
    answer = asking.ask_camera(camera, by_hand=by_hand)
    return _frame(camera, answer.body, answer.at)


def _from_folder(camera: Camera) -> Frame:
    """The next picture that was put there; same_frame while there is no newer one."""
    key = f"cameras:folder:{camera.pk}"
    with slots.queue_errors():
        after = cache.get(key, folders.BEGINNING)
        found = folders.following(camera.folder, after)
        if found is None:
            raise SnapshotError(Problem.SAME_FRAME)
        try:
            frame = _frame(camera, folders.read(found), found.taken_at)
        except SnapshotError:
            # It may still be being written; later it is passed over.
            if timezone.now() - found.taken_at > STILL_WRITING:
                cache.set(key, (found.written_ns, found.name), None)
            raise
        cache.set(key, (found.written_ns, found.name), None)
    return frame


def _channels_by_trial(recorder: Recorder) -> list[Channel]:
    """Ask for one channel's picture after another until two in a row have none."""
    found: list[Channel] = []
    for number in range(1, MOST_CHANNELS + 1):
        paths = makes.of(recorder).picture_paths(number)
        try:
            jpegs.size_of(asking.ask_recorder(recorder.pk, paths, by_hand=True).body)
            found.append(Channel(number, ""))
        except SnapshotError as error:
            if error.code not in NO_CHANNEL:
                raise
        if number - (found[-1].number if found else 0) >= GAP:
            break
    return found
