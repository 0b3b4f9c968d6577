"""A simulated recorder, and the rows that describe it."""

from collections.abc import Iterator

import pytest

from cameras.models import Camera, Make, Recorder
from cameras.simulator import Simulator, running_simulator
from cameras.snapshots import SnapshotError, fetch
from premises.models import Condominium


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with running_simulator(channels=2) as running:
        yield running


@pytest.fixture
def recorder(simulator: Simulator, condominium: Condominium) -> Recorder:
    return recorder_of(simulator, condominium)


@pytest.fixture
def camera(recorder: Recorder) -> Camera:
    return camera_of(recorder)


def recorder_of(simulator: Simulator, condominium: Condominium, **values: object) -> Recorder:
    usual: dict[str, object] = {
        "name": "Recorder",
        "make": Make.INTELBRAS,
        "host": simulator.host,
        "port": simulator.port,
        "username": simulator.user,
        "password": simulator.password,
    }
    return Recorder.objects.create(condominium=condominium, **(usual | values))


def camera_of(recorder: Recorder, channel: int = 1) -> Camera:
    return Camera.objects.create(
        condominium_id=recorder.condominium_id, name=f"Camera {channel}", recorder=recorder, channel=channel
    )


def refusal(camera: Camera) -> SnapshotError:
    """The error with which a fetch fails; the test fails where it does not."""
    with pytest.raises(SnapshotError) as caught:
        fetch(camera)
    return caught.value
