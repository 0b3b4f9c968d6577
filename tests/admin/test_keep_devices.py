"""Recorders, cameras, controllers and lanes in the admin: secrets go in and never come out, buttons work."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from access import engines, tolerance_page
from access.models import Lane, Passage, Vehicle
from cameras.models import Camera, Health, Recorder, Source
from cameras.simulator import Simulator, running_simulator
from gates.models import Controller
from premises.models import Condominium, JournalEntry, User
from recognition import Box, EngineUnavailable, Look, Read, Rejected, Unread
from recognition.engines import OPTIONAL, TRAINED
from recognition.reads import Image, certain
from tests.admin.conftest import SignedIn
from tests.admin.pages import address, row_of
from tests.cameras.conftest import camera_of, recorder_of


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with running_simulator(channels=2) as running:
        yield running


@pytest.fixture
def recorder(simulator: Simulator, condominium: Condominium) -> Recorder:
    return recorder_of(simulator, condominium)


def filled_in(recorder: Recorder, **values: Any) -> dict[str, Any]:
    usual = {"name": recorder.name, "make": recorder.make, "host": recorder.host, "port": recorder.port}
    inline = {"cameras-TOTAL_FORMS": "0", "cameras-INITIAL_FORMS": "0"}
    return usual | inline | {"username": recorder.username, "password": ""} | values


def press(client: Client, row: Any, button: str, **data: Any) -> Any:
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{button}", args=[row.pk])
    return client.post(url, data, follow=True)


# --- secrets --------------------------------------------------------------------------------------------


def test_a_stored_password_is_on_no_page(manager: Client, furnished: Condominium) -> None:
    recorder = row_of(Recorder, furnished)
    assert recorder.password.endswith("-hidden")
    pages = [address(Recorder, "changelist"), address(Recorder, "change", recorder.pk)]
    assert [recorder.password in manager.get(page).content.decode() for page in pages] == [False, False]


def test_a_wrong_form_does_not_give_the_password_back(manager: Client, recorder: Recorder) -> None:
    data = filled_in(recorder, name="", password="typed-just-now")
    answer = manager.post(address(Recorder, "change", recorder.pk), data)
    assert "name" in answer.context["adminform"].form.errors
    assert "typed-just-now" not in answer.content.decode()


def test_an_empty_password_keeps_the_stored_one(manager: Client, recorder: Recorder) -> None:
    before = recorder.password
    manager.post(address(Recorder, "change", recorder.pk), filled_in(recorder, name="New name"))
    recorder.refresh_from_db()
    assert (recorder.name, recorder.password) == ("New name", before)


def test_a_new_password_takes_its_place(manager: Client, recorder: Recorder) -> None:
    manager.post(address(Recorder, "change", recorder.pk), filled_in(recorder, password="another one"))
    recorder.refresh_from_db()
    assert recorder.password == "another one"


def test_a_stored_password_is_never_sent_to_another_address(manager: Client, recorder: Recorder) -> None:
    data = filled_in(recorder, host="elsewhere.example")
    answer = manager.post(address(Recorder, "change", recorder.pk), data)
    assert list(answer.context["adminform"].form.errors) == ["password"]


def test_saving_a_form_does_not_undo_what_a_worker_wrote(manager: Client, recorder: Recorder) -> None:
    """A recorder that was stopped meanwhile stays stopped: asking again would lock its account."""
    page = address(Recorder, "change", recorder.pk)
    manager.get(page)
    stopped_at = timezone.now()
    real_save = Recorder.save

    def save_after_the_worker(row: Recorder, *args: Any, **kwargs: Any) -> None:
        Recorder.objects.filter(pk=row.pk).update(stopped_at=stopped_at)
        real_save(row, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recorder, "save", save_after_the_worker)
        manager.post(page, filled_in(recorder, name="New name"))
    recorder.refresh_from_db()
    assert (recorder.name, recorder.stopped_at) == ("New name", stopped_at)


def test_the_secrets_of_a_controller_are_shown_once(manager: Client, condominium: Condominium) -> None:
    answer = manager.post(address(Controller, "add"), {"name": "Gate house", "device": "gate-house"})
    controller = Controller.objects.get(device="gate-house")
    page = answer.content.decode()
    assert (controller.key in page, "no-store" in answer.headers["Cache-Control"]) == (True, True)
    assert controller.key not in manager.get(address(Controller, "change", controller.pk)).content.decode()


def test_a_new_key_ends_the_old_one(manager: Client, furnished: Condominium) -> None:
    controller = row_of(Controller, furnished)
    before = controller.key
    answer = press(manager, controller, "renew")
    controller.refresh_from_db()
    assert controller.key != before
    assert controller.key in answer.content.decode()


def test_a_controller_is_taken_out_of_service_and_never_deleted(manager: Client, furnished: Condominium) -> None:
    controller = row_of(Controller, furnished)
    press(manager, controller, "retire")
    controller.refresh_from_db()
    assert not controller.is_active
    assert manager.post(address(Controller, "delete", controller.pk), {"post": "yes"}).status_code == 403


# --- buttons --------------------------------------------------------------------------------------------


def test_the_test_shows_the_picture_on_the_page(manager: Client, recorder: Recorder, simulator: Simulator) -> None:
    camera = camera_of(recorder)
    assert "data:image/jpeg;base64," in press(manager, camera, "test_connection").content.decode()


def test_opening_the_page_of_the_test_asks_nobody(manager: Client, recorder: Recorder, simulator: Simulator) -> None:
    manager.get(reverse("admin:cameras_recorder_test_connection", args=[recorder.pk]))
    assert len(simulator.log()) == 0


def test_the_test_says_what_is_wrong(manager: Client, recorder: Recorder) -> None:
    Recorder.objects.update(password="not-it")
    page = press(manager, recorder, "test_connection").content.decode()
    assert "The recorder refuses user or password." in page
    assert "not-it" not in page


def test_channels_become_cameras(manager: Client, recorder: Recorder) -> None:
    camera_of(recorder, channel=1)
    page = press(manager, recorder, "find_channels")
    choices = page.context["form"].fields["channels"].choices
    press(manager, recorder, "find_channels", channels=[value for value, _label in choices])
    assert list(Camera.objects.order_by("channel").values_list("channel", flat=True)) == [1, 2]
    assert Camera.objects.get(channel=2).condominium == recorder.condominium


def test_a_channel_that_has_a_camera_gets_no_second(manager: Client, recorder: Recorder) -> None:
    camera_of(recorder, channel=1)
    press(manager, recorder, "find_channels", channels=["1:Again", "x:Nonsense", "0:None", "99999:Far"])
    assert Camera.objects.count() == 1


def test_a_stopped_recorder_is_asked_again(manager: Client, recorder: Recorder) -> None:
    Recorder.objects.update(stopped_at=timezone.now(), stopped_because="refused")
    press(manager, recorder, "resume")
    recorder.refresh_from_db()
    assert recorder.stopped_at is None
    assert JournalEntry.objects.filter(action="recorder.resumed", actor="alice").count() == 1


def offers_to_ask_again(client: Client, row: Recorder | Camera) -> bool:
    page = client.get(address(type(row), "change", row.pk)).content.decode()
    return reverse(f"admin:cameras_{row._meta.model_name}_resume", args=[row.pk]) in page


def test_asking_again_is_offered_only_where_something_is_stopped(manager: Client, recorder: Recorder) -> None:
    camera = camera_of(recorder)
    alone = Camera.objects.create(
        condominium=recorder.condominium, name="Yard", source=Source.URL, url="http://yard.example/1.jpg"
    )
    rows = (recorder, camera, alone)
    assert [offers_to_ask_again(manager, row) for row in rows] == [False, False, False]
    Recorder.objects.update(stopped_at=timezone.now())
    assert [offers_to_ask_again(manager, row) for row in rows] == [True, True, False]
    Camera.objects.filter(pk=alone.pk).update(health=Health.STOPPED)
    assert offers_to_ask_again(manager, alone)


def test_asking_again_what_was_not_stopped_says_so(manager: Client, recorder: Recorder) -> None:
    page = manager.get(reverse("admin:cameras_recorder_resume", args=[recorder.pk]), follow=True)
    assert [str(message) for message in page.context["messages"]] == ["It was not stopped."]
    assert JournalEntry.objects.filter(action="recorder.resumed").count() == 0


@pytest.mark.parametrize(
    ("changed", "still"),
    [({"password": "another one"}, False), ({"username": "other"}, False), ({"name": "New name"}, True)],
)
def test_another_login_lets_a_stopped_recorder_be_asked_again(
    manager: Client, recorder: Recorder, changed: dict[str, str], still: bool
) -> None:
    Recorder.objects.update(stopped_at=timezone.now(), stopped_because="refused")
    manager.post(address(Recorder, "change", recorder.pk), filled_in(recorder, **changed))
    recorder.refresh_from_db()
    assert (recorder.stopped_at is not None) == still
    assert JournalEntry.objects.filter(action="recorder.resumed", actor="alice").count() == (not still)


def test_a_login_written_on_a_channel_lets_its_recorder_rest(manager: Client, recorder: Recorder) -> None:
    """A channel is asked with its recorder's login: asking again with that would lock the account."""
    camera = camera_of(recorder)
    Recorder.objects.update(stopped_at=timezone.now())
    data = {"name": camera.name, "source": camera.source, "recorder": recorder.pk, "channel": camera.channel}
    manager.post(address(Camera, "change", camera.pk), data | {"username": "other"})
    camera.refresh_from_db()
    recorder.refresh_from_db()
    assert (camera.username, recorder.stopped_at is not None) == ("other", True)


