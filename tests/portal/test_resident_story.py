"""Whole stories on a phone: a vehicle by photo, approved and opened for; a guest by link; no connection."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.arrivals import guest_arrived
from access.models import GuestLink, Lane, Passage, Vehicle
from access.vehicles import register_vehicle
from gates.models import GateCommand
from portal import arrivals
from portal.tasks import tell_of_arrival
from premises.models import Condominium, JournalEntry, Unit, User
from tests.browsing import NEEDS_BROWSER
from tests.portal.arriving import arrives, drawn
from tests.portal.conftest import SignedIn

pytestmark = NEEDS_BROWSER

PLATE, GUEST = "BRA2E19", "NBK5M67"
PHONE: Any = {"width": 360, "height": 740}
PATIENCE = 30_000  # ms
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, problems: list[str]) -> Iterator[Open]:
    """A phone of somebody, signed in or not, at an address."""
    contexts = []

    def start(path: str, user: User | None = None, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "locale": "en-GB", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: _note_stranger(request.url, live_server.url, problems))
        page.goto(live_server.url + path)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def problems() -> list[str]:
    return []


def _note_stranger(url: str, ours: str, problems: list[str]) -> None:
    if not url.startswith((ours, "data:", "blob:")):
        problems.append(url)


@pytest.fixture
def told_at_once() -> Iterator[None]:
    """The queue's work, done where it is asked for."""

    def tell(decision_id: int, **signal: object) -> None:
        tell_of_arrival(decision_id)

    guest_arrived.disconnect(dispatch_uid="portal.arrivals")
    guest_arrived.connect(tell, weak=False, dispatch_uid="story")
    yield
    guest_arrived.disconnect(dispatch_uid="story")
    guest_arrived.connect(arrivals.queue, dispatch_uid="portal.arrivals")


def photo(plate: str) -> Any:
    return {"name": "plate.jpg", "mimeType": "image/jpeg", "buffer": drawn(plate)}


def test_a_vehicle_by_photo_is_approved_and_opened_for(
    open_page: Open, live_server: LiveServer, lane: Lane, dora: User, alice: User, problems: list[str]
) -> None:
    phone = open_page("/my/", dora)
    phone.get_by_role("link", name="Register a vehicle").click()
    phone.set_input_files("[data-photo]", photo(PLATE))
    expect(phone.get_by_label("Plate", exact=True)).to_have_value(PLATE, timeout=PATIENCE)
    expect(phone.get_by_text("Is it right?")).to_be_visible()
    phone.get_by_label("Colour").fill("grey")
    phone.get_by_role("button", name="Pass on to the manager").click()
    expect(phone.get_by_text("was passed on to the manager")).to_be_visible()
    expect(phone.get_by_text("Waits for approval")).to_be_visible()
    assert arrives(lane, PLATE).reason == "waiting_approval"

    manager = open_page("/admin/access/vehicle/?state__exact=waiting", alice, viewport={"width": 1280, "height": 900})
    manager.get_by_role("link", name=PLATE).first.click()
    manager.get_by_role("link", name="Approve").first.click()
    manager.wait_for_load_state()
    if Vehicle.objects.get(plate=PLATE).state != "active":
        manager.get_by_role("button", name="Approve").first.click()
        manager.wait_for_load_state()

    passage = arrives(lane, PLATE)

    assert (passage.outcome, GateCommand.objects.filter(passage_id=passage.pk).count()) == ("open", 1)
    phone.get_by_role("link", name="Passages").click()
    phone.locator(".passage-link").first.click()
    expect(phone.locator(".passage-picture")).to_be_visible()
    assert phone.locator(".passage-picture").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert problems == []


