"""The two contracts over real HTTP, with a drawn vehicle and the real recogniser."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.traffic import vehicle_of
from premises.clients import create_client
from premises.models import Condominium

PLATE = "BRA2E19"
# The same noise in every run.
CLOCK = datetime(2026, 11, 21, 8, 30, 0, 123_000, UTC)


@pytest.fixture
def http(live_server: LiveServer, transactional_db: None) -> httpx.Client:
    condominium = Condominium.objects.create(name="Over HTTP", slug="over-http")
    _client, token = create_client(condominium, "http", ["pictures.upload", "passages.view"])
    return httpx.Client(
        base_url=live_server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
    )


def test_a_picture_is_read_and_the_plate_was_seen_since(http: httpx.Client) -> None:
    asked = datetime.now(UTC) - timedelta(seconds=2)
    picture = encode(render(Place(), vehicle_of(PLATE), 0.9, CLOCK))
    with http:
        answer = http.post("/upload-camera-image", files={"image": ("car.jpg", picture, "image/jpeg")})
        assert (answer.status_code, answer.json()) == (200, {"message": f"License plate {PLATE} found", "status": 200})
        answer = http.get(f"/check-license-plate/{PLATE},BRA2419,ABC1D23/{asked:%Y-%m-%dT%H:%M:%S}Z")
        seen = [(row["plate"], row["detected"]) for row in answer.json()]
        assert seen == [(PLATE, True), ("BRA2419", True), ("ABC1D23", False)]
        time = datetime.fromisoformat(answer.json()[0]["time"]).replace(tzinfo=UTC)
        assert asked.replace(microsecond=0) <= time <= datetime.now(UTC)


def test_an_empty_road_has_no_plate(http: httpx.Client) -> None:
    picture = encode(render(Place(), None, 0.0, CLOCK))
    with http:
        answer = http.post("/upload-camera-image", files={"image": ("road.jpg", picture, "image/jpeg")})
    assert (answer.status_code, answer.json()) == (200, {"message": "No license plate found", "status": 404})