@pytest.mark.parametrize("checked", [True, False])
def test_the_certificate_is_checked_unless_somebody_says_otherwise(
    manager: Client, condominium: Condominium, checked: bool
) -> None:
    page = manager.get(address(Recorder, "add"))
    assert page.context["adminform"].form.initial.get("verify_tls", True) is True
    data = {"name": "NVR", "make": "intelbras", "host": "nvr.example", "port": "443", "use_https": "on"}
    manager.post(address(Recorder, "add"), data | ({"verify_tls": "on"} if checked else {}))
    recorder = Recorder.objects.get()
    assert (recorder.use_https, recorder.verify_tls) == (True, checked)


def test_a_camera_is_added_on_its_recorders_page(manager: Client, recorder: Recorder) -> None:
    inline = {"cameras-TOTAL_FORMS": "1", "cameras-0-name": "Yard", "cameras-0-channel": "2"}
    manager.post(address(Recorder, "change", recorder.pk), filled_in(recorder, **inline))
    camera = Camera.objects.get()
    assert (camera.name, camera.recorder, camera.condominium) == ("Yard", recorder, recorder.condominium)
    assert JournalEntry.objects.filter(action="camera.added", subject="Yard").count() == 1


# --- lanes ----------------------------------------------------------------------------------------------


def lane_data(camera: Camera, **values: Any) -> dict[str, Any]:
    usual = {"name": "In", "camera": camera.pk, "direction": "in", "engine": "classical", "interval": "1.00"}
    usual |= {"policy": "balanced", "agreeing": "6", "passback": "off", "forgive_hours": "24"}
    return usual | {"frames_to_refuse": "3", "gap_seconds": "6", "is_active": "on"} | values


