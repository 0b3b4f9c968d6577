"""A picture is fetched, whatever the make, and what does not fit is an error with a name."""

import hashlib
import io
import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from cameras.models import Camera, Health, Make
from cameras.problems import Problem
from cameras.simulator import Fault, Simulator
from cameras.snapshots import SnapshotError, fetch
from premises.models import Condominium
from tests.cameras.conftest import camera_of, recorder_of


def test_a_frame_is_the_very_picture_that_the_recorder_sent(camera: Camera, simulator: Simulator) -> None:
    simulator.arrive("ABC1D23")
    before = datetime.now(UTC)
    frame = fetch(camera)
    after = datetime.now(UTC)
    (served,) = simulator.log()
    assert frame.digest == served.sha256 == hashlib.sha256(frame.data).hexdigest()
    assert served.plate == "ABC1D23"
    assert before <= frame.taken_at <= after
    assert (frame.camera_id, frame.width, frame.height) == (camera.pk, 1280, 960)
    assert Image.open(io.BytesIO(frame.data)).size == (1280, 960)


def test_a_fetch_leaves_the_health_on_the_row(camera: Camera) -> None:
    frame = fetch(camera)
    row = Camera.objects.get(pk=camera.pk)
    assert (row.health, row.last_frame_at, row.last_frame_digest) == (Health.OK, frame.taken_at, frame.digest)
    assert (row.failures, row.last_error) == (0, "")
    assert row.last_latency_ms is not None and row.last_latency_ms < 3000


def test_a_fetch_costs_one_update(camera: Camera) -> None:
    fetch(camera)
    with CaptureQueriesContext(connection) as queries:
        fetch(camera)
    writes = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert len(writes) == 1
    assert len(queries) <= 3


MAKES = [
    (Make.INTELBRAS, ""),
    (Make.HIKVISION, ""),
    (Make.GENERIC, "/picture/{channel}.jpg"),
    (Make.GENERIC, "/open/{channel}.jpg"),
]


@pytest.mark.parametrize(("make", "path"), MAKES)
def test_every_make_gives_the_picture_of_its_channel(
    make: Make, path: str, simulator: Simulator, condominium: Condominium
) -> None:
    recorder = recorder_of(simulator, condominium, make=make, snapshot_path=path)
    frame = fetch(camera_of(recorder, channel=2))
    assert [(served.channel, served.sha256) for served in simulator.log()] == [(2, frame.digest)]


FAULTS = [
    (Fault.FORBIDDEN, Problem.FORBIDDEN, True),
    (Fault.BUSY, Problem.BUSY, False),
    (Fault.SLOW, Problem.TIMEOUT, False),
    (Fault.DRIP, Problem.TIMEOUT, False),
    (Fault.HTML, Problem.NOT_AN_IMAGE, False),
    (Fault.TRUNCATED, Problem.TRUNCATED, False),
    (Fault.CUT, Problem.TRUNCATED, False),
    (Fault.NOT_FOUND, Problem.NOT_FOUND, True),
    (Fault.EMPTY, Problem.EMPTY, False),
    (Fault.REDIRECT, Problem.BAD_ANSWER, False),
    (Fault.HUGE, Problem.TOO_LARGE, False),
    (Fault.BOMB, Problem.TOO_LARGE, False),
    (Fault.BROKEN, Problem.BAD_ANSWER, False),
    (Fault.HANG_UP, Problem.BAD_ANSWER, False),
]


@pytest.mark.parametrize(("fault", "problem", "permanent"), FAULTS)
def test_every_fault_is_an_error_with_a_name(
    fault: Fault, problem: Problem, permanent: bool, camera: Camera, simulator: Simulator
) -> None:
    simulator.fault(fault, channel=1)
    begun = time.monotonic()
    with pytest.raises(SnapshotError) as caught:
        fetch(camera)
    assert time.monotonic() - begun < 3.0
    assert (caught.value.code, caught.value.permanent) == (problem, permanent)
    camera.refresh_from_db()
    assert (camera.health, camera.failures) == (Health.FAILING, 1)
    assert camera.last_error.startswith(str(problem.label))
