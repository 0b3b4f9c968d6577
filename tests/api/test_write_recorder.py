"""Recorders and cameras: their passwords go in, and never come out or go elsewhere."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from cameras.models import Camera, Health, Recorder
from premises.models import Condominium, JournalEntry
from tests.api.conftest import Rows

SECRET = "a secret of the tests"
NEW = {"name": "NVR", "host": "nvr.example", "username": "viewer", "password": SECRET}


@pytest.fixture
def recorder(mine: Rows) -> Recorder:
    found: Recorder = mine["recorders"]
    return found


def address(row: Recorder | Camera) -> str:
    return f"/api/v1/{row._meta.model_name}s/{row.pk}"


def test_a_password_is_kept_encrypted_and_never_told(
    api: APIClient, condominium: Condominium, caplog: pytest.LogCaptureFixture
) -> None:
    answer = api.post("/api/v1/recorders", NEW)
    assert answer.status_code == 201
    kept = Recorder.objects.get(condominium=condominium)
    assert kept.password == SECRET
    told = [answer, api.get("/api/v1/recorders"), api.get(address(kept)), api.patch(address(kept), {"name": "x"})]
    for each in told:
        assert SECRET not in each.content.decode()
    assert told[2].json()["has_password"] is True
    assert "password" not in told[2].json()
    assert SECRET not in caplog.text


def test_the_journal_names_the_fields_and_not_their_values(api: APIClient) -> None:
    api.post("/api/v1/recorders", NEW)
    entry = JournalEntry.objects.get(action="recorder.added")
    assert (entry.actor, entry.subject) == ("API: a program", "NVR")
    assert entry.data == {"fields": ["condominium", "host", "name", "password", "username"]}


@pytest.mark.parametrize("move", [{"host": "evil.example"}, {"port": 8080}, {"use_https": True}])
def test_a_password_does_not_follow_to_another_address(
    api: APIClient, recorder: Recorder, move: dict[str, Any]
) -> None:
    answer = api.patch(address(recorder), move)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["password"])
    recorder.refresh_from_db()
    assert (recorder.host, recorder.port, recorder.use_https) == ("recorder.example", 80, False)
    assert api.patch(address(recorder), {**move, "password": SECRET}).status_code == 200


def test_a_password_of_a_camera_does_not_follow_either(api: APIClient, condominium: Condominium) -> None:
    camera = Camera.objects.create(
        condominium=condominium, name="C", source="url", url="http://cam.example/a.jpg", username="u", password=SECRET
    )
    answer = api.patch(address(camera), {"url": "http://evil.example/a.jpg"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["password"])
    assert SECRET not in api.get(address(camera)).content.decode()


def test_a_password_in_an_address_is_refused(api: APIClient, condominium: Condominium) -> None:
    answer = api.post("/api/v1/cameras", {"name": "C", "source": "url", "url": "http://u:p@cam.example/a.jpg"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["url"])


@pytest.mark.parametrize("folder", ["/etc", "../..", "/proc/self", ""])
def test_a_camera_reads_no_folder_that_was_not_allowed(api: APIClient, condominium: Condominium, folder: str) -> None:
    answer = api.post("/api/v1/cameras", {"name": "C", "source": "folder", "folder": folder})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["folder"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "http://x"),
        ("host", "a b"),
        ("host", ""),
        ("port", 0),
        ("port", 65536),
        ("port", "x"),
        ("make", "sony"),
        ("snapshot_path", "no-slash"),
        ("name", ""),
        ("name", None),
        ("name", "x" * 81),
        ("name", "a\0b"),
        ("use_https", "perhaps"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    api: APIClient, condominium: Condominium, field: str, value: object
) -> None:
    answer = api.post("/api/v1/recorders", {**NEW, field: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Recorder.objects.count() == 0


def test_a_new_password_lets_a_stopped_recorder_be_asked_again(api: APIClient, recorder: Recorder) -> None:
    Recorder.objects.update(stopped_at=timezone.now(), stopped_because="wrong password")
    Camera.objects.update(health=Health.STOPPED)
    assert api.patch(address(recorder), {"name": "only renamed"}).json()["stopped_because"] == "wrong password"
    answer = api.patch(address(recorder), {"password": "another"})
    assert (answer.json()["stopped_at"], answer.json()["stopped_because"]) == (None, "")
    assert set(Camera.objects.filter(recorder=recorder).values_list("health", flat=True)) == {Health.UNKNOWN}


def test_a_login_written_on_a_channel_lets_its_recorder_rest(api: APIClient, mine: Rows) -> None:
    """A channel is asked with its recorder's login: asking again with that would lock the account."""
    Recorder.objects.update(stopped_at=timezone.now())
    camera = Camera.objects.get(pk=mine["cameras"].pk, recorder=mine["recorders"])
    assert api.patch(address(camera), {"username": "other"}).status_code == 200
    mine["recorders"].refresh_from_db()
    assert mine["recorders"].stopped_at is not None


def test_the_certificate_is_checked_unless_somebody_says_otherwise(api: APIClient, condominium: Condominium) -> None:
    kept = Recorder.objects.get(pk=api.post("/api/v1/recorders", NEW | {"use_https": True}).json()["id"])
    assert kept.verify_tls
    assert api.patch(address(kept), {"verify_tls": False}).json()["verify_tls"] is False
    kept.refresh_from_db()
    assert not kept.verify_tls


def test_a_change_does_not_undo_a_stop_of_the_same_moment(
    api: APIClient, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_meanwhile(row: Recorder) -> None:
        Recorder.objects.filter(pk=row.pk).update(stopped_at=timezone.now(), stopped_because="wrong password")

    monkeypatch.setattr(Recorder, "clean", stopped_meanwhile)
    assert api.patch(address(recorder), {"name": "renamed"}).status_code == 200
    recorder.refresh_from_db()
    assert (recorder.name, recorder.stopped_because) == ("renamed", "wrong password")


def test_health_is_told_and_cannot_be_written(api: APIClient, mine: Rows) -> None:
    answer = api.patch(address(mine["cameras"]), {"health": "ok", "last_error": "none"})
    assert (answer.json()["health"], answer.json()["last_error"]) == ("unknown", "")
