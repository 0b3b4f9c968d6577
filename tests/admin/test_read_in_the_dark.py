"""The admin in the dark, as a guard at night has it: what is written can be read everywhere."""

import os
from pathlib import Path

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


def representative(condominium: Condominium) -> dict[str, str]:
    """One page at least of each kind: lists, stories, forms, questions, charts, the set-up."""
    rows = {model: row_of(model, condominium).pk for model in (Passage, Vehicle, Lane, SubjectRequest, ShadowRun, Note)}
    found = {
        "today": "/admin/",
        "reports": reverse("reports:page"),
        "region": reverse("setup:region", args=[rows[Lane]]),
    }
    lists = (
        Passage,
        Vehicle,
        Permit,
        Camera,
        Controller,
        Gate,
        GuestLink,
        Invitation,
        JournalEntry,
        Note,
        RetentionPolicy,
    )
    found |= {f"{model.__name__} list": address(model, "changelist") for model in lists}
    found |= {f"{model.__name__} change": address(model, "change", pk) for model, pk in rows.items()}
    found |= {"add vehicle": address(Vehicle, "add"), "erase": address(Vehicle, "delete", rows[Vehicle])}
    return found | {
        "tolerance": address(Lane, "tolerance", rows[Lane]),
        "quality": address(Lane, "reading_quality", rows[Lane]),
        "missed": reverse("admin:access_passage_missed_openings"),
        "misread": address(Passage, "misread", rows[Passage]),
    }


@pytest.mark.parametrize("scheme", ["dark"])
def test_everything_can_be_read(
    browser: Browser, live_server: LiveServer, furnished: Condominium, alice: User, scheme: str
) -> None:
    wrong: dict[str, list[str]] = {}
    with visiting(browser, live_server.url, alice, color_scheme=scheme) as visit:
        for name, path in representative(furnished).items():
            visit.to(path)
            expect(visit.page.locator("html.dark")).to_have_count(1)
            if SHOTS:
                visit.page.screenshot(path=str(Path(SHOTS) / f"dark-{name}.png".replace(" ", "-")), full_page=True)
            if found := serious_in(visit.page, "body"):
                wrong[name] = found
        assert visit.problems == []
    assert wrong == {}
