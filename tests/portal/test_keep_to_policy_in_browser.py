"""No page loads or runs anything that the site's policy does not name, and none asks another host."""

from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from access.models import Vehicle
from premises.models import Condominium, Membership, User
from tests.admin.conftest import owner
from tests.admin.furnishing import furnish
from tests.admin.pages import address, every_model, row_of, tenant_models
from tests.browsing import NEEDS_BROWSER
from tests.portal.pages import ACCOUNT_PAGES, ENTRANCES
from tests.portal.visiting import visiting

__all__ = ["owner"]
pytestmark = NEEDS_BROWSER


def test_sign_in_and_account(browser: Browser, live_server: LiveServer, alice: User) -> None:
    with visiting(browser, live_server.url) as visit:
        for name in ENTRANCES:
            visit.to(reverse(name))
        assert visit.problems == []
    with visiting(browser, live_server.url, alice) as visit:
        for name in ACCOUNT_PAGES:
            visit.to(reverse(name))
        assert visit.problems == []


def test_the_admin(browser: Browser, live_server: LiveServer, owner: User, condominium: Condominium) -> None:
    furnish(condominium, rows=2, prefix="Q")
    with visiting(browser, live_server.url, owner) as visit:
        visit.to("/admin/")
        for model in every_model():
            visit.to(address(model, "changelist"))
        for model in tenant_models():
            visit.to(address(model, "change", row_of(model, condominium).pk))
        for model in (Vehicle, Membership, Condominium):
            visit.to(address(model, "add"))
        assert visit.problems == []


def test_the_description_of_the_api(browser: Browser, live_server: LiveServer) -> None:
    with visiting(browser, live_server.url) as visit:
        visit.to("/api/docs/")
        visit.page.get_by_text("/api/v1/passages", exact=False).first.wait_for()
        assert visit.problems == []


def test_a_page_that_is_not_there(browser: Browser, live_server: LiveServer) -> None:
    with visiting(browser, live_server.url) as visit:
        visit.to("/no-such-page")
        drawn = visit.page.locator("p.code").evaluate("line => getComputedStyle(line).color")
        assert drawn in ("rgb(29, 78, 216)", "rgb(147, 197, 253)")
        assert [said for said in visit.problems if "policy" in said] == []
