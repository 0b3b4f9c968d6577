"""The simulated recorder behaves as recorders do, well and badly."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import amcrest
import httpx
import pytest
from amcrest.exceptions import LoginError
from django.core.management import CommandError, call_command

from cameras.drawing import scenes
from cameras.drawing.scenes import Place
from cameras.drawing.traffic import vehicle_of
from cameras.management.commands import simulate_recorder
from cameras.simulator import Fault, Simulator, running_simulator
from tests.waiting import wait_for

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def picture(simulator: Simulator, channel: int = 1, auth: httpx.Auth | None = None) -> httpx.Response:
    auth = auth or httpx.DigestAuth(simulator.user, simulator.password)
    return httpx.get(f"{simulator.url}/cgi-bin/snapshot.cgi", params={"channel": channel}, auth=auth, timeout=10)


def amcrest_camera(simulator: Simulator, password: str) -> Any:
    return amcrest.AmcrestCamera(
        simulator.host, simulator.port, simulator.user, password, retries_connection=0, timeout_protocol=5.0
    ).camera


def test_a_client_that_none_of_us_wrote_gets_a_snapshot_and_the_identity(simulator: Simulator) -> None:
    camera = amcrest_camera(simulator, simulator.password)
    data = camera.snapshot(channel=1, stream=False)
    assert simulator.log()[-1].sha256 == hashlib.sha256(data).hexdigest()
    assert camera.serial_number == "SIM0A1B2C3D4E5"
    assert camera.device_type == "INVD 3016"
    assert camera.vendor_information == "Intelbras"
    assert [part.strip() for part in camera.software_information] == ["4.001.00IB000.1", "2026-03-02"]


def test_the_client_is_refused_with_another_password(simulator: Simulator) -> None:
    with pytest.raises(LoginError):
        amcrest_camera(simulator, "not-it").snapshot(channel=1, stream=False)
    assert simulator.logins["bad"] == 2  # it tries basic, then digest


def test_five_refused_logins_lock_the_account_for_the_right_password_too(simulator: Simulator) -> None:
    wrong = httpx.DigestAuth(simulator.user, "not-it")
    assert [picture(simulator, auth=wrong).status_code for _ in range(5)] == [401] * 5
    assert (simulator.logins["locks"], simulator.logins["tries_left"]) == (1, 0)
    assert picture(simulator).status_code == 401
    simulator.recorder.logins.unlock()
    assert picture(simulator).status_code == 200


def test_a_third_request_at_a_time_is_told_that_the_recorder_is_busy(simulator: Simulator) -> None:
    simulator.fault(Fault.SLOW, 0.5)
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(picture(simulator).status_code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 503, 503]


def test_a_vehicle_that_is_sent_stands_on_the_road_and_leaves_it(simulator: Simulator) -> None:
    picture(simulator)
    simulator.arrive("ABC1D23", channel=2, stays=0.5)
    picture(simulator, channel=2)
    picture(simulator, channel=1)
    wait_for(lambda: picture(simulator, channel=2) and simulator.log()[-1].plate is None)
    shown = [(one.channel, one.plate) for one in simulator.log()[:3]]
    assert shown == [(1, None), (2, "ABC1D23"), (1, None)]


def test_vehicles_that_are_sent_at_once_come_one_after_the_other(simulator: Simulator) -> None:
    first, second = (simulator.arrive(plate, stays=0.4) for plate in ("ABC1D23", "KLM5678"))
    assert second.begins == first.ends


def test_no_two_pictures_are_the_same_unless_it_is_frozen(simulator: Simulator) -> None:
    pictures = {picture(simulator).content for _ in range(4)}
    assert len(pictures) == 4
    simulator.fault(Fault.FROZEN)
    assert len({picture(simulator).content for _ in range(4)}) == 1


def test_the_moment_of_every_picture_is_on_record(simulator: Simulator) -> None:
    before = time.time()
    picture(simulator)
    after = time.time()
    (served,) = simulator.log(since=before)
    assert before < served.sent_at < after
    assert simulator.log(since=after) == []


def test_it_is_steered_over_http(simulator: Simulator) -> None:
    def post(path: str, **order: Any) -> httpx.Response:
        return httpx.post(f"{simulator.url}/sim/{path}", json=order)

    sent = post("arrive", channel=1, plate="abc1d23", frames=3, kind="suv").json()
    assert (sent["visitor"], sent["ends_at"] - sent["begins_at"]) == ("ABC1D23", pytest.approx(4.0))
    assert post("fault", fault="html", channel=1).json()["faults"] == [{"fault": "html", "channel": 1, "value": 0.0}]
    assert picture(simulator).headers["content-type"] == "text/html"
    assert post("clear").json()["faults"] == []
    picture(simulator)
    (served,) = httpx.get(f"{simulator.url}/sim/log").json()
    assert (served["channel"], served["plate"]) == (1, "ABC1D23")
    state = httpx.get(f"{simulator.url}/sim/state").json()
    assert [one["plate"] for one in state["channels"]] == ["ABC1D23", None]
    assert state["logins"]["tries_left"] == 5


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("arrive", {"channel": 9, "plate": "ABC1D23"}),
        ("arrive", {"channel": 1}),
        ("arrive", {"plate": "ABC1D23", "kind": "submarine"}),
        ("arrive", {"file": "../../etc/passwd"}),
        ("fault", {"fault": "unheard of"}),
        ("fault", []),
        ("nothing", {}),
    ],
)
def test_a_wrong_order_is_refused_with_its_reason(path: str, order: Any, simulator: Simulator) -> None:
    answer = httpx.post(f"{simulator.url}/sim/{path}", json=order)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures of vehicles, one of them labelled, and something that is no picture."""
    images = tmp_path / "images"
    images.mkdir()
    for name, plate in (("1.jpg", "ABC1D23"), ("2.jpg", "KLM5678")):
        scene = scenes.render(Place(width=320, height=240), vehicle_of(plate), 1.0, NOON)
        (images / name).write_bytes(scenes.encode(scene))
    (images / "notes.txt").write_text("not a picture")
    (tmp_path / "labels.csv").write_text("file,plate,country,x,y,w,h\n1.jpg,ABC1D23,BR,,,,\n2.jpg,,BR,,,,\n")
    return images


