"""One tick of a lane: a picture fetched, read, taken in, whatever the camera does."""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.signals import worker_process_init
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from access import engines, tasks, watching
from access.models import Engine, Lane, Passage, Vehicle
from access.reasons import Outcome
from access.vehicles import register_vehicle
from access.watching import watch
from cameras.drawing import scenes, traffic
from cameras.models import Health, Source
from gates.models import GateCommand
from premises.models import Condominium
from recognition import ENGINES, PlateReader, UnknownEngine, load_engine
from recognition.window import network
from tests.access.conftest import ALICES, Reader, jpeg, read

Put = Callable[[bytes], None]


@pytest.fixture
def put(lane: Lane, tmp_path: Path, settings: Any) -> Put:
    """The lane's camera is a folder; this puts a picture there."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    settings.CAMERA_FOLDERS = [tmp_path]
    lane.camera.source, lane.camera.folder = Source.FOLDER, str(folder)
    lane.camera.save()

    def put(data: bytes) -> None:
        path = folder / f"{len(list(folder.iterdir())):03d}.jpg"
        path.write_bytes(data)
        now = time.time_ns()
        os.utime(path, ns=(now, now))

    return put


class Engines:
    """The registry of engines, with one that answers what it was told to."""

    def __init__(self, reader: PlateReader) -> None:
        self.reader, self.names = reader, list[str]()

    def __call__(self, name: str) -> PlateReader:
        self.names.append(name)
        return self.reader


@pytest.fixture
def alices() -> Engines:
    return Engines(Reader([read(ALICES)]))


def test_a_picture_of_a_registered_vehicle_opens_its_gate(
    lane: Lane, vehicle: Vehicle, put: Put, alices: Engines
) -> None:
    put(jpeg())
    watch(lane.pk, alices)

    passage = Passage.objects.get()
    assert (passage.plate, passage.outcome) == (ALICES, Outcome.OPEN)
    assert GateCommand.objects.get().passage_id == passage.pk
    assert alices.names == ["cancela"]


def test_the_task_takes_a_lanes_id_and_calls_the_verb(lane: Lane, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[int] = []
    monkeypatch.setattr(watching, "watch", watched.append)

    tasks.watch_lane.apply(args=(lane.pk,))

    assert watched == [lane.pk]


@pytest.mark.parametrize("change", [{"is_active": False}, None])
def test_a_lane_that_is_gone_or_switched_off_is_shrugged_at(
    lane: Lane, put: Put, alices: Engines, change: dict[str, Any] | None
) -> None:
    put(jpeg())
    rows = Lane.objects.filter(pk=lane.pk)
    rows.update(**change) if change else rows.delete()

    watch(lane.pk, alices)

    assert alices.names == []


def test_a_lane_for_uploads_has_nothing_to_fetch(lane: Lane, alices: Engines) -> None:
    lane.camera.source = Source.UPLOAD
    lane.camera.save()

    watch(lane.pk, alices)

    assert alices.names == []


def test_a_lane_has_one_watcher_at_a_time(lane: Lane, put: Put, alices: Engines) -> None:
    put(jpeg())
    cache.set(f"lane-watch-{lane.pk}", "somebody else", 60)

    watch(lane.pk, alices)

    assert alices.names == []
    assert cache.get(f"lane-watch-{lane.pk}") == "somebody else"


def test_a_watcher_gives_the_lane_back(lane: Lane, put: Put, alices: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PACE", 0)
    for count in range(2):
        put(jpeg(count))
        watch(lane.pk, alices)

    assert Passage.objects.get().frames == 2


def test_a_watcher_that_fails_gives_the_lane_back(lane: Lane, put: Put) -> None:
    def fail(name: str) -> PlateReader:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        watch(lane.pk, fail)

    assert cache.get(f"lane-watch-{lane.pk}") is None


def test_ticks_that_queued_up_are_one_look(lane: Lane, put: Put, alices: Engines) -> None:
    Lane.objects.filter(pk=lane.pk).update(interval=60)
    for count in range(3):
        put(jpeg(count))
        watch(lane.pk, alices)

    assert alices.names == ["cancela"]


def test_a_camera_that_gives_nothing_is_said_once_and_ends_passages_all_the_same(
    lane: Lane,
    put: Put,
    alices: Engines,
    vehicle: Vehicle,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "PACE", 0)
    put(jpeg())
    watch(lane.pk, alices)
    Passage.objects.update(last_seen_at=timezone.now() - timedelta(seconds=60))
    for _ in range(2):
        put(b"<html>Login</html>")
        watch(lane.pk, alices)

    assert Passage.objects.get().ended_at is not None
    lane.camera.refresh_from_db()
    assert lane.camera.health == Health.FAILING
    assert caplog.messages == ["Main gate in: no picture: The answer is not a JPEG picture. It is a web page."]


def test_a_cache_that_does_not_answer_is_said_in_a_line_and_nothing_opens(
    lane: Lane, put: Put, alices: Engines, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> None:
        raise RedisError("Connection refused")

    for name in ("get", "add", "set"):
        monkeypatch.setattr(cache, name, fail)
    put(jpeg())

    watch(lane.pk, alices)

    assert [record.getMessage() for record in caplog.records] == [
        f"{lane}: the cache does not answer: Connection refused"
    ]
    assert GateCommand.objects.count() == 0


def test_an_engine_that_nobody_knows_is_said_and_nothing_opens(
    lane: Lane, put: Put, vehicle: Vehicle, caplog: pytest.LogCaptureFixture
) -> None:
    def unknown(name: str) -> PlateReader:
        raise UnknownEngine("There is no engine 'psychic'.")

    watch(lane.pk, unknown)

    assert caplog.messages == ["Main gate in: no picture: There is no engine 'psychic'."]
    assert Passage.objects.count() == 0


def test_an_engine_that_is_not_installed_is_said_and_nothing_opens(
    lane: Lane, put: Put, vehicle: Vehicle, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "fast-alpr", "not_a_package:Reader")
    Lane.objects.update(engine=Engine.FAST_ALPR)
    put(jpeg())

    watch(lane.pk)

    assert caplog.messages == [
        "Main gate in: no picture: The engine fast-alpr is not installed: "
        "pip install '.[fast-alpr]' (missing: not_a_package)."
    ]
    assert (Passage.objects.count(), GateCommand.objects.count()) == (0, 0)


def test_an_engine_without_its_weights_is_said_and_nothing_opens(
    lane: Lane, put: Put, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "WEIGHTS", tmp_path)
    engines.engine.cache_clear()
    Lane.objects.update(engine=Engine.WINDOW)
    put(jpeg())

    watch(lane.pk)
    engines.load_those_in_use()

    why = f"The engine window cannot be loaded: The weights are missing: {tmp_path / 'presence.onnx'}"
    assert caplog.messages == [
        f"Main gate in: no picture: {why}",
        f"Lanes with the engine window see nothing: {why}",
    ]


def test_an_empty_road_is_no_passage_with_the_real_engine(lane: Lane, put: Put) -> None:
    put(jpeg())
    watch(lane.pk)

    assert Passage.objects.count() == 0


def test_two_workers_at_once_look_once(lane: Lane) -> None:
    """The lock itself, between threads."""
    inside, most, gate = [0], [0], threading.Barrier(4)

    def work() -> None:
        gate.wait()
        with watching._alone(lane) as is_alone:
            if is_alone:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.05)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_a_new_worker_loads_the_engines_in_use(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(engines, "engine", loaded.append)

    worker_process_init.send(sender=None)

    assert loaded == ["cancela"]


def test_a_new_worker_that_cannot_load_an_engine_starts_all_the_same(
    lane: Lane, caplog: pytest.LogCaptureFixture
) -> None:
    Lane.objects.update(engine="psychic")

    engines.load_those_in_use()

    assert caplog.messages == [f"Lanes with the engine psychic see nothing: {_unknown('psychic')}"]


def _unknown(name: str) -> UnknownEngine:
    with pytest.raises(UnknownEngine) as refused:
        load_engine(name)
    return refused.value


def test_an_engine_is_loaded_once() -> None:
    assert engines.engine("cancela") is engines.engine("cancela")
    assert isinstance(engines.engine("cancela"), type(load_engine()))


@pytest.mark.parametrize(("painted", "outcome"), [("BRA2E19", Outcome.OPEN), ("QWE2R34", "")])
def test_a_drawn_car_is_read_by_the_real_engine(
    lane: Lane, put: Put, condominium: Condominium, painted: str, outcome: str
) -> None:
    register_vehicle(condominium, "BRA2419", by="tests")
    put(
        scenes.encode(
            scenes.render(scenes.Place(caption=""), traffic.vehicle_of(painted), 0.8, datetime(2026, 11, 21, 12))
        )
    )

    watch(lane.pk)

    passage = Passage.objects.get()
    assert (passage.plate, passage.outcome) == (painted, outcome)
    assert GateCommand.objects.count() == (outcome == Outcome.OPEN)


# --- a burst while a vehicle is undecided ---------------------------------------------------------------


@pytest.fixture
def arriving(lane: Lane, put: Put) -> Put:
    """The lane has been watched before, and nobody was there."""
    put(jpeg(99))
    watch(lane.pk, Engines(Reader([])))
    cache.delete(f"lane-begun-{lane.pk}")
    return put


def test_an_undecided_vehicle_is_looked_at_again_at_once(lane: Lane, vehicle: Vehicle, arriving: Put) -> None:
    """Each picture alone is too unsure; the second comes with the same tick."""
    for shade in range(3):
        arriving(jpeg(shade))
    unsure = Engines(Reader([read(ALICES, 0.5)]))

    watch(lane.pk, unsure)

    passage = Passage.objects.get()
    assert (passage.outcome, passage.frames) == (Outcome.OPEN, 2)


def test_a_burst_refuses_nobody_sooner(lane: Lane, vehicle: Vehicle, arriving: Put) -> None:
    """Its pictures are alike: who cannot be read yet may come nearer."""
    for shade in range(3):
        arriving(jpeg(shade))
    Lane.objects.filter(pk=lane.pk).update(frames_to_refuse=2)

    watch(lane.pk, Engines(Reader([read("QQQ0Q00", 0.5)])))

    passage = Passage.objects.get()
    assert passage.outcome == ""
    assert passage.frames >= 2


def test_a_recorder_without_a_new_picture_ends_a_burst_and_is_not_blamed(
    lane: Lane, vehicle: Vehicle, put: Put
) -> None:
    put(jpeg(1))

    watch(lane.pk, Engines(Reader([read(ALICES, 0.5)])))

    lane.camera.refresh_from_db()
    assert (Passage.objects.get().frames, lane.camera.health, lane.camera.failures) == (1, Health.OK, 0)
