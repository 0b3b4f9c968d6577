"""The admin in the dark, as a guard at night has it: what is written can be read everywhere."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from access.models import GuestLink, Lane, Passage, Permit, RetentionPolicy, ShadowRun, SubjectRequest, Vehicle
from cameras.models import Camera
from gates.models import Controller, Gate
from portal.models import Invitation, Note
from premises.models import Condominium, JournalEntry, User
from tests.admin.pages import address, row_of
from tests.axe import serious_in
from tests.browsing import NEEDS_BROWSER
from tests.portal.visiting import visiting

pytestmark = NEEDS_BROWSER
SHOTS = os.environ.get("SCREENSHOTS", "")
PATIENT = 60_000
LISTS = (Passage, Vehicle, Permit, Camera, Controller, Gate, GuestLink, Invitation, JournalEntry, Note, RetentionPolicy)
ROWS = (Passage, Vehicle, Lane, SubjectRequest, ShadowRun, Note)


def lists(condominium: Condominium) -> dict[str, str]:
    return {f"{model.__name__} list": address(model, "changelist") for model in LISTS}


def rows(condominium: Condominium) -> dict[str, str]:
    found = {f"{model.__name__} change": address(model, "change", row_of(model, condominium).pk) for model in ROWS}
    return found | {"add vehicle": address(Vehicle, "add")}


def pages_of_ours(condominium: Condominium) -> dict[str, str]:
    """Charts, questions, the set-up."""
    lane, passage = row_of(Lane, condominium).pk, row_of(Passage, condominium).pk
    return {
        "today": "/admin/",
        "reports": reverse("reports:page"),
        "region": reverse("setup:region", args=[lane]),
        "quality": address(Lane, "reading_quality", lane),
        "missed": reverse("admin:access_passage_missed_openings"),
        "misread": address(Passage, "misread", passage),
    }


@pytest.mark.parametrize("kind", [lists, rows, pages_of_ours])
def test_everything_can_be_read(
    browser: Browser, live_server: LiveServer, furnished: Condominium, alice: User, kind: Any
) -> None:
    wrong: dict[str, list[str]] = {}
    with visiting(browser, live_server.url, alice, color_scheme="dark") as visit:
        for name, path in kind(furnished).items():
            visit.page.goto(visit.site + path, wait_until="load")
            expect(visit.page.locator("html.dark")).to_have_count(1, timeout=PATIENT)
            if SHOTS:
                visit.page.screenshot(path=str(Path(SHOTS) / f"dark-{name}.png".replace(" ", "-")), full_page=True)
            if found := serious_in(visit.page, "body"):
                wrong[name] = found
        assert visit.problems == []
    assert wrong == {}