def test_pictures_of_a_folder_are_shown_unaltered_but_for_a_comment(folder: Path) -> None:
    with running_simulator(channels=1, frames=folder, auto=True, stays=30, gap=0) as simulator:
        shown = [wait_for(lambda: picture(simulator)).content for _ in range(2)]
        served = simulator.log()[-1]
    original = (folder / "1.jpg").read_bytes()
    assert shown[0] != shown[1]
    for data in shown:
        length = int.from_bytes(data[4:6], "big")
        assert data[:4] == b"\xff\xd8\xff\xfe"
        assert data[:2] + data[4 + length :] == original
    assert (served.visitor, served.plate) == ("1.jpg", "ABC1D23")


def test_a_picture_of_the_folder_can_be_sent_by_its_name(folder: Path) -> None:
    with running_simulator(channels=1, frames=folder) as simulator:
        picture(simulator)
        httpx.post(f"{simulator.url}/sim/arrive", json={"file": "2.jpg"}).raise_for_status()
        picture(simulator)
        assert [(one.visitor, one.plate) for one in simulator.log()] == [(None, None), ("2.jpg", None)]


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no JPEG or PNG"), running_simulator(frames=tmp_path, auto=True):
        pass


@contextmanager
def command(tmp_path: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    environment = os.environ | {"CANCELA_VAR": str(tmp_path), "DEBUG": "1", "SIMULATOR_PASSWORD": "secret-1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "anpr_site.settings", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "simulate_recorder", "--port", "0", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_who_arrives_and_stops_at_once(number: signal.Signals, tmp_path: Path) -> None:
    with command(tmp_path, "--plates", "ABC1D23", "--unknown-share", "0", "--gap", "0.2") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        address = re.search(r"http://\S+", lines[0])
        assert address is not None
        # A connection that stands open does not hold it back.
        with httpx.Client() as client:
            assert client.get(f"{address.group()}/sim/state").json()["requests"] == 0
            begun = time.monotonic()
            process.send_signal(number)
            assert process.wait(5) == 0
        assert time.monotonic() - begun < 1.5
    assert re.search(r"channel [12]: ABC1D23 arrives", lines[1])


@pytest.mark.parametrize(
    ("arguments", "password", "complaint"),
    [
        ((), "", "a password is missing"),
        (("--frames", "/nowhere"), "x", "/nowhere is not a folder"),
        (("--password-file", "/nowhere"), "x", "No such file"),
    ],
)
def test_the_command_refuses_what_it_cannot_do(
    arguments: tuple[str, ...], password: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMULATOR_PASSWORD", password)
    with pytest.raises(CommandError, match=complaint):
        call_command("simulate_recorder", "--port", "0", *arguments)


def test_the_password_is_no_argument() -> None:
    with pytest.raises(CommandError, match="unrecognized"):
        call_command("simulate_recorder", "--password", "x")


def test_plates_come_from_a_file_or_by_commas(tmp_path: Path) -> None:
    (tmp_path / "plates.txt").write_text("abc1d23\n\nKLM5678\n")
    assert simulate_recorder.plates(str(tmp_path / "plates.txt")) == ("ABC1D23", "KLM5678")
    assert simulate_recorder.plates("abc1d23, KLM5678,") == ("ABC1D23", "KLM5678")
    assert simulate_recorder.plates("") == ()
