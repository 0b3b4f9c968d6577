"""What a fetch leaves behind: the health of the camera, and a recorder that is stopped or left alone."""

import logging
import random
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cameras.models import Camera, Health, Recorder, Source
from cameras.problems import NOT_ASKED, Problem, SnapshotError
from premises import journal
from premises.journal import SYSTEM, Actor

logger = logging.getLogger(__name__)

# Most recorders lock an account at the fifth refused login, for half an hour.
LOCKED_AT = 5
LOCK_TIME = timedelta(minutes=30)
# A picture may repeat once by chance; a recorder that repeats it so often is frozen.
FROZEN_AFTER = 5
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# A device is stopped because of these; another value in one of them is worth another try.
LOGIN_AND_ADDRESS = frozenset({"username", "password", "host", "port", "use_https", "url"})

Device = Recorder | Camera


def note_frame(camera: Camera, digest: str, at: datetime, latency_ms: int) -> None:
    """A good picture came: one UPDATE."""
    _update(
        camera,
        health=Health.OK,
        last_frame_at=at,
        last_frame_digest=digest,
        last_latency_ms=latency_ms,
        last_error="",
        failures=0,
    )


def note_quiet(recorder: Recorder) -> None:
    """A recorder that was in trouble answers again."""
    if recorder.failures or recorder.retry_at or recorder.bad_logins:
        _update(recorder, failures=0, retry_at=None, bad_logins=0, refused_at=None)


def note_problem(camera: Camera, error: SnapshotError) -> None:
    """No picture came: one UPDATE, and none where the device was not asked at all."""
    if error.code in NOT_ASKED:
        return
    if error.code == Problem.STOPPED:
        if camera.health != Health.STOPPED:
            _update(camera, health=Health.STOPPED, last_error=error.message[:300], last_error_at=timezone.now())
        return
    if error.code == Problem.SAME_FRAME and camera.source == Source.FOLDER:
        return
    failures = camera.failures + 1
    patient = error.code == Problem.SAME_FRAME and failures < FROZEN_AFTER
    health = camera.health if patient else Health.FAILING
    if error.code == Problem.WRONG_PASSWORD:
        health = Health.STOPPED
    _update(camera, health=health, failures=failures, last_error=error.message[:300], last_error_at=timezone.now())


def _update(device: Device, **values: object) -> None:
    """Write to the row and to the object at hand, past `save()` and whatever else the object holds."""
    type(device).objects.filter(pk=device.pk).update(**values)
    for name, value in values.items():
        setattr(device, name, value)


def stop(device: Device, error: SnapshotError) -> None:
    """Ask no more until somebody has looked: a few refused logins more would lock the account."""
    with transaction.atomic():
        first = _stop_recorder(device, error) if isinstance(device, Recorder) else _stop_camera(device)
        if not first:
            return
        journal.record(
            device.condominium_id,
            f"{kind_of(device)}.stopped",
            subject=str(device),
            data={"id": device.pk, "because": error.code.value},
        )
    logger.error("%s %s (%s) is stopped: %s", kind_of(device), device.pk, device, error.code.value)


def _stop_recorder(recorder: Recorder, error: SnapshotError) -> bool:
    now, because = timezone.now(), error.message[:300]
    tries = recorder.bad_logins + 1 if tries_left(recorder, now) < LOCKED_AT else 1
    _update(recorder, bad_logins=tries, refused_at=now)
    stopping = Recorder.objects.filter(pk=recorder.pk, stopped_at=None)
    first = stopping.update(stopped_at=now, stopped_because=because) == 1
    Camera.objects.filter(recorder=recorder, source=Source.RECORDER).update(
        health=Health.STOPPED, last_error=because, last_error_at=now
    )
    return first


def _stop_camera(camera: Camera) -> bool:
    others = Camera.objects.filter(pk=camera.pk).exclude(health=Health.STOPPED)
    return others.update(health=Health.STOPPED) == 1


