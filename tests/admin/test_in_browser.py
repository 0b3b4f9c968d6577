"""The admin in a real browser: nothing is asked of another host, nothing overflows a phone, no script fails."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from access.models import Passage, Vehicle
from premises.models import Condominium, User
from tests.admin.furnishing import furnish
from tests.admin.pages import address, row_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def driver_starts() -> bool:
    """Whether the program that drives the browser finds its libraries here."""
    node, _cli = compute_driver_executable()
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not driver_starts(), reason="Playwright's driver does not start (libatomic1?)"),
    pytest.mark.django_db(transaction=True),
]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop of its own in this thread, for which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def phone(
    browser: Browser, live_server: LiveServer, alice: User, condominium: Condominium, problems: list[str]
) -> Iterator[Page]:
    furnish(condominium, rows=2, prefix="Q")
    client = Client()
    client.force_login(alice)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="pt-BR")
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.on("request", lambda request: _note_stranger(request.url, live_server.url, problems))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 400 else None)
    yield page
    context.close()


def _note_stranger(url: str, ours: str, problems: list[str]) -> None:
    if not url.startswith((ours, "data:")):
        problems.append(url)


def test_pages_fit_a_phone_and_ask_nobody_else(
    phone: Page, live_server: LiveServer, condominium: Condominium, problems: list[str]
) -> None:
    passage = row_of(Passage, condominium)
    pages = ["/admin/", address(Passage, "changelist"), address(Passage, "change", passage.pk)]
    pages += [address(Vehicle, page) for page in ("changelist", "add", "import_list", "export_list", "duplicates")]
    widths = {}
    for url in [*pages, f"{address(Passage, 'changelist')}{passage.pk}/open_gate/"]:
        phone.goto(live_server.url + url, wait_until="networkidle")
        widths[url] = phone.evaluate("document.documentElement.scrollWidth")
    assert {url: width for url, width in widths.items() if width > 360} == {}
    assert problems == []


def test_a_passage_shows_its_plate_and_its_picture(
    phone: Page, live_server: LiveServer, condominium: Condominium, problems: list[str]
) -> None:
    passage = row_of(Passage, condominium)
    phone.goto(live_server.url + address(Passage, "change", passage.pk), wait_until="networkidle")
    drawn = phone.locator(".plate-large")
    assert drawn.locator(".plate-text").inner_text() == passage.plate
    assert drawn.locator(".plate-band").evaluate("band => getComputedStyle(band).backgroundColor") == "rgb(0, 51, 153)"
    assert phone.locator(".cancela-frame svg").bounding_box() is not None
    assert phone.locator("h2.cancela-outcome").inner_text() == "Liberada"
    assert problems == []