def watched() -> list[str]:
    return list(PeriodicTask.objects.filter(task="access.tasks.watch_lane").values_list("args", flat=True))


def test_saving_a_lane_puts_it_into_the_timetable(manager: Client, recorder: Recorder) -> None:
    camera = camera_of(recorder)
    manager.post(address(Lane, "add"), lane_data(camera))
    lane = Lane.objects.get()
    assert watched() == [f"[{lane.pk}]"]
    manager.post(address(Lane, "change", lane.pk), lane_data(camera, is_active=""))
    assert watched() == []


def test_deleting_a_lane_takes_it_out(manager: Client, recorder: Recorder) -> None:
    manager.post(address(Lane, "add"), lane_data(camera_of(recorder)))
    manager.post(address(Lane, "delete", Lane.objects.get().pk), {"post": "yes"})
    assert (Lane.objects.count(), watched()) == (0, [])


def test_a_recognition_that_is_not_installed_is_refused_with_what_installs_it(
    manager: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OPTIONAL, "fast-alpr", ("not_a_package",))
    page = manager.post(address(Lane, "add"), lane_data(camera_of(recorder), engine="fast-alpr"))
    assert page.context["adminform"].form.errors == {
        "engine": ["It is not installed on this server: pip install '.[fast-alpr]'"]
    }


def test_a_lane_whose_recognition_is_gone_can_be_switched_off(
    manager: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OPTIONAL, "fast-alpr", ("not_a_package",))
    camera = camera_of(recorder)
    lane = lane_of(camera, engine="fast-alpr")
    manager.post(address(Lane, "change", lane.pk), lane_data(camera, engine="fast-alpr", is_active=""))
    lane.refresh_from_db()
    assert (lane.engine, lane.is_active) == ("fast-alpr", False)


