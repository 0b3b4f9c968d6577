"""A guard's keys, and the relay: the console in a real browser, all of the product running, MicroPython at the gate."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demo_residents import STRANGERS
from tests.browsing import CHROMIUM, browser, driver_starts, opens, sign_in, types_into
from tests.product import Product, running_product
from tests.waiting import wait_for

__all__ = ["browser"]
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not driver_starts(), reason="Playwright's driver does not start (libatomic1?)"),
]
PATIENT = 60_000
# The demonstration's second lane looks out; its gate is on the second relay.
CHANNEL, RELAY = 2, 2


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("product"), RECORDER_ARGUMENTS_MORE="--manual") as product:
        wait_for(lambda: product.rows("SELECT 1 FROM gates_controller WHERE online"), 30)
        yield product


@pytest.fixture
def console(browser: Browser, product: Product) -> Iterator[Page]:
    """The guard's screen, live."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="pt-BR")
    context.set_default_timeout(PATIENT)
    page = context.new_page()
    sign_in(page, product.site, "porteiro", product.login("porteiro"), to="/console/")
    expect(page.locator("body")).to_have_attribute("data-connection", "live", timeout=PATIENT)
    yield page
    context.close()


def pulses(product: Product) -> int:
    log = product.var / "controller" / "relay.log"
    return len(re.findall(rf"^relay {RELAY} on ", log.read_text(), re.MULTILINE)) if log.exists() else 0


def arrives(product: Product, console: Page, plate: str) -> None:
    """Somebody unknown stands there, and the screen calls the guard."""
    product.ask_recorder("arrive", {"channel": CHANNEL, "plate": plate, "stays": 40})
    needing = console.locator(".lane.needs.chosen")
    expect(needing.locator(".plate-text").first).to_have_text(plate, timeout=PATIENT)


def test_a_key_and_a_reason_move_the_relay_once(product: Product, console: Page) -> None:
    before = pulses(product)
    arrives(product, console, STRANGERS[0])
    assert pulses(product) == before

    opens(console, "F2", "open")
    console.keyboard.press("3")

    wait_for(lambda: pulses(product) == before + 1, 30)
    query = "SELECT state, reason FROM gates_gatecommand WHERE requested_by_name = 'porteiro' ORDER BY requested_at"
    wait_for(lambda: product.rows(query)[-1][0] == "pulsed", 30)
    expect(console.locator(".lane.chosen .known")).to_be_visible()
    expect(console.locator(".lane.needs")).to_have_count(0, timeout=PATIENT)
    assert pulses(product) == before + 1


def test_turning_away_moves_nothing(product: Product, console: Page) -> None:
    before = pulses(product)
    arrives(product, console, STRANGERS[1])

    console.keyboard.press("F8")

    expect(console.locator(".lane.needs")).to_have_count(0, timeout=PATIENT)
    assert pulses(product) == before


def test_a_visitor_is_registered_by_keys_and_let_in(product: Product, console: Page) -> None:
    before = pulses(product)
    arrives(product, console, STRANGERS[3])

    opens(console, "F4", "visitor")
    types_into(console.locator("#visitor-unit"), "101")
    console.keyboard.press("Enter")
    types_into(console.locator("#visitor-name"), "Dora Reis")
    console.keyboard.press("Enter")

    wait_for(lambda: pulses(product) == before + 1, 30)
    query = "SELECT state FROM gates_gatecommand WHERE reason LIKE '%Dora Reis%'"
    wait_for(lambda: product.rows(query) == [("pulsed",)], 30)
