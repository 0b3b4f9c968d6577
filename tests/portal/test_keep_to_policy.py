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


def test_the_inline_sheet_of_the_error_pages_is_the_one_that_is_named(client: Client, db: None) -> None:
    answer = client.get("/no-such-page")
    sheet = answer.content.decode().partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy(answer)["style-src"]
