"""A page in a real browser that writes down whatever it should not do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from playwright.sync_api import Browser, Page

from premises.models import User

WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Visit:
    page: Page
    site: str
    # What went wrong: policy violations, errors of scripts, requests to elsewhere, failed requests.
    problems: list[str] = field(default_factory=list)

    def to(self, path: str) -> None:
        self.page.goto(self.site + path, wait_until="networkidle")


@contextmanager
def visiting(browser: Browser, site: str, user: User | None = None, **how: Any) -> Iterator[Visit]:
    """A page of its own, signed in where a user is given."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "pt-BR", **how})
    context.set_default_timeout(60_000)
    if user is not None:
        client = Client()
        client.force_login(user)
        cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
        context.add_cookies([cookie])
    visit = Visit(context.new_page(), site)
    visit.page.add_init_script(WATCH)
    visit.page.on("console", lambda said: visit.problems.append(said.text) if said.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.problems.append(str(error)))
    visit.page.on("request", lambda request: _note_stranger(request.url, visit))
    yield visit
    context.close()


def _note_stranger(url: str, visit: Visit) -> None:
    if not url.startswith((visit.site, "data:", "blob:")):
        visit.problems.append(f"another host: {url}")
