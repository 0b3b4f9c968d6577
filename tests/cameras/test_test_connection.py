"""The buttons of the admin: is there a picture, and which channels are there?"""

import pytest

from cameras.models import Camera, Health, Make, Recorder
from cameras.problems import Problem
from cameras.simulator import Fault, Simulator
from cameras.snapshots import Channel, SnapshotError, detect_channels, fetch
from cameras.snapshots import test_connection as check_connection
from premises.models import Condominium, JournalEntry, User
from tests.cameras.conftest import camera_of, recorder_of


def test_it_shows_the_picture_of_a_camera(camera: Camera, simulator: Simulator) -> None:
    frame = check_connection(camera)
    assert frame.digest == simulator.log()[-1].sha256
    assert Camera.objects.get().health == Health.OK


def test_it_shows_the_first_picture_of_a_recorder_without_cameras(recorder: Recorder, simulator: Simulator) -> None:
    frame = check_connection(recorder)
    assert (frame.camera_id, simulator.log()[-1].channel) == (None, 1)


def test_it_asks_a_stopped_recorder_once_and_says_what_is_left(camera: Camera, simulator: Simulator) -> None:
    Recorder.objects.update(password="not-it")
    with pytest.raises(SnapshotError):
        fetch(camera)
    with pytest.raises(SnapshotError) as caught:
        check_connection(camera)
    assert caught.value.code == Problem.WRONG_PASSWORD
    assert "3 tries are left" in caught.value.message
    assert simulator.logins["bad"] == 2


def test_it_never_locks_the_account(camera: Camera, simulator: Simulator) -> None:
    Recorder.objects.update(password="not-it")
    for _ in range(8):
        with pytest.raises(SnapshotError):
            check_connection(camera)
    assert (simulator.logins["bad"], simulator.logins["locked"]) == (4, False)


def test_with_a_name_it_resumes_what_works_again(camera: Camera, simulator: Simulator, alice: User) -> None:
    Recorder.objects.update(password="not-it")
    with pytest.raises(SnapshotError):
        fetch(camera)
    Recorder.objects.update(password=simulator.password)
    check_connection(camera)
    assert Recorder.objects.get().stopped_at is not None
    check_connection(camera, alice)
    assert Recorder.objects.get().stopped_at is None
    assert list(JournalEntry.objects.order_by("sequence").values_list("action", "actor")) == [
        ("recorder.stopped", "cancela"),
        ("recorder.resumed", "alice"),
    ]
    assert Camera.objects.get().health == Health.OK


@pytest.mark.parametrize("make", [Make.INTELBRAS, Make.HIKVISION])
def test_channels_are_those_that_the_recorder_lists(make: Make, simulator: Simulator, condominium: Condominium) -> None:
    recorder = recorder_of(simulator, condominium, make=make)
    assert detect_channels(recorder) == [Channel(1, "PORTARIA"), Channel(2, "SAIDA")]


def test_where_it_lists_none_channels_are_tried(simulator: Simulator, condominium: Condominium) -> None:
    recorder = recorder_of(simulator, condominium, make=Make.GENERIC, snapshot_path="/picture/{channel}.jpg")
    assert detect_channels(recorder) == [Channel(1, ""), Channel(2, "")]
    fixed = recorder_of(simulator, condominium, make=Make.GENERIC, snapshot_path="/picture/2.jpg")
    assert detect_channels(fixed) == [Channel(1, "")]


def test_a_refused_login_ends_the_search(recorder: Recorder, simulator: Simulator) -> None:
    simulator.fault(Fault.REFUSE_LOGIN)
    with pytest.raises(SnapshotError) as caught:
        detect_channels(recorder)
    assert caught.value.code == Problem.WRONG_PASSWORD
    assert simulator.logins["bad"] == 1


def test_cameras_of_other_channels_are_left_alone(recorder: Recorder) -> None:
    other = camera_of(recorder, 2)
    check_connection(recorder)
    assert Camera.objects.get(pk=other.pk).health == Health.OK
