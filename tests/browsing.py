"""A real browser for tests: Debian's Chromium, driven by Playwright."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect, sync_playwright

from premises.models import User
from tests.waiting import wait_for

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def driver_starts() -> bool:
    """Whether the program that drives the browser finds its libraries here."""
    node, _cli = compute_driver_executable()
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


NEEDS_BROWSER = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not driver_starts(), reason="Playwright's driver does not start (libatomic1?)"),
    pytest.mark.django_db(transaction=True),
]


def sign_in(page: Page, site: str, name: str, password: str, *, to: str = "/admin/") -> None:
    """With name and password, as a person does, and on to a page."""
    page.goto(f"{site}/accounts/login/?next={to}")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.click("form[action='/accounts/login/'] button")
    page.wait_for_url(f"{site}{to}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop of its own in this thread, for which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def signed_in_at(browser: Browser, url: str, user: User, *, width: int = 1280, locale: str = "pt-BR") -> BrowserContext:
    """A window of who is signed in already."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale)
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
    context.add_cookies([cookie])
    return context


def opens(page: Page, key: str, dialog: str) -> None:
    """Press until it is there: on a busy machine a heartbeat may be late, and then no key does anything."""
    opened = page.locator(f"#{dialog}[open]")

    def there() -> bool:
        if not opened.count():
            page.keyboard.press(key)
        return opened.count() > 0

    wait_for(there, 30, 0.3)


def types_into(field: Locator, text: str) -> None:
    """What the page gave the focus to: a busy browser gives it a moment after the page has loaded."""
    expect(field).to_be_focused(timeout=30_000)
    field.page.keyboard.type(text)


def shown(browser: Browser) -> str:
    """What every open page shows, for who reads of a failed test on another machine."""
    return "\n\n".join(_shown_by(page) for context in browser.contexts for page in context.pages)


def _shown_by(page: Page) -> str:
    try:
        focused = page.evaluate("document.activeElement?.outerHTML.slice(0, 200)")
        return f"{page.url}\nfocus: {focused}\n{page.locator('body').inner_text(timeout=2_000)[:3_000]}"
    except Error as error:
        return f"{page.url}\n{error}"
