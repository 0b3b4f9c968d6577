"""GET /health/: for supervisors, from here and from elsewhere, without a token."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def broken(*args: object, **kwargs: object) -> None:
    raise OperationalError("password=hunter2 host=10.0.0.7 is down")


def test_all_is_well(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_a_database_that_is_down_is_named_without_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", broken)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "failing": ["database"]})


def test_a_cache_that_is_down_is_named_without_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "set", broken)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "failing": ["cache"]})


def test_a_cache_that_forgets_is_no_cache(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", lambda key: None)
    assert client.get("/health/").json() == {"status": "failing", "failing": ["cache"]}


def test_nothing_but_looking(client: Client) -> None:
    assert client.post("/health/").status_code == 405
    assert client.head("/health/").status_code == 200
