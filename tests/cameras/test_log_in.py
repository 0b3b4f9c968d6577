"""Logging in: the best that the device offers, never a password unasked, and after a refusal no more."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cameras import logins
from cameras.asking import turn
from cameras.conversations import Conversation
from cameras.models import Camera, Health, Recorder, Source
from cameras.problems import Problem
from cameras.simulator import Fault, Simulator, running_simulator
from cameras.snapshots import SnapshotError, fetch, resume
from cameras.targets import Target
from cameras.transport import Deadline
from premises.models import Condominium, JournalEntry, User
from tests.cameras.conftest import camera_of, recorder_of, refusal

WRONG = "not-the-password-7Gq"


@pytest.fixture
def locked_out(recorder: Recorder) -> Camera:
    """A camera whose recorder has another password than we think."""
    Recorder.objects.filter(pk=recorder.pk).update(password=WRONG)
    recorder.refresh_from_db()
    return camera_of(recorder)


def test_the_first_request_carries_no_login_and_the_second_is_accepted(camera: Camera, simulator: Simulator) -> None:
    fetch(camera)
    assert (simulator.logins["challenges"], simulator.logins["good"], simulator.logins["bad"]) == (1, 1, 0)


def test_a_login_is_remembered_so_that_a_picture_costs_one_request(camera: Camera, simulator: Simulator) -> None:
    for _ in range(4):
        fetch(camera)
    assert simulator.requests == 5
    assert (simulator.logins["challenges"], simulator.logins["good"], simulator.logins["bad"]) == (1, 4, 0)


def test_a_recorder_that_takes_each_nonce_once_is_found_out_at_the_price_of_one(
    camera: Camera, simulator: Simulator
) -> None:
    simulator.fault(Fault.ONE_SHOT_NONCE)
    for _ in range(5):
        fetch(camera)
    assert simulator.logins["bad"] == 1
    assert simulator.logins["good"] == 5


def test_a_login_that_the_recorder_forgot_is_renewed(camera: Camera, simulator: Simulator) -> None:
    for _ in range(3):
        fetch(camera)
    simulator.recorder.logins.forget_nonces()
    fetch(camera)
    fetch(camera)
    assert (simulator.logins["challenges"], simulator.logins["bad"]) == (1, 1)


@pytest.mark.parametrize("schemes", [("basic",), ("basic", "digest"), ("digest", "basic")])
def test_basic_is_used_only_where_nothing_better_is_offered(schemes: tuple[str, ...], condominium: Condominium) -> None:
    with running_simulator(channels=1, schemes=schemes) as simulator:
        camera = camera_of(recorder_of(simulator, condominium))
        fetch(camera)
        fetch(camera)
        # A basic login is never sent unasked, so each picture has its own challenge.
        assert simulator.logins["challenges"] == (2 if schemes == ("basic",) else 1)
        assert simulator.recorder.logins.last_scheme == ("basic" if schemes == ("basic",) else "digest")


def test_a_digest_that_we_cannot_compute_is_no_reason_to_send_the_password() -> None:
    offered = ['Digest realm="x", nonce="n", algorithm=SHA-512-256, qop="auth"', 'Basic realm="x"']
    assert logins.best(offered) is None


def test_the_digest_is_that_of_the_standards_example() -> None:
    """RFC 2617, section 3.5, with its client nonce put in the place of ours."""
    challenge = logins.best(
        [
            'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
            ' opaque="5ccc069c403ebaf9f0171e9517f40e41"'
        ]
    )
    assert challenge is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cameras.logins.secrets.token_hex", lambda _size: "0a4f113b")
        header = logins.answer(challenge, "Mufasa", "Circle Of Life", "/dir/index.html")
    assert 'response="6629fae49393a05397450978507c4ef1"' in header


def test_a_refused_login_stops_the_recorder_after_one_try(locked_out: Camera, simulator: Simulator) -> None:
    error = refusal(locked_out)
    assert (error.code, error.permanent) == (Problem.WRONG_PASSWORD, True)
    assert "4 tries are left" in error.message
    for _ in range(3):
        assert refusal(locked_out).code == Problem.STOPPED
    assert simulator.logins["bad"] == 1
    assert simulator.requests == 2


def test_a_stop_is_seen_on_every_camera_and_in_the_journal(locked_out: Camera) -> None:
    other = camera_of(locked_out.recorder, channel=2)  # type: ignore[arg-type]
    refusal(locked_out)
    assert set(Camera.objects.values_list("health", flat=True)) == {Health.STOPPED}
    assert refusal(other).code == Problem.STOPPED
    (entry,) = JournalEntry.objects.all()
    assert (entry.action, entry.subject) == ("recorder.stopped", "Recorder")
    assert entry.data == {"id": locked_out.recorder_id, "because": "wrong_password"}


def test_a_person_resumes_a_stopped_recorder(locked_out: Camera, simulator: Simulator, alice: User) -> None:
    refusal(locked_out)
    recorder = Recorder.objects.get()
    assert recorder.stopped_at is not None
    recorder.password = simulator.password
    recorder.save()
    assert resume(recorder, alice) is True
    assert resume(recorder, alice) is False
    fetch(Camera.objects.get())
    after = Recorder.objects.get()
    assert (after.stopped_at, after.bad_logins) == (None, 0)
    assert [(entry.action, entry.actor) for entry in JournalEntry.objects.order_by("sequence")] == [
        ("recorder.stopped", "cancela"),
        ("recorder.resumed", "alice"),
    ]


def test_the_last_try_is_never_used_up(locked_out: Camera, simulator: Simulator, alice: User) -> None:
    recorder = locked_out.recorder
    assert recorder is not None
    for _ in range(8):
        refusal(locked_out)
        resume(recorder, alice)
    assert simulator.logins["bad"] == 4
    assert simulator.logins["locked"] is False
    assert "wait until" in refusal(locked_out).message
    Recorder.objects.update(password=simulator.password)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        fetch(locked_out)


def test_a_camera_with_its_own_address_stops_too(simulator: Simulator, condominium: Condominium, alice: User) -> None:
    camera = Camera.objects.create(
        condominium=condominium,
        name="Alone",
        source=Source.URL,
        url=f"{simulator.url}/picture/1.jpg",
        username=simulator.user,
        password=WRONG,
    )
    assert refusal(camera).code == Problem.WRONG_PASSWORD
    assert refusal(camera).code == Problem.STOPPED
    assert simulator.logins["bad"] == 1
    Camera.objects.update(password=simulator.password)
    camera.refresh_from_db()
    assert resume(camera, alice) is True
    assert fetch(camera).camera_id == camera.pk
    assert list(JournalEntry.objects.order_by("sequence").values_list("action", flat=True)) == [
        "camera.stopped",
        "camera.resumed",
    ]


def test_a_recorder_that_wants_a_login_and_has_none_is_not_asked_again(camera: Camera, simulator: Simulator) -> None:
    Recorder.objects.update(username="", password=None)
    assert refusal(camera).code == Problem.WRONG_PASSWORD
    assert refusal(camera).code == Problem.STOPPED
    assert simulator.requests == 1


def test_credentials_are_in_no_log_and_no_error(
    locked_out: Camera, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    error: BaseException | None = refusal(locked_out)
    simulator.fault(Fault.SLOW)
    Recorder.objects.update(stopped_at=None, password=simulator.password)
    texts = [caplog.text]
    for problem in (error, refusal(locked_out)):
        while problem is not None:
            texts.append(f"{problem!r} {problem}")
            problem = problem.__cause__
    assert "is stopped" in caplog.text
    assert not [text for text in texts if WRONG in text or simulator.password in text or "nonce" in text]


def test_names_and_passwords_may_have_accents(condominium: Condominium) -> None:
    with running_simulator(channels=1, user="portão", password="coração") as simulator:
        assert fetch(camera_of(recorder_of(simulator, condominium))).width == 1280


def test_new_credentials_begin_with_a_challenge(camera: Camera, simulator: Simulator) -> None:
    fetch(camera)
    Recorder.objects.update(username="somebody-else")
    assert refusal(camera).code == Problem.WRONG_PASSWORD
    assert (simulator.logins["challenges"], simulator.logins["bad"]) == (2, 1)


def test_a_password_that_was_changed_on_the_recorder_costs_two_tries_at_most(
    camera: Camera, simulator: Simulator
) -> None:
    for _ in range(3):
        fetch(camera)
    simulator.recorder.logins.change_password("another one")
    assert refusal(camera).code == Problem.WRONG_PASSWORD
    assert refusal(camera).code == Problem.STOPPED
    assert simulator.logins["bad"] == 2


def test_resuming_a_channel_resumes_its_recorder(locked_out: Camera, simulator: Simulator, alice: User) -> None:
    refusal(locked_out)
    Recorder.objects.update(password=simulator.password)
    locked_out = Camera.objects.get()
    assert resume(locked_out, alice) is True
    assert (locked_out.health, Recorder.objects.get().stopped_at) == (Health.UNKNOWN, None)
    fetch(locked_out)


def test_two_threads_with_a_wrong_password_spend_one_try(simulator: Simulator) -> None:
    """Below the rows, whose database the threads of a test cannot share."""
    errors: list[Any] = []
    stopped = threading.Event()

    def ask() -> None:
        deadline = Deadline(2.7)
        conversation = Conversation(Target("device", simulator.url, simulator.user, WRONG), deadline)
        with turn(conversation, deadline):
            if stopped.is_set():
                return
            try:
                conversation.get("/picture/1.jpg")
            except SnapshotError as error:
                errors.append(error.code)
                stopped.set()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [Problem.WRONG_PASSWORD]
    assert simulator.logins["bad"] == 1
