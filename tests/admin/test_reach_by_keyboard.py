"""Everything in the admin is reached without a mouse: menus, filters, the theme's switch, the way past the menu."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.models import Vehicle
from access.vehicles import end_vehicle
from premises.models import Condominium, User
from tests.admin.furnishing import furnish
from tests.admin.pages import address
from tests.browsing import NEEDS_BROWSER, signed_in_at

pytestmark = NEEDS_BROWSER

UNREACHED = """
() => [...document.querySelectorAll('[x-on\\\\:click]')].filter((each) =>
    each.getClientRects().length && each.tabIndex < 0 && each.textContent.trim()).map((each) => each.outerHTML)
"""
NAMELESS = """
() => [...document.querySelectorAll('a[href], button, [role=button]')].filter((each) => each.getClientRects().length
    && !each.ariaLabel && !each.title && ![...each.querySelectorAll('img')].some((image) => image.alt)
    && ![...each.childNodes].some(function said(node) {
        return node.nodeType === 3 ? node.data.trim() : node.ariaHidden !== 'true' && [...node.childNodes].some(said);
    })).map((each) => each.outerHTML)
"""


@pytest.fixture
def vehicles(browser: Browser, live_server: LiveServer, alice: User, condominium: Condominium) -> Iterator[Page]:
    """The manager's list of vehicles."""
    furnish(condominium, rows=2, prefix="Q")
    context = signed_in_at(browser, live_server.url, alice, locale="en")
    page = context.new_page()
    page.goto(live_server.url + address(Vehicle, "changelist"))
    page.locator("[data-cancela-reached]").first.wait_for(state="attached")
    yield page
    context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel"))


def test_the_first_key_offers_the_way_past_the_menu(vehicles: Page) -> None:
    vehicles.keyboard.press("Tab")
    expect(vehicles.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(vehicles.get_by_role("link", name="Skip to the content")).to_be_in_viewport()


def test_nothing_waits_for_a_mouse_and_nothing_is_without_a_name(vehicles: Page) -> None:
    assert (vehicles.evaluate(UNREACHED), vehicles.evaluate(NAMELESS)) == ([], [])


def test_a_rows_menu_opens_walks_and_closes(vehicles: Page) -> None:
    opener = vehicles.get_by_role("button", name="What to do with QAA1D00")
    opener.focus()
    vehicles.keyboard.press("Enter")
    expect(vehicles.get_by_role("link", name="Sign off")).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "true")
    vehicles.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_a_rows_menu_offers_what_fits_the_row(vehicles: Page, alice: User) -> None:
    end_vehicle(Vehicle.objects.get(plate="QAA1D00"), by=alice)
    vehicles.reload()
    vehicles.get_by_role("button", name="What to do with QAA1D00").click()
    menu = vehicles.locator("nav.cancela-menu:visible")
    expect(menu.get_by_role("link")).to_contain_text(["Take up again"])


def test_the_filters_open_and_close(vehicles: Page) -> None:
    opener = vehicles.get_by_role("button", name="Filters", exact=True)
    opener.focus()
    vehicles.keyboard.press("Enter")
    assert vehicles.wait_for_function("document.activeElement.closest('#changelist-filter')")
    vehicles.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(vehicles.locator("#changelist-filter")).to_be_hidden()


def test_the_list_of_buttons_opens(vehicles: Page) -> None:
    opener = vehicles.get_by_role("button", name="List", exact=True)
    opener.focus()
    vehicles.keyboard.press(" ")
    expect(vehicles.get_by_role("link", name="Import list")).to_be_focused()
    vehicles.keyboard.press("ArrowDown")
    expect(vehicles.get_by_role("link", name="Export list")).to_be_focused()


def test_light_and_dark_are_chosen(vehicles: Page) -> None:
    opener = vehicles.locator("#nav-sidebar [data-cancela-button]", has_text="alice")
    opener.focus()
    vehicles.keyboard.press("Enter")
    dark = vehicles.get_by_role("button", name="Dark")
    expect(dark).to_be_visible()
    dark.focus()
    vehicles.keyboard.press("Enter")
    expect(dark).to_have_attribute("aria-pressed", "true")
    expect(vehicles.locator("html")).to_have_class("dark")


def test_the_menu_opens_on_a_phone(vehicles: Page) -> None:
    vehicles.set_viewport_size({"width": 360, "height": 740})
    opener = vehicles.get_by_role("button", name="Menu")
    opener.focus()
    vehicles.keyboard.press("Enter")
    assert vehicles.wait_for_function("document.activeElement.closest('#nav-sidebar')")
    vehicles.keyboard.press("Escape")
    expect(opener).to_be_focused()
