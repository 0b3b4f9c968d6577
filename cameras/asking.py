"""Asking a device in an orderly way: one of its slots, only while it may be asked, with what follows."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.core.cache import cache
from django.utils import timezone

from cameras import health, slots, targets
from cameras.conversations import Conversation
from cameras.models import Camera, Health, Recorder
from cameras.problems import Problem, SnapshotError
from cameras.transport import Answer, Deadline

# Everything together: waiting for a slot, connecting, logging in, the last byte of the answer.
DEADLINE = 2.7
IN_FLIGHT = 2
# Addresses that refuse in this way may have a second address for the same picture.
ELSEWHERE = frozenset({Problem.NOT_FOUND, Problem.FORBIDDEN, Problem.BAD_ANSWER})
LEARNED = 24 * 3600


def ask_recorder(recorder_id: int, paths: Sequence[str], *, by_hand: bool) -> Answer:
    """The answer of the first path that has one. Raises `SnapshotError`.

    `by_hand`: a person asks, so a stop or a pause does not hold it back.
    """
    deadline = Deadline(DEADLINE)
    recorder = _fresh(recorder_id, by_hand=by_hand)
    with turn(Conversation(targets.of_recorder(recorder), deadline), deadline):
        # Again, for another process may have been refused while this one waited for its turn.
        recorder = _fresh(recorder_id, by_hand=by_hand)
        conversation = Conversation(targets.of_recorder(recorder), deadline)
        try:
            answer = _first_answer(conversation, paths)
        except SnapshotError as error:
            _draw_consequences(recorder, error)
            raise
    health.note_quiet(recorder)
    return answer


def ask_camera(camera: Camera, *, by_hand: bool) -> Answer:
    """The picture of a camera with its own address. Raises `SnapshotError`."""
    deadline = Deadline(DEADLINE)
    target, path = targets.of_camera(camera)
    conversation = Conversation(target, deadline)
    with turn(conversation, deadline):
        _check_camera(camera, by_hand=by_hand)
        try:
            return conversation.get(path)
        except SnapshotError as error:
            _draw_consequences(camera, error)
            raise


def turn(conversation: Conversation, deadline: Deadline) -> AbstractContextManager[None]:
    """One of the device's turns, for as long as the block runs."""
    # Until a login has been accepted, one at a time: two wrong ones at once would be two tries lost.
    limit = IN_FLIGHT if conversation.proven else 1
    return slots.slot(conversation.target.key, limit, deadline)


def _fresh(recorder_id: int, *, by_hand: bool) -> Recorder:
    """The recorder's row as it is now; raises `SnapshotError` where it may not be asked."""
    try:
        recorder = Recorder.objects.get(pk=recorder_id)
    except Recorder.DoesNotExist as error:
        raise SnapshotError(Problem.NOT_FOUND) from error
    health.check_open(recorder, timezone.now(), by_hand=by_hand)
    return recorder


def _check_camera(camera: Camera, *, by_hand: bool) -> None:
    try:
        camera.refresh_from_db(fields=["health", "retry_at", "failures"])
    except Camera.DoesNotExist as error:
        raise SnapshotError(Problem.NOT_FOUND) from error
    if by_hand:
        return
    if camera.health == Health.STOPPED:
        raise SnapshotError(Problem.STOPPED)
    if camera.retry_at is not None and camera.retry_at > timezone.now():
        raise SnapshotError(Problem.WAITING, retry_at=camera.retry_at)


def _first_answer(conversation: Conversation, paths: Sequence[str]) -> Answer:
    """Ask one address after another, beginning with the one that answered last time."""
    key = f"cameras:path:{conversation.target.key}:{paths[0]}"
    usual = cache.get(key) if len(paths) > 1 else None
    order = sorted(paths, key=lambda path: path != usual)
    first: SnapshotError | None = None
    for path in order:
        try:
            answer = conversation.get(path)
        except SnapshotError as error:
            first = first or error
            if error.code not in ELSEWHERE:
                raise
            continue
        if path != order[0]:
            cache.set(key, path, LEARNED)
        return answer
    raise first or SnapshotError(Problem.NOT_FOUND)


def _draw_consequences(device: Recorder | Camera, error: SnapshotError) -> None:
    """Stop after a refused login, pause after "busy"; the error says so."""
    if error.code == Problem.WRONG_PASSWORD:
        health.stop(device, error)
        if isinstance(device, Recorder):
            error.add(health.tries_left_sentence(device, timezone.now()))
    elif error.code == Problem.BUSY:
        error.retry_at = health.leave_alone(device, error.retry_at)
