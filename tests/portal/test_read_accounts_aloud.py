"""Sign-in and account for everybody: axe finds nothing serious, and all of it fits 320 pixels."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from portal.accounts import invitations
from portal.models import Invitation
from premises.models import Condominium, User
from premises.roles import Role
from tests.browsing import NEEDS_BROWSER, sign_in
from tests.conftest import PASSWORD
from tests.portal.pages import ACCOUNT_PAGES, ENTRANCES
from tests.portal.visiting import Visit, visiting

pytestmark = NEEDS_BROWSER
SERIOUS = ("serious", "critical")


def found(visit: Visit) -> list[str]:
    """What axe finds serious on the page, and whether it has to be pushed sideways."""
    answer = Axe().run(visit.page).response
    wrong = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in answer["violations"] if rule["impact"] in SERIOUS]
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    return [*wrong, *([f"{width} pixels wide"] if width > 320 else [])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_sign_in_and_account(
    browser: Browser, live_server: LiveServer, alice: User, condominium: Condominium, scheme: str
) -> None:
    token = invitations.invite(Invitation(condominium=condominium, email="n@example.org", role=Role.GUARD), by=alice)
    narrow: Any = {"viewport": {"width": 320, "height": 640}, "color_scheme": scheme}
    with visiting(browser, live_server.url, **narrow) as visit:
        told = {}
        for url in (*map(reverse, ENTRANCES), reverse("account_invitation_link", args=[token]), "/no-such-page"):
            visit.to(url)
            told[url] = found(visit)
        sign_in(visit.page, live_server.url, "alice", PASSWORD, to="/accounts/")
        for name in (*ACCOUNT_PAGES, "mfa_generate_recovery_codes", "account_logout"):
            visit.to(reverse(name))
            told[name] = found(visit)
        assert {page: wrong for page, wrong in told.items() if wrong} == {}
