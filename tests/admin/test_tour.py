"""A day at the gate, in a real browser: a car arrives, is refused, the guard corrects it, and next time it opens.

The pictures are drawn and sent as a camera sends them, the plates read by the default engine.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from access.models import Lane, Passage
from access.vehicles import register_vehicle
from cameras.drawing.scenes import Place, encode, render
from cameras.drawing.vehicles import Vehicle as Drawn
from cameras.models import Camera, Source
from gates.models import Controller, Gate
from premises import clients
from premises.models import Condominium, JournalEntry, Unit, User
from premises.roles import Permission
from tests.admin.pages import address
from tests.browsing import NEEDS_BROWSER, sign_in
from tests.conftest import PASSWORD

pytestmark = NEEDS_BROWSER

PLATE = "BRA2E19"
# Dirt took the E's lowest stroke.
DIRTY = "BRA2F19"


@pytest.fixture
def lane(condominium: Condominium) -> Lane:
    controller = Controller.objects.create(
        condominium=condominium, name="Board", device="board-1", key="ab" * 32, online=True,
        session="0123456789abcdef", uptime_ms=1000, heard_at=timezone.now(),
    )  # fmt: skip
    gate = Gate.objects.create(condominium=condominium, name="Portão", controller=controller)
    camera = Camera.objects.create(condominium=condominium, name="Câmera", source=Source.UPLOAD)
    return Lane.objects.create(condominium=condominium, name="Entrada", camera=camera, gate=gate, frames_to_refuse=1)


def arrives(lane: Lane, plate: str) -> Passage:
    """The camera sends a picture of a car; the passage that it became."""
    _client, token = clients.create_client(lane.condominium, f"camera of {plate}", Permission.values)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    picture = encode(render(Place(), Drawn(plate), 1.0, datetime(2026, 11, 21, 12, tzinfo=UTC)))
    file = SimpleUploadedFile("car.jpg", picture, "image/jpeg")
    assert api.post("/upload-camera-image", {"image": file, "lane": lane.pk}, format="multipart").status_code == 200
    return Passage.objects.latest("opened_at")


@pytest.fixture
def guard(browser: Browser, live_server: LiveServer, bob: User) -> Page:
    """Bob, signed in with his password, at his own screen."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="pt-BR").new_page()
    sign_in(page, live_server.url, bob.username, PASSWORD)
    return page


def test_a_car_is_refused_corrected_and_opened_for(
    guard: Page, live_server: LiveServer, lane: Lane, condominium: Condominium
) -> None:
    unit = Unit.objects.create(condominium=condominium, block="A", number="101")
    register_vehicle(condominium, PLATE, by="tests", unit=unit)

    refused = arrives(lane, DIRTY)
    guard.goto(live_server.url + address(Passage, "changelist"))
    expect(guard.get_by_text("não liberada", exact=True).first).to_be_visible()

    guard.goto(live_server.url + address(Passage, "change", refused.pk))
    expect(guard.locator("h2.cancela-outcome")).to_have_text("não liberada", ignore_case=True)
    guard.get_by_role("link", name="Foi lida errado…").first.click()
    guard.get_by_label("Placa").fill(PLATE.lower())
    guard.get_by_role("button", name="Corrigir").click()

    expect(guard.locator(".plate-large .plate-text").first).to_have_text(PLATE)
    expect(guard.get_by_text("A 101").first).to_be_visible()
    refused.refresh_from_db()
    assert (refused.plate, refused.corrected_plate, refused.outcome) == (DIRTY, PLATE, "refuse")
    assert JournalEntry.objects.get(action="passage.corrected").actor == "bob"

    an_hour_ago = timezone.now() - timedelta(hours=1)
    Passage.objects.update(opened_at=an_hour_ago, last_seen_at=an_hour_ago, ended_at=an_hour_ago)
    opened = arrives(lane, PLATE)
    guard.goto(live_server.url + address(Passage, "change", opened.pk))
    expect(guard.locator("h2.cancela-outcome")).to_have_text("liberada", ignore_case=True)
    expect(guard.get_by_text("foi enviado", exact=False).or_(guard.get_by_text("Portão")).first).to_be_visible()
    assert opened.pk != refused.pk
