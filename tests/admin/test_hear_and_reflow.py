"""Who hears a page, and who enlarges it: axe-core finds nothing serious, and no page scrolls sideways.

The pages stand for all: each kind of list, form, button's page and page of our own is among them once.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from premises.models import Condominium, User
from tests.admin import everywhere
from tests.admin.furnishing import furnish
from tests.browsing import NEEDS_BROWSER, signed_in_at

pytestmark = NEEDS_BROWSER

STANDING_FOR_ALL = (
    "index",
    "access.passage list",
    "access.passage change",
    "access.passage misread",
    "access.passage list missed_openings",
    "access.vehicle list",
    "access.vehicle add",
    "access.vehicle change",
    "access.vehicle list import_list",
    "access.permit change",
    "access.lane tolerance",
    "access.shadowrun change",
    "premises.unit change",
    "premises.apiclient add",
    "premises.journalentry change",
    "premises.user change",
    "vehicle history",
    "vehicle list, nothing found",
)
# What the theme breaks and nobody mends here, by rule, with the reason. Said in docs/accessibility.md, too.
KNOWN: dict[str, str] = {}
# Of these, what a wide window shows otherwise is listened to as well.
WIDE = ("access.passage list", "access.vehicle change")
# A phone's width; the width at which 1280 pixels are seen by who enlarges by half (200 %); a screen.
WIDTHS = (1280, 640, 320)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, owner: User, condominium: Condominium) -> Iterator[Page]:
    furnish(condominium, rows=2, prefix="Q")
    context = signed_in_at(browser, live_server.url, owner)
    yield context.new_page()
    context.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out: the rule, and where."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{each['id']} at {node['target']}"
        for each in found
        if each["impact"] in ("serious", "critical") and each["id"] not in KNOWN
        for node in each["nodes"]
    ]


def test_nothing_serious_is_found_and_nothing_scrolls_sideways(
    page: Page, live_server: LiveServer, condominium: Condominium
) -> None:
    every = everywhere.pages(condominium) | everywhere.beside(condominium)
    found = {}
    for name in STANDING_FOR_ALL:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(live_server.url + every[name], wait_until="load")
        page.locator("[data-cancela-reached]").first.wait_for(state="attached")
        found[name] = serious(page) if name in WIDE else []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[name].append(f"wider than {width}")
        found[name] += serious(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_who_is_not_signed_in_is_heard_too(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900}, locale="pt-BR")
    found = {}
    for url in ("/admin/login/", "/no-such-page"):
        page.goto(live_server.url + url, wait_until="load")
        width = page.evaluate("document.documentElement.scrollWidth")
        found[url] = [*serious(page), *([f"wider than 320: {width}"] if width > 320 else [])]
    page.close()
    assert {url: problems for url, problems in found.items() if problems} == {}
