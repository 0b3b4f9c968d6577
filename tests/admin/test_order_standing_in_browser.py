"""The pages on which a gate is held open and locked down, in a real browser: they fit a phone and are read by ear."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from gates.models import Gate
from premises.models import Condominium, User
from tests.admin.furnishing import furnish
from tests.admin.pages import address, row_of
from tests.admin.test_hear_and_reflow import serious
from tests.browsing import NEEDS_BROWSER, signed_in_at

pytestmark = NEEDS_BROWSER

BUTTONS = ("hold_open", "lock_down", "release")
FOR_ALL = ("hold_all_open", "lock_all_down", "let_all_go")


@pytest.fixture
def pages(condominium: Condominium) -> list[str]:
    furnish(condominium, rows=2, prefix="Q")
    gate = row_of(Gate, condominium)
    of_gate = [address(Gate, button, gate.pk) for button in ("change", *BUTTONS)]
    return [address(Gate, "changelist"), *of_gate, *(address(Gate, button) for button in FOR_ALL)]


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, alice: User) -> Iterator[Page]:
    context = signed_in_at(browser, live_server.url, alice, width=360)
    yield context.new_page()
    context.close()


def test_they_fit_a_phone_and_nothing_is_wrong_for_those_who_hear_them(
    phone: Page, live_server: LiveServer, pages: list[str]
) -> None:
    found = {}
    for url in pages:
        answer = phone.goto(live_server.url + url, wait_until="networkidle", timeout=60_000)
        assert answer is not None and answer.ok, url
        width = phone.evaluate("document.documentElement.scrollWidth")
        if wrong := [*serious(phone), *([f"{width} px wide"] if width > 360 else [])]:
            found[url] = wrong
    assert found == {}
