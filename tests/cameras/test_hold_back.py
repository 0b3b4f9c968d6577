"""A recorder is not asked more than it can take: turns, pauses, deadlines."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import ConnectionError as CacheDown

from cameras.conversations import retry_after
from cameras.models import Camera, Health, Recorder
from cameras.problems import Problem
from cameras.simulator import Fault, Simulator
from cameras.slots import slot
from cameras.snapshots import SnapshotError, fetch
from cameras.transport import Deadline
from premises.models import Condominium
from tests.cameras.conftest import camera_of, refusal
from tests.waiting import wait_for

HERE = Path(__file__).resolve().parent


def test_a_busy_recorder_is_left_alone_for_a_while(camera: Camera, simulator: Simulator) -> None:
    fetch(camera)
    simulator.fault(Fault.BUSY)
    error = refusal(camera)
    assert (error.code, error.permanent) == (Problem.BUSY, False)
    recorder = Recorder.objects.get()
    assert error.retry_at == recorder.retry_at is not None
    assert timedelta(0) < recorder.retry_at - timezone.now() <= timedelta(seconds=1)
    asked = simulator.requests
    waiting = refusal(camera)
    assert (waiting.code, waiting.retry_at) == (Problem.WAITING, recorder.retry_at)
    assert simulator.requests == asked


def test_the_pauses_double_up_to_a_minute_and_end_with_a_picture(camera: Camera, simulator: Simulator) -> None:
    simulator.fault(Fault.BUSY)
    now, pauses = timezone.now(), []
    with mock.patch("cameras.health.random.uniform", lambda _low, high: high):
        for _ in range(8):
            with time_machine.travel(now, tick=False):
                error = refusal(camera)
            assert error.code == Problem.BUSY and error.retry_at is not None
            pauses.append((error.retry_at - now).total_seconds())
            now = error.retry_at + timedelta(seconds=1)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    simulator.clear()
    with time_machine.travel(now, tick=False):
        fetch(camera)
    recorder = Recorder.objects.get()
    assert (recorder.failures, recorder.retry_at) == (0, None)


def test_pauses_have_jitter(camera: Camera, simulator: Simulator) -> None:
    simulator.fault(Fault.BUSY)
    pauses = set()
    for _ in range(4):
        begun = timezone.now()
        error = refusal(camera)
        assert error.retry_at is not None
        pauses.add(error.retry_at - begun)
        Recorder.objects.update(retry_at=None, failures=0)
    assert len(pauses) == 4


def test_the_recorders_own_wish_is_honoured(camera: Camera, simulator: Simulator) -> None:
    simulator.fault(Fault.BUSY, 40)
    error = refusal(camera)
    assert error.retry_at is not None
    assert timedelta(seconds=38) < error.retry_at - timezone.now() <= timedelta(seconds=40)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("999999", 600), ("", None), ("soon", None), ("Fri, 20 Nov 2026 12:00:30 GMT", 30)],
)
def test_retry_after_is_seconds_or_a_date_and_never_long(header: str, seconds: int | None) -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    wanted = retry_after(header, now)
    assert (wanted and (wanted - now).total_seconds()) == seconds


def test_a_third_request_waits_for_its_turn(simulator: Simulator) -> None:
    held = [threading.Event(), threading.Event()]
    free = threading.Event()

    def hold(taken: threading.Event) -> None:
        with slot("device", 2, Deadline(3)):
            taken.set()
            free.wait(5)

    threads = [threading.Thread(target=hold, args=(taken,)) for taken in held]
    for thread in threads:
        thread.start()
    assert all(taken.wait(3) for taken in held)
    with pytest.raises(SnapshotError) as caught, slot("device", 2, Deadline(3)):
        pass
    assert caught.value.code == Problem.WAITING
    free.set()
    for thread in threads:
        thread.join()
    with slot("device", 2, Deadline(3)), slot("device", 2, Deadline(3)):
        pass


def test_a_slot_that_expired_is_not_taken_from_its_new_holder() -> None:
    with slot("device", 1, Deadline(3)):
        cache.set("cameras:slot:device:0", "somebody else's")
    assert cache.get("cameras:slot:device:0") == "somebody else's"


def test_two_processes_never_have_more_than_two_requests_in_flight(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault(Fault.SLOW, 0.2)
    with _valkey(tmp_path) as environment:
        environment |= {"SIM_URL": simulator.url, "SIM_USER": simulator.user, "SIM_PASSWORD": simulator.password}
        command = [sys.executable, "-m", "tests.cameras.ask_in_threads"]
        processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
        answers = [process.communicate(timeout=30)[0].decode().split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(answers[0] + answers[1]) == ["200"] * 12
    assert simulator.most_in_flight == 2
    assert simulator.logins["bad"] == 0


@contextmanager
def _valkey(folder: Path) -> Iterator[dict[str, str]]:
    """A real Valkey server, and the environment in which processes use it."""
    environment = os.environ | {"CANCELA_VAR": str(folder), "DEBUG": "1", "LOG_LEVEL": "ERROR"}
    environment |= {"DJANGO_SETTINGS_MODULE": "anpr_site.settings"}
    environment.pop("REDIS_URL", None)
    server = subprocess.Popen([sys.executable, "-m", "anpr_site.valkey"], env=environment)
    try:
        wait_for(lambda: (folder / "valkey.sock").exists(), timeout=10)
        yield environment
    finally:
        server.terminate()
        server.wait(10)


def test_without_the_cache_nobody_is_asked(camera: Camera, simulator: Simulator) -> None:
    with mock.patch("cameras.slots.cache.add", side_effect=CacheDown("connection refused")):
        error = refusal(camera)
    assert (error.code, error.permanent) == (Problem.NO_QUEUE, False)
    assert simulator.requests == 0
    camera.refresh_from_db()
    assert camera.health == Health.UNKNOWN


def test_a_recorder_that_is_switched_off_is_unreachable(camera: Camera) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        Recorder.objects.update(port=free.getsockname()[1])
        assert refusal(camera).code == Problem.UNREACHABLE


@contextmanager
def _device(sends: bytes, pause: float) -> Iterator[int]:
    """A port behind which somebody sends a byte at a time, its head included."""
    done = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            for byte in sends:
                if done.wait(pause):
                    return
                connection.sendall(bytes([byte]))
            done.wait(10)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("sends", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100])
def test_nothing_lasts_longer_than_three_seconds(sends: bytes, camera: Camera) -> None:
    with _device(sends, 0.3) as port:
        Recorder.objects.update(port=port)
        begun = time.monotonic()
        assert refusal(camera).code == Problem.TIMEOUT
        assert time.monotonic() - begun < 3.0


def test_an_answer_that_is_no_http_makes_no_sense(camera: Camera) -> None:
    with _device(b"SSH-2.0-dropbear\r\n\r\n", 0) as port:
        Recorder.objects.update(port=port)
        assert refusal(camera).code == Problem.BAD_ANSWER


def test_a_camera_without_a_recorder_of_ours_pauses_on_its_own_row(
    simulator: Simulator, condominium: Condominium, camera: Camera
) -> None:
    alone = Camera.objects.create(
        condominium=condominium, name="Alone", source="url", url=f"{simulator.url}/open/1.jpg"
    )
    simulator.fault(Fault.BUSY, 30)
    error = refusal(alone)
    assert (error.code, refusal(alone).code) == (Problem.BUSY, Problem.WAITING)
    assert Camera.objects.get(pk=alone.pk).retry_at == error.retry_at
    assert refusal(camera).code == Problem.BUSY
    assert camera_of(camera.recorder, 2).retry_at is None  # type: ignore[arg-type]