@pytest.mark.usefixtures("told_at_once")
def test_a_guest_by_link_is_let_in_and_told_of(
    open_page: Open, lane: Lane, dora: User, emil: User, charlie: User, signed_in: SignedIn, problems: list[str]
) -> None:
    phone = open_page("/my/guests/", dora)
    phone.get_by_role("link", name="Send a guest a link").click()
    phone.get_by_label("For whom").fill("Plumber")
    phone.get_by_role("button", name="Make the link").click()
    address = phone.get_by_label("Link").input_value()
    assert "wa.me" in (phone.get_by_role("link", name="Send by WhatsApp").get_attribute("href") or "")
    phone.reload()
    assert GuestLink.objects.count() == 1  # it shows the list, and makes no other

    guest = open_page(address[address.index("/my/") :])
    expect(guest.get_by_role("heading", name="You are expected at Jardim das Acácias")).to_be_visible()
    guest.set_input_files("[data-photo]", photo(GUEST))
    expect(guest.get_by_label("Plate", exact=True)).to_have_value(GUEST, timeout=PATIENCE)
    guest.get_by_label("Your name").fill("Marina")
    guest.get_by_role("button", name="Announce me").click()
    expect(guest.get_by_role("heading", name="You are announced")).to_be_visible()

    passage = arrives(lane, GUEST)

    assert (passage.outcome, GateCommand.objects.filter(passage_id=passage.pk).count()) == ("open", 1)
    assert [(message.to, message.subject) for message in mail.outbox] == [(["dora@example.org"], "Marina has arrived")]
    phone.get_by_role("link", name="Guests", exact=True).click()
    expect(phone.get_by_text("Marina")).to_be_visible()
    expect(phone.get_by_text("Arrived")).to_be_visible()
    phone.get_by_role("link", name="Passages").click()
    expect(phone.get_by_text(GUEST)).to_be_visible()
    for other in (emil, charlie):
        client = signed_in(other)
        for page in ("", "guests/", "passages/", "looked/"):
            assert GUEST not in client.get(f"/my/{page}").content.decode()
        for page in ("", "small.jpg", "large.jpg"):
            assert client.get(f"/my/passages/{passage.pk}/{page}").status_code in (403, 404)
    assert JournalEntry.objects.get(action="guest.link_used").actor == "dora"
    assert problems == []


def test_a_plate_that_is_not_found_is_said_and_can_be_typed(open_page: Open, dora: User) -> None:
    phone = open_page("/my/vehicles/add/", dora)

    phone.set_input_files("[data-photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(phone.get_by_text("no photo that can be read")).to_be_visible()
    phone.get_by_label("Plate", exact=True).fill("bra-2e19")
    phone.get_by_role("button", name="Pass on to the manager").click()

    expect(phone.get_by_text("was passed on to the manager")).to_be_visible()
    assert Vehicle.objects.get().plate == PLATE


def test_without_a_connection_the_page_says_so_and_shows_nothing_old(
    open_page: Open, live_server: LiveServer, condominium: Condominium, unit: Unit, dora: User
) -> None:
    register_vehicle(condominium, PLATE, by="tests", unit=unit)
    phone = open_page("/my/vehicles/", dora)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)

    expect(phone.get_by_text("You are offline.")).to_be_visible()  # on the page that stood there, with its time
    phone.goto(f"{live_server.url}/my/vehicles/")

    expect(phone.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(phone.locator("[aria-current=page]")).to_contain_text("Vehicles")
    assert PLATE not in phone.content()
    kept = phone.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"
    )
    assert [path for path in kept if not path.startswith(("/static/", "/my/offline/"))] == []

    phone.context.set_offline(False)  # it comes back by itself
    expect(phone.get_by_text(PLATE).first).to_be_visible(timeout=30_000)


def test_a_form_is_not_sent_into_the_void(open_page: Open, dora: User) -> None:
    phone = open_page("/my/vehicles/add/", dora)
    phone.get_by_label("Plate", exact=True).fill(PLATE)
    phone.context.set_offline(True)

    phone.get_by_role("button", name="Pass on to the manager").click()

    expect(phone.get_by_text("It was not sent.")).to_be_visible()
    expect(phone.get_by_label("Plate", exact=True)).to_have_value(PLATE)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Pass on to the manager").click()
    expect(phone.get_by_text("was passed on to the manager")).to_be_visible()
    assert not Passage.objects.exists()
