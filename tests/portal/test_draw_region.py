"""A lane that is set up already gets its region from its own page: by the API, by numbers, by mouse, by a finger."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.models import Lane
from cameras.snapshots import Frame
from portal.setup import pictures
from premises.models import Condominium, JournalEntry, User
from tests.admin.conftest import SignedIn
from tests.admin.furnishing import jpeg
from tests.admin.pages import address, row_of
from tests.axe import serious_in
from tests.browsing import NEEDS_BROWSER

SIDES = {"left": 10, "top": 20, "width": 50, "height": 60}


@pytest.fixture
def lane(furnished: Condominium) -> Lane:
    found: Lane = row_of(Lane, furnished)
    return found


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def test_the_lanes_page_leads_to_the_drawing_and_that_back(manager: Client, lane: Lane) -> None:
    own = address(Lane, "change", lane.pk)
    drawing = reverse("setup:drawing", args=[lane.pk])
    assert f'href="{drawing}"' in manager.get(own).content.decode()
    answer = manager.get(drawing)
    assert answer.status_code == 200
    assert "Steps of the set-up" not in answer.content.decode()

    answer = manager.post(drawing, SIDES | {"next": 1})

    assert (answer.status_code, answer["Location"]) == (302, own)
    lane.refresh_from_db()
    assert lane.region == [0.1, 0.2, 0.5, 0.6]
    assert JournalEntry.objects.filter(action="lane.changed").latest("pk").data == {"fields": ["region"]}
    assert "50.0 % of its width from 10.0 %" in manager.get(own).content.decode()


def test_nobody_else_draws(lane: Lane, bob: User, charlie: User, client: Client, signed_in: SignedIn) -> None:
    url = reverse("setup:drawing", args=[lane.pk])
    shown = signed_in(bob).get(address(Lane, "change", lane.pk)).content.decode()
    assert ("the whole picture" in shown, url in shown) == (True, False)
    for who, expected in ((signed_in(bob), 404), (signed_in(charlie), 404), (client, 302)):
        assert (who.get(url).status_code, who.post(url, SIDES | {"next": 1}).status_code) == (expected, expected)
    lane.refresh_from_db()
    assert lane.region == []


# --- drawn ----------------------------------------------------------------------------------------------


@pytest.fixture
def drawing(browser: Browser, live_server: LiveServer, lane: Lane, alice: User) -> Any:
    """Opens the drawing page, with a picture to draw on."""
    cache.clear()
    pictures.keep(lane, Frame(jpeg(), timezone.now(), "0" * 64, lane.camera_id, 320, 180))
    contexts = []

    def opens(user: User = alice, **how: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(locale="pt-BR", **how)
        cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(live_server.url + reverse("setup:drawing", args=[lane.pk]))
        return page

    yield opens
    for context in contexts:
        context.close()


def at(page: Page, across: float, down: float) -> dict[str, float]:
    """A place of the picture, by shares of it, as the window counts."""
    box = page.locator("[data-region]").bounding_box()
    assert box
    return {"x": box["x"] + across * box["width"], "y": box["y"] + down * box["height"]}


def touch(page: Page, *way: tuple[float, float]) -> None:
    """A finger that goes down, along the way, and up again: as the browser gets it from a screen."""
    page.locator("[data-region]").scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)
    for number, (across, down) in enumerate(way):
        kind = "touchMove" if number else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at(page, across, down)]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def sides(page: Page) -> list[float]:
    return [float(page.locator(f"[data-side={side}]").input_value()) for side in ("left", "top", "width", "height")]


class TestInBrowser:
    pytestmark = NEEDS_BROWSER

    def test_a_finger_draws_moves_and_resizes_and_the_page_does_not_scroll_away(self, drawing: Any, lane: Lane) -> None:
        page = drawing(viewport={"width": 390, "height": 740}, has_touch=True, is_mobile=True)
        touch(page, (0.2, 0.2), (0.4, 0.4), (0.7, 0.8))
        assert sides(page) == pytest.approx([20, 20, 50, 60], abs=1)
        scrolled = page.evaluate("scrollY")
        touch(page, (0.45, 0.5), (0.5, 0.45), (0.55, 0.4))
        assert sides(page) == pytest.approx([30, 10, 50, 60], abs=1.5)
        touch(page, (0.8, 0.7), (0.85, 0.8), (0.9, 0.9))
        assert sides(page) == pytest.approx([30, 10, 60, 80], abs=1.5)
        assert page.evaluate("scrollY") == scrolled

        # Clicked: without a screen Chromium keeps the click of a tap back until the next touch, now and then.
        page.locator("button[name=next]").click()
        page.wait_for_url(re.compile(r"/admin/access/lane/\d+/change/"), timeout=90_000)
        lane.refresh_from_db()
        assert lane.region == pytest.approx([0.3, 0.1, 0.6, 0.8], abs=0.015)

    def test_the_whole_picture_is_one_tap(self, drawing: Any, lane: Lane) -> None:
        page = drawing(viewport={"width": 390, "height": 740}, has_touch=True)
        touch(page, (0.2, 0.2), (0.4, 0.4), (0.7, 0.8))
        page.locator("[data-whole]").click()
        assert sides(page) == [0, 0, 100, 100]

    @pytest.mark.parametrize("width", [320, 1280])
    def test_it_is_accessible_and_fits(self, drawing: Any, width: int) -> None:
        page = drawing(viewport={"width": width, "height": 800})
        expect(page.locator("[data-region] img")).to_be_visible()
        assert serious_in(page, ".setup") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
