"""A picture is fetched, whatever the make, and what does not fit is an error with a name."""

import hashlib
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from cameras import jpegs
from cameras.models import Camera, Health, Make, Recorder, Source
from cameras.problems import Problem
from cameras.simulator import Fault, Simulator
from cameras.snapshots import SnapshotError, fetch
from premises.models import Condominium
from tests.cameras.conftest import camera_of, recorder_of


def refusal(camera: Camera) -> SnapshotError:
    with pytest.raises(SnapshotError) as caught:
        fetch(camera)
    return caught.value


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


def test_the_same_picture_again_is_an_error_and_a_failure_after_several(camera: Camera, simulator: Simulator) -> None:
    fetch(camera)
    simulator.fault(Fault.FROZEN)
    seen = []
    for _ in range(6):
        assert refusal(camera).code == Problem.SAME_FRAME
        seen.append(Camera.objects.get(pk=camera.pk).health)
    assert seen == [Health.OK] * 4 + [Health.FAILING] * 2
    simulator.clear()
    fetch(camera)
    assert (camera.health, camera.failures) == (Health.OK, 0)


def test_a_fault_of_one_channel_leaves_the_others_alone(camera: Camera, simulator: Simulator) -> None:
    simulator.fault(Fault.HTML, channel=1)
    assert refusal(camera).code == Problem.NOT_AN_IMAGE
    assert fetch(camera_of(camera.recorder, 2)).width == 1280  # type: ignore[arg-type]


def test_a_recorder_that_closes_every_connection_is_no_trouble(camera: Camera, simulator: Simulator) -> None:
    simulator.fault(Fault.CLOSE)
    assert len({fetch(camera).digest for _ in range(3)}) == 3


def test_a_hikvision_recorder_shows_network_cameras_elsewhere(simulator: Simulator, condominium: Condominium) -> None:
    camera = camera_of(recorder_of(simulator, condominium, make=Make.HIKVISION))
    simulator.fault(Fault.PROXY_ONLY)
    fetch(camera)
    asked = simulator.requests
    fetch(camera)
    # It is remembered where the picture was.
    assert simulator.requests == asked + 1


def test_a_camera_with_its_own_address_needs_no_recorder(simulator: Simulator, condominium: Condominium) -> None:
    camera = Camera.objects.create(
        condominium=condominium,
        name="Alone",
        source=Source.URL,
        url=f"{simulator.url}/cgi-bin/snapshot.cgi?channel=2",
        username=simulator.user,
        password=simulator.password,
    )
    assert fetch(camera).digest == simulator.log()[-1].sha256
    assert simulator.log()[-1].channel == 2


def test_pictures_that_are_sent_to_us_are_never_fetched(condominium: Condominium) -> None:
    camera = Camera.objects.create(condominium=condominium, name="Sent", source=Source.UPLOAD)
    assert refusal(camera).code == Problem.NO_PICTURE
    assert Camera.objects.get().health == Health.UNKNOWN


def test_a_recorder_of_an_unknown_make_is_not_asked(camera: Camera, simulator: Simulator) -> None:
    Recorder.objects.update(make="else")
    assert refusal(Camera.objects.get()).code == Problem.NOT_FOUND
    assert simulator.requests == 0


def test_padding_behind_a_picture_is_kept_and_does_no_harm(camera: Camera, simulator: Simulator) -> None:
    whole = fetch(camera).data
    assert jpegs.size_of(whole + b"\0" * 512) == (1280, 960)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda data: b"", Problem.EMPTY),
        (lambda data: b"%PDF-1.7 " + data, Problem.NOT_AN_IMAGE),
        (lambda data: data[:-2], Problem.TRUNCATED),
        (lambda data: data[:60] + b"\xff\xd9", Problem.TRUNCATED),
        (lambda data: b"\xff\xd8\xff\xd9", Problem.TRUNCATED),
        (lambda data: data[:2] + b"\xff\xe1\xff\xff" + data[2:500] + b"\xff\xd9", Problem.TRUNCATED),
    ],
)
def test_a_damaged_picture_is_found_out(
    damage: Callable[[bytes], bytes], problem: Problem, camera: Camera, simulator: Simulator
) -> None:
    with pytest.raises(SnapshotError) as caught:
        jpegs.size_of(damage(fetch(camera).data))
    assert caught.value.code == problem
