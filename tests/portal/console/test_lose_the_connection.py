"""The connection cut under the console: it says so within three seconds, shows no stale opening, and catches up."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.models import Lane
from gates.models import GateCommand
from gates.states import State
from premises import journal
from premises.models import User
from tests.browsing import NEEDS_BROWSER, opens
from tests.portal.console.gatehouse import STRANGERS, stands
from tests.portal.console.serving import Site
from tests.portal.console.test_work_the_console import PATIENT, card, console

__all__ = ["console"]

pytestmark = NEEDS_BROWSER
# Watches the page from inside, so that a slow test driver does not count: when the screen stopped to say "live".
WATCH = """() => {
    window.lostAt = null;
    new MutationObserver(() => {
        if (document.body.dataset.connection === "lost") window.lostAt ??= Date.now();
    }).observe(document.body, { attributes: true });
}"""


def opened(lane: Lane, bob: User) -> None:
    """The gate was seen open just now."""
    now = timezone.now()
    assert lane.gate is not None
    GateCommand.objects.create(
        condominium=lane.condominium, gate=lane.gate, state=State.CONFIRMED, requested_by=bob, requested_by_name="bob",
        reason="delivery", pulse_ms=500, requested_at=now, expires_at=now, confirmed_at=now, ended_at=now,
    )  # fmt: skip
    journal.record(lane.condominium, "gate.confirmed", subject=lane.gate.name)


def cut(page: Page, site: Site, how: str) -> float:
    """Cut it; the seconds from the cut until the screen said so."""
    page.evaluate(WATCH)
    began = time.time()
    if how == "killed":
        site.kill()
    else:
        site.stand_still()
    expect(page.locator("#lost")).to_be_visible(timeout=PATIENT)
    return float(page.evaluate("window.lostAt")) / 1000 - began


@pytest.mark.parametrize("how", ["killed", "hanging"])
def test_a_cut_is_said_within_three_seconds_and_nothing_stale_is_shown(
    console: Page, site: Site, lane: Lane, bob: User, how: str
) -> None:
    known = console.locator(f"{card(console, lane)} .known")
    opened(lane, bob)
    expect(known).to_contain_text("Opened, seen by the position switch.", timeout=PATIENT)

    assert cut(console, site, how) < 3

    expect(known).to_be_hidden()
    expect(console.locator(f"{card(console, lane)} .unknown")).to_have_text("Not known: no connection to the server.")
    assert "Opened" not in console.locator("main").inner_text()
    for button in console.locator(".lane .actions button, .duty button").all():
        expect(button).to_be_disabled()
    console.keyboard.press("F2")
    expect(console.locator("dialog[open]")).to_have_count(0)


def test_it_comes_back_by_itself_and_catches_up(console: Page, site: Site, lane: Lane) -> None:
    cut(console, site, "hanging")
    stands(lane, STRANGERS)
    site.go_on()

    expect(console.locator("#lost")).to_be_hidden(timeout=PATIENT)
    expect(console.locator(f"{card(console, lane)}.needs")).to_be_visible(timeout=PATIENT)
    expect(console.locator(f"{card(console, lane)} [data-do=open]")).to_be_enabled(timeout=PATIENT)


def test_a_server_that_starts_again_is_found(console: Page, site: Site, lane: Lane) -> None:
    cut(console, site, "killed")
    stands(lane, STRANGERS)
    site.start()

    expect(console.locator(f"{card(console, lane)}.needs")).to_be_visible(timeout=PATIENT)
    expect(console.locator("body")).to_have_attribute("data-connection", "live", timeout=PATIENT)


def test_what_was_begun_before_the_cut_is_kept_and_not_sent(console: Page, site: Site, lane: Lane) -> None:
    opens(console, "F2", "open")
    console.locator("#open-note").fill("for A 101")
    cut(console, site, "hanging")
    console.keyboard.press("Enter")

    expect(console.locator("#open .errors")).to_contain_text("The connection to the server is lost.")
    expect(console.locator("#open-note")).to_have_value("for A 101")
    site.go_on()
    assert not GateCommand.objects.exists()