def resume(device: Device, actor: Actor = SYSTEM) -> bool:
    """Ask again after a stop: the verb for the person who has looked. False where nothing was stopped.

    A channel is stopped by its recorder, so it is resumed with it.
    """
    stopped = _stopper(device)
    with transaction.atomic():
        done = _resume_recorder(stopped) if isinstance(stopped, Recorder) else _resume_camera(stopped)
        if done:
            journal.record(
                stopped.condominium_id,
                f"{kind_of(stopped)}.resumed",
                actor=actor,
                subject=str(stopped),
                data={"id": stopped.pk},
            )
    device.refresh_from_db()
    return done


def resume_if_told(device: Device, changed: Collection[str], actor: Actor) -> bool:
    """Ask again where `changed` (names of fields) took away what it was stopped for: its login or its address.

    A channel has neither, so a change of its row resumes nothing.
    """
    return _stopper(device) is device and not LOGIN_AND_ADDRESS.isdisjoint(changed) and resume(device, actor)


def is_stopped(device: Device) -> bool:
    """Whether nothing asks it until a person has looked."""
    stopped = _stopper(device)
    return stopped.stopped_at is not None if isinstance(stopped, Recorder) else stopped.health == Health.STOPPED


def _stopper(device: Device) -> Device:
    if isinstance(device, Camera) and device.source == Source.RECORDER and device.recorder is not None:
        return device.recorder
    return device


def _resume_recorder(recorder: Recorder) -> bool:
    cameras = Camera.objects.filter(recorder=recorder, source=Source.RECORDER, health=Health.STOPPED)
    cameras.update(health=Health.UNKNOWN, failures=0, last_error="")
    stopped = Recorder.objects.filter(pk=recorder.pk, stopped_at__isnull=False)
    return stopped.update(stopped_at=None, stopped_because="", retry_at=None, failures=0) == 1


def _resume_camera(camera: Camera) -> bool:
    stopped = Camera.objects.filter(pk=camera.pk, health=Health.STOPPED)
    return stopped.update(health=Health.UNKNOWN, failures=0, last_error="") == 1


def kind_of(device: Device) -> str:
    return "recorder" if isinstance(device, Recorder) else "camera"


def tries_left(recorder: Recorder, now: datetime) -> int:
    """How many refused logins more most recorders would take before they lock the account."""
    if recorder.refused_at is None or now - recorder.refused_at > LOCK_TIME:
        return LOCKED_AT
    return max(0, LOCKED_AT - recorder.bad_logins)


def tries_left_sentence(recorder: Recorder, now: datetime) -> str:
    left = tries_left(recorder, now)
    return ngettext(
        "%(count)d try is left before most recorders lock the account.",
        "%(count)d tries are left before most recorders lock the account.",
        left,
    ) % {"count": left}


def check_open(recorder: Recorder, now: datetime, *, by_hand: bool) -> None:
    """Raise `SnapshotError` where the recorder may not be asked now.

    A person may ask a stopped one (`by_hand`), but nobody uses up the last try: most recorders forget
    refused logins after half an hour.
    """
    if recorder.stopped_at is not None and not by_hand:
        raise SnapshotError(Problem.STOPPED)
    if tries_left(recorder, now) <= 1 and recorder.refused_at is not None:
        until = recorder.refused_at + LOCK_TIME
        clock = date_format(timezone.localtime(until), "TIME_FORMAT")
        raise SnapshotError(Problem.STOPPED, _("One try is left: wait until %s.") % clock, retry_at=until)
    if recorder.retry_at is not None and recorder.retry_at > now and not by_hand:
        raise SnapshotError(Problem.WAITING, retry_at=recorder.retry_at)


def leave_alone(device: Device, wanted: datetime | None) -> datetime:
    """After a 503: the time before which nobody asks again. Twice as long each time, with jitter.

    The device's own wish (Retry-After) counts where it is later.
    """
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(device.failures, 10))
    ours = timezone.now() + timedelta(seconds=pause * random.uniform(0.5, 1.0))  # noqa: S311  # not a secret
    until = max(ours, wanted) if wanted is not None else ours
    if isinstance(device, Recorder):
        _update(device, retry_at=until, failures=device.failures + 1)
    else:
        _update(device, retry_at=until)
    return until
