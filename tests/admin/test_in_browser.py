"""The admin in a real browser: nothing is asked of another host, nothing overflows a phone, no script fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from access.models import Lane, Passage, RetentionPolicy, ShadowRun, SubjectRequest, Vehicle
from premises.models import Condominium, User
from tests.admin.furnishing import furnish
from tests.admin.pages import address, row_of
from tests.browsing import NEEDS_BROWSER

pytestmark = NEEDS_BROWSER


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
    asked = row_of(SubjectRequest, condominium)
    pages += [address(SubjectRequest, "changelist"), address(SubjectRequest, "change", asked.pk)]
    pages += [address(RetentionPolicy, "changelist"), f"{address(SubjectRequest, 'changelist')}{asked.pk}/gather/"]
    pages += [address(ShadowRun, "change", row_of(ShadowRun, condominium).pk)]
    pages += [address(Lane, "reading_quality", passage.lane_id), address(Passage, "missed_openings")]
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
