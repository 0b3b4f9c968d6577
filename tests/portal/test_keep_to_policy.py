"""What the site's policy lets a page load and run: nothing inline, in the admin as little as its theme allows."""

import base64
import hashlib
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from premises.models import User
from tests.portal.pages import ACCOUNT_PAGES, ENTRANCES
from tests.portal.signing_in import sign_in


def policy(answer: Any) -> dict[str, str]:
    header = answer.headers["Content-Security-Policy"]
    return {part.partition(" ")[0]: part.partition(" ")[2] for part in header.split("; ")}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENTRANCES)
def test_the_sign_in_runs_nothing_inline(client: Client, name: str) -> None:
    found = policy(client.get(reverse(name)))
    assert found["script-src"] == "'self'"
    assert not any("unsafe" in sources for sources in found.values())


def test_the_admin_may_evaluate_but_runs_nothing_inline(alice: User, client: Client) -> None:
    client.force_login(alice)
    found = policy(client.get("/admin/"))
    assert (found["script-src"], found["style-src-attr"]) == ("'self' 'unsafe-eval'", "'unsafe-inline'")
    assert "unsafe" not in found["style-src"] + found["style-src-elem"]


def test_no_page_has_an_inline_script(alice: User, client: Client) -> None:
    client.force_login(alice)
    for url in ["/admin/", *map(reverse, ACCOUNT_PAGES)]:
        page = client.get(url).content.decode()
        inline = [
            tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "application/json" not in tag
        ]
        assert (url, inline, re.findall(r"\son[a-z]+=\"", page)) == (url, [], [])


def test_every_answer_says_what_its_page_may_ask_the_browser_for(client: Client, db: None) -> None:
    answer = client.get(reverse("account_login"))
    allowed = answer.headers["Permissions-Policy"]
    assert ("camera=(self)" in allowed, "microphone=()" in allowed, "geolocation=()" in allowed) == (True, True, True)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_cookies_are_kept_from_scripts_and_from_other_sites(client: Client, alice: User) -> None:
    answer = sign_in(client, "alice")
    session = answer.cookies["sessionid"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert answer.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.mark.parametrize(("url", "sheets"), [("/no-such-page", 1), ("/accounts/login/", 2), ("/my/offline/", 2)])
def test_the_inline_sheets_of_a_page_are_those_that_are_named(client: Client, db: None, url: str, sheets: int) -> None:
    answer = client.get(url)
    inline = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode() for sheet in inline]
    named = policy(answer)["style-src"]
    assert len(digests) == sheets
    assert [digest for digest in digests if f"'sha256-{digest}'" not in named] == []


def test_a_page_goes_out_compressed_and_a_stream_does_not(client: Client, db: None) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Encoding": "gzip"})
    script = client.get("/my/sw.js", headers={"Accept-Encoding": "gzip"})
    assert (page.headers["Content-Encoding"], script.headers.get("Content-Encoding")) == ("gzip", None)
    assert "Accept-Encoding" in page.headers["Vary"]
