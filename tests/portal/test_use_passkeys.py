"""Passkeys in a real browser, with an authenticator that Chromium plays."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from premises.models import User
from tests.browsing import NEEDS_BROWSER, sign_in
from tests.conftest import PASSWORD
from tests.portal.visiting import Visit, visiting

pytestmark = NEEDS_BROWSER
ADD, LIST, HOME = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/", "/accounts/"
WAIT = 60_000


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    # The name of a host, as browsers want it for passkeys, and no TLS, which they forgive it.
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def with_authenticator(page: Page) -> CDPSession:
    """A phone's own authenticator: it keeps keys, and its owner shows the finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def site_of(live_server: LiveServer) -> str:
    return str(live_server.url).replace("127.0.0.1", "localhost")


def set_up(visit: Visit) -> None:
    """Alice signs in with her password, is led to the second factor, and sets up a passkey."""
    sign_in(visit.page, visit.site, "alice", PASSWORD, to="/accounts/2fa/")
    visit.page.get_by_role("link", name="Set up a passkey").click()
    visit.page.get_by_label("What shall it be called?").fill("Celular")
    visit.page.get_by_role("button", name="Set up").click()
    visit.page.wait_for_url("**/recovery-codes/", timeout=WAIT)


def test_a_manager_sets_one_up_and_signs_in_with_it_alone(
    browser: Browser, live_server: LiveServer, alice: User
) -> None:
    with visiting(browser, site_of(live_server), locale="en") as visit:
        page = visit.page
        with_authenticator(page)
        set_up(visit)
        assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).data["name"] == "Celular"
        page.get_by_role("link", name="I have kept them, continue").click()
        page.wait_for_url("**/admin/", timeout=WAIT)

        visit.to(HOME)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/login/", timeout=WAIT)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/admin/", timeout=WAIT)
        assert visit.problems == []


def test_it_is_the_second_factor_after_the_password(browser: Browser, live_server: LiveServer, alice: User) -> None:
    with visiting(browser, site_of(live_server), locale="en") as visit:
        page = visit.page
        with_authenticator(page)
        set_up(visit)
        page.context.clear_cookies()
        page.goto(f"{visit.site}/accounts/login/")
        page.fill("input[name=login]", "alice")
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/2fa/authenticate/", timeout=WAIT)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/admin/", timeout=WAIT)
        assert visit.problems == []


def test_a_device_that_has_one_is_not_given_another_and_it_is_said(
    browser: Browser, live_server: LiveServer, alice: User
) -> None:
    with visiting(browser, site_of(live_server), locale="en") as visit:
        page = visit.page
        with_authenticator(page)
        set_up(visit)
        visit.to(ADD)
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_role("alert")).to_have_text(
            "This device has a passkey of this account already.", timeout=WAIT
        )
        assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1


def test_once_it_is_removed_another_is_needed(browser: Browser, live_server: LiveServer, alice: User) -> None:
    with visiting(browser, site_of(live_server), locale="en") as visit:
        page = visit.page
        with_authenticator(page)
        set_up(visit)
        visit.to(LIST)
        page.get_by_role("link", name=re.compile("^Remove.*Celular")).click()
        page.get_by_role("button", name="Remove").click()
        page.wait_for_url("**/2fa/**", timeout=WAIT)
        assert not Authenticator.objects.exists()
        visit.to("/admin/")
        expect(page.get_by_text("Your role needs a second factor.")).to_be_visible(timeout=WAIT)
