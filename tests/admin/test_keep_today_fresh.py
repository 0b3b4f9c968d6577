"""The first page keeps itself up to date while somebody looks at it, and says when it cannot."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.models import Lane, Passage, Vehicle
from access.reasons import Outcome, Reason
from access.states import VehicleState
from premises.models import Condominium, User
from tests.admin.conftest import SignedIn
from tests.admin.pages import row_of
from tests.browsing import NEEDS_BROWSER
from tests.portal.visiting import Visit, visiting

PATIENT = 60_000
# Whether the page is hidden is the test's to say.
HIDDEN = "Object.defineProperty(document, 'hidden', {get: () => window.isHidden ?? false});"


def passes(condominium: Condominium, plate: str) -> Passage:
    now = timezone.now()
    return Passage.objects.create(
        condominium=condominium, lane=row_of(Lane, condominium), opened_at=now, last_seen_at=now, plate=plate,
        plate_key=plate, outcome=Outcome.REFUSE, reason=Reason.UNKNOWN_PLATE,
    )  # fmt: skip


def look(page: Page) -> None:
    """As if the time were over: who comes back to a page is shown how things are."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def opened(visit: Visit) -> Page:
    visit.page.add_init_script(HIDDEN)
    visit.to("/admin/")
    expect(visit.page.locator("html[data-followed]")).to_have_count(1)
    return visit.page


class TestInBrowser:
    pytestmark = NEEDS_BROWSER

    def test_what_happens_comes_onto_the_page(
        self, browser: Browser, live_server: LiveServer, furnished: Condominium, alice: User
    ) -> None:
        with visiting(browser, live_server.url, alice) as visit:
            page = opened(visit)
            expect(page.locator("#now-numbers strong").first).to_have_text("2")
            passes(furnished, "QZZ0Z00")
            look(page)
            expect(page.locator("#now-numbers strong").first).to_have_text("3", timeout=PATIENT)
            expect(page.locator("#now-latest .plate-text").first).to_have_text("QZZ0Z00")
            assert visit.problems == []

    def test_what_the_keyboard_is_in_is_not_pulled_away(
        self, browser: Browser, live_server: LiveServer, furnished: Condominium, alice: User
    ) -> None:
        with visiting(browser, live_server.url, alice) as visit:
            page = opened(visit)
            page.locator("#now-latest a").first.focus()
            passes(furnished, "QZZ0Z00")
            look(page)
            expect(page.locator("#now-numbers strong").first).to_have_text("3", timeout=PATIENT)
            expect(page.locator("#now-latest a").first).to_be_focused()
            assert page.locator("#now-latest .plate-text").first.inner_text() != "QZZ0Z00"

    def test_while_nobody_looks_nothing_is_asked(
        self, browser: Browser, live_server: LiveServer, furnished: Condominium, alice: User
    ) -> None:
        with visiting(browser, live_server.url, alice) as visit:
            page = opened(visit)
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
            page.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)
            page.evaluate("window.isHidden = true")
            look(page)
            page.evaluate("fetch('/health/')")  # what was asked before it is over by the time that this is answered
            assert [url for url in asked if url.endswith("/admin/")] == []
            page.evaluate("window.isHidden = false")
            with page.expect_request("**/admin/", timeout=PATIENT):
                look(page)

    def test_a_server_that_does_not_answer_is_said(
        self, browser: Browser, live_server: LiveServer, furnished: Condominium, alice: User
    ) -> None:
        with visiting(browser, live_server.url, alice) as visit:
            page = opened(visit)
            expect(page.locator("[data-lost]")).to_be_hidden()
            page.context.set_offline(True)
            look(page)
            expect(page.locator("[data-lost]")).to_be_visible(timeout=PATIENT)
            page.context.set_offline(False)
            look(page)
            expect(page.locator("[data-lost]")).to_be_hidden(timeout=PATIENT)


@pytest.mark.django_db
def test_who_approves_is_told_how_many_wait_and_a_guard_is_not(
    furnished: Condominium, alice: User, bob: User, charlie: User, signed_in: SignedIn
) -> None:
    Vehicle.objects.filter(pk=row_of(Vehicle, furnished).pk).update(state=VehicleState.WAITING)
    words = "vehicles wait for approval"
    pages = {user: signed_in(user).get("/admin/") for user in (alice, bob, charlie)}
    assert [words in page.content.decode() for page in pages.values()] == [True, False, True]
    assert (pages[alice].context["proposed"].waiting, pages[charlie].context["proposed"].waiting) == (1, 0)