def test_a_recognition_without_its_weights_is_refused_with_what_makes_them(
    manager: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRAINED, "window", ("nowhere.onnx",))
    page = manager.post(address(Lane, "add"), lane_data(camera_of(recorder), engine="window"))
    assert page.context["adminform"].form.errors == {"engine": ["It is not installed on this server: make train"]}
    monkeypatch.setitem(TRAINED, "window", ("engines.py",))
    manager.post(address(Lane, "add"), lane_data(camera_of(recorder, channel=2), engine="window"))
    assert Lane.objects.get().engine == "window"


def test_a_new_lane_has_the_usual_recognition(manager: Client) -> None:
    assert manager.get(address(Lane, "add")).context["adminform"].form["engine"].initial == "cancela"


def lane_of(camera: Camera, **values: Any) -> Lane:
    return Lane.objects.create(condominium_id=camera.condominium_id, name="In", camera=camera, **values)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (Look([Read(Box(9, 9, 60, 20), "ABC1D23", certain("ABC1D23", [0.9] * 7), 0.9, None)]), "90 %"),
        (Look([], [Rejected(Box(9, 9, 20, 7), Unread.TOO_SMALL)]), "The plate is too small in the picture"),
        (Look([]), "There is no plate to be seen in the picture."),
    ],
)
def test_trying_a_lane_says_what_is_read_or_why_nothing_is(
    manager: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, look: Look, said: str
) -> None:
    monkeypatch.setattr(engines, "engine", lambda name: Told(look))
    page = press(manager, lane_of(camera_of(recorder)), "try_reading").content.decode()
    assert (said in page, "data:image/jpeg;base64," in page) == (True, True)
    assert Passage.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guard_cannot_try_a_lane(
    bob: User, signed_in: SignedIn, recorder: Recorder, simulator: Simulator, method: str
) -> None:
    url = reverse("admin:access_lane_try_reading", args=[lane_of(camera_of(recorder)).pk])
    assert getattr(signed_in(bob), method)(url).status_code == 403
    assert len(simulator.log()) == 0


def test_trying_a_lane_without_its_recognition_says_what_is_missing(
    manager: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise EngineUnavailable("The engine fast-alpr is not installed: pip install.")

    monkeypatch.setattr(engines, "engine", missing)
    page = press(manager, lane_of(camera_of(recorder)), "try_reading").content.decode()
    assert "The engine fast-alpr is not installed: pip install." in page


def test_the_page_of_a_lanes_tolerance_shows_every_policy(
    manager: Client, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tolerance_page, "COUNT", 30)
    lane = lane_of(camera_of(recorder))
    for plate in ("QQA1B23", "QQA1B28", "XYZ9A87"):
        Vehicle.objects.create(condominium_id=lane.condominium_id, plate=plate)
    page = press(manager, lane, "tolerance").content.decode()
    assert [words in page for words in ("balanced: one error", "(this lane)", "5 of 7", "QQA1B28")] == [True] * 4
    assert "<code>QQA1B23</code> – <code>QQA1B28</code>" in page


def test_a_lane_of_a_condominium_without_vehicles_has_no_tolerance(manager: Client, recorder: Recorder) -> None:
    assert (
        "No Brazilian plate is registered here."
        in press(manager, lane_of(camera_of(recorder)), "tolerance").content.decode()
    )


def test_a_guard_sees_no_tolerance(bob: User, signed_in: SignedIn, recorder: Recorder) -> None:
    url = reverse("admin:access_lane_tolerance", args=[lane_of(camera_of(recorder)).pk])
    assert (signed_in(bob).get(url).status_code, signed_in(bob).post(url).status_code) == (403, 403)


class Told:
    """An engine that answers what it was told to."""

    name, version = "told", "1"

    def __init__(self, answer: Look) -> None:
        self.answer = answer

    def read(self, image: Image) -> list[Read]:
        return self.answer.reads

    def look(self, image: Image) -> Look:
        return self.answer


def test_an_address_without_a_scheme_is_taken_as_http(manager: Client, condominium: Condominium) -> None:
    data = {"name": "Yard", "source": Source.URL, "channel": "1", "url": "camera.example/picture.jpg"}
    manager.post(address(Camera, "add"), data)
    assert Camera.objects.get().url == "http://camera.example/picture.jpg"
