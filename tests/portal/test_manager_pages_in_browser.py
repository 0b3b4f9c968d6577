"""The manager's pages in a real browser: accessible, no wider than a phone, and nothing the browser complains of."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from access.lane_days import SPAN
from access.models import Lane, LaneDay
from premises.models import Condominium, User
from tests.axe import serious_in
from tests.browsing import NEEDS_BROWSER, sign_in
from tests.conftest import PASSWORD

pytestmark = NEEDS_BROWSER
SHOTS = os.environ.get("SCREENSHOTS", "")
WIDE, NARROW = (1280, 900), (360, 740)
PAGES = {
    "dashboard": ("/admin/", ".cancela-today"),
    "reports": ("/reports/?preset=from_to&first={first}&last={last}&condominium={condominium}", ".reports"),
    "begin": ("/setup/", ".setup"),
    "region": ("/setup/lane/{lane}/region/", ".setup"),
    "gate": ("/setup/lane/{lane}/gate/", ".setup"),
    "finish": ("/setup/lane/{lane}/finish/", ".setup"),
}


@pytest.fixture
def lane(furnished: Condominium) -> Lane:
    """A lane with four weeks behind it."""
    LaneDay.objects.all().delete()
    for lane in Lane.objects.filter(condominium=furnished):
        for number in range(SPAN):
            good = 60 + 13 * (number % 5)
            LaneDay.objects.create(
                condominium=furnished, lane=lane, day=timezone.localdate() - timedelta(days=number),
                decided=good + 9, sure=good, corrected=number % 3, pulses=good, p50_ms=80,
                p95_ms=150 + 9 * (number % 7),
            )  # fmt: skip
    return Lane.objects.filter(condominium=furnished).latest("pk")


def signed_in(browser: Browser, site: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="pt-BR")
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page, site, "alice", PASSWORD)
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["screen", "phone"])
def test_the_managers_pages_are_accessible_and_fit(
    browser: Browser, live_server: LiveServer, lane: Lane, alice: User, size: tuple[int, int]
) -> None:
    page = signed_in(browser, live_server.url, size)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    days = {"first": date.today() - timedelta(days=9), "last": date.today()}
    wrong: dict[str, object] = {}
    for name, (address, part) in PAGES.items():
        page.goto(live_server.url + address.format(lane=lane.pk, condominium=lane.condominium_id, **days))
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{size[0]}.png"), full_page=True)
        found = serious_in(page, part)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong |= {name: (found, sideways)} if found or sideways > 0 else {}
    assert wrong == {}
    assert complaints == []
